using System.Data.Common;
using System.Globalization;
using System.Text;
using Gateway.Client;
using Gateway.Client.Outbox;
using Gateway.Tests.Store.Postgres;
using Shouldly;
using Xunit;

namespace Gateway.Tests.Crash;

/// <summary>
/// Consumers with an inbox at a real gateway, killed between each two steps: each message has its effect once, also one that its sender
/// repeats when the gateway has forgotten its id.
/// </summary>
[Kind(Kind.Process)]
public sealed class InboxTests : ProcessTest
{
    private const int Count = 200;
    private const int Rounds = 3;
    private const int IdsMax = 1_000;

    private static readonly Dictionary<string, string> _forgetful = new()
    {
        ["Gateway:Inbox:DeliveriesMax"] = "1000000",
        ["Gateway:Store:AcceptedIdsMax"] = IdsMax.ToString(CultureInfo.InvariantCulture),
    };

    [Fact]
    public Task Each_message_has_its_effect_once_with_SQLite() => KillEverywhereAsync(Path.Combine(Folder, "shop.db"));

    [Fact]
    [Needs("postgresql")]
    public async Task Each_message_has_its_effect_once_with_PostgreSQL() =>
        await KillEverywhereAsync(Track(await PostgresServer.StartAsync(Token)).ConnectionString());

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    [Needs("postgresql")]
    public async Task A_second_consumer_of_the_same_message_waits_for_the_first(bool isCommitted)
    {
        await using var source = OutboxProcess.SourceOf(Track(await PostgresServer.StartAsync(Token)).ConnectionString());
        var inbox = await NewInboxAsync(source, OutboxDialect.PostgreSql);
        var id = MessageId.New(DateTimeOffset.UnixEpoch);
        await using var one = await source.OpenConnectionAsync(Token);
        await using var other = await source.OpenConnectionAsync(Token);
        await using var first = await one.BeginTransactionAsync(Token);
        await using var second = await other.BeginTransactionAsync(Token);

        (await inbox.TryBeginAsync(first, "orders", id, Token)).ShouldBeTrue();
        var waiting = inbox.TryBeginAsync(second, "orders", id, Token).AsTask();
        await UntilAsync("it waits", async () =>
            await OutboxTest.ScalarAsync(source, "SELECT count(*) FROM pg_locks WHERE NOT granted") == 1);
        if (isCommitted)
            await first.CommitAsync(Token);
        else
            await first.RollbackAsync(Token);

        (await InTimeAsync("it goes on", waiting)).ShouldBe(!isCommitted);
    }

    [Fact]
    [Needs("postgresql")]
    public async Task Old_ids_are_forgotten_and_tables_are_made_by_several_at_once_with_PostgreSQL()
    {
        await using var source = OutboxProcess.SourceOf(Track(await PostgresServer.StartAsync(Token)).ConnectionString());
        var inboxes = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => NewInboxAsync(source, OutboxDialect.PostgreSql)));
        await using var connection = await source.OpenConnectionAsync(Token);
        await OutboxTest.ExecuteAsync(
            connection,
            "INSERT INTO gateway_inbox SELECT 'q', gen_random_uuid(), now() - interval '169 hours' FROM generate_series(1, 2500)");
        await OutboxTest.ExecuteAsync(connection, "INSERT INTO gateway_inbox SELECT 'q', gen_random_uuid(), now() - interval '167 hours'");

        (await inboxes[0].CleanAsync(connection, Token)).ShouldBe(2500);
        (await OutboxTest.ScalarAsync(source, "SELECT count(*) FROM gateway_inbox")).ShouldBe(1);
    }

    private static async Task<GatewayInbox> NewInboxAsync(DbDataSource source, OutboxDialect dialect)
    {
        var inbox = new GatewayInbox(new InboxOptions { Dialect = dialect });
        await using var connection = await source.OpenConnectionAsync(Token);
        await inbox.CreateSchemaAsync(connection, Token);
        return inbox;
    }

    private static OutgoingMessage[] Messages() =>
    [
        .. Enumerable.Range(1, Count).Select(number => new OutgoingMessage
        {
            MessageId = new MessageId(new Guid(number, 1, 0x7000, [0x80, 0, 0, 0, 0, 0, 0, 1])),
            Body = Encoding.ASCII.GetBytes(number.ToString(CultureInfo.InvariantCulture)),
        }),
    ];

    private async Task KillEverywhereAsync(string database)
    {
        var gateway = NewGateways(_forgetful, "local")[0];
        await gateway.StartReadyAsync(Token);
        await using var source = OutboxProcess.SourceOf(database);
        await using (var connection = await source.OpenConnectionAsync(Token))
            await OutboxTest.ExecuteAsync(connection, "CREATE TABLE effects (number bigint)");
        await NewInboxAsync(source, OutboxProcess.DialectOf(database));
        var client = NewClient(gateway);
        await client.EnqueueAsync($"{InboxProcess.Queue}@local", Messages(), Token);

        foreach (var point in InboxProcess.Points)
        {
            for (var round = 1; round <= Rounds; round++)
            {
                await using var consumer = StartConsumer(database, gateway, point, round);
                await InTimeAsync($"it is killed when {point}", consumer.Ended);
            }
        }

        await EndAsync(database, gateway, client);
        await EffectsAreOnceEachAsync(source);

        // Others push the ids out of the gateway's memory; then it takes the same messages again.
        for (var i = 0; i < 3; i++)
            await client.EnqueueAsync(
                "other@local", [.. Enumerable.Range(0, IdsMax).Select(_ => new OutgoingMessage { Body = new byte[1] })], Token);
        await client.EnqueueAsync($"{InboxProcess.Queue}@local", Messages(), Token);
        (await client.GetQueueAsync(InboxProcess.Queue, Token)).Messages.ShouldBe(Count);
        await EndAsync(database, gateway, client);
        await EffectsAreOnceEachAsync(source);
    }

    private static async Task EffectsAreOnceEachAsync(DbDataSource source)
    {
        (await OutboxTest.ScalarAsync(source, "SELECT count(*) FROM effects")).ShouldBe(Count);
        (await OutboxTest.ScalarAsync(source, "SELECT count(DISTINCT number) FROM effects")).ShouldBe(Count);
    }

    private async Task EndAsync(string database, TestGateway gateway, GatewayClient client)
    {
        await using var last = StartConsumer(database, gateway, OutboxProcess.Never, 1);
        await UntilAsync("all are handled", async () => (await client.GetQueueAsync(InboxProcess.Queue, Token)).Messages == 0);
        last.CloseInput();
        (await InTimeAsync("the consumer ends", last.Ended)).ShouldBe(0, last.Errors);
    }

    private TestProcess StartConsumer(string database, TestGateway gateway, string point, int occurrence) => TestProcess.Start(
        InboxProcess.Start(database, gateway.Address, point, occurrence), Path.Combine(Folder, "consumer.log"));
}
