using System.Collections.Concurrent;
using System.Data.Common;
using System.Globalization;
using System.Text;
using Gateway.Client;
using Gateway.Client.Outbox;
using Shouldly;

namespace Gateway.Tests.Crash;

/// <summary>
/// The base of tests with applications that have an outbox, at a real gateway: each committed number arrives once and in order, whatever
/// was killed, and none that was rolled back.
/// </summary>
public abstract class OutboxTest : ProcessTest
{
    private static readonly string[] _queues = ["orders", "audit"];

    private readonly ConcurrentDictionary<string, ConcurrentQueue<int>> _arrived = new();

    /// <summary>The gateway to which the applications send.</summary>
    internal TestGateway Gateway { get; private set; } = new(new() { Name = "", Folder = "", LinksPort = 0, IntakePort = 0, HttpPort = 0 });

    /// <summary>A file of SQLite.</summary>
    internal string SqlitePath => Path.Combine(Folder, "shop.db");

    /// <summary>Starts a gateway with consumers, and makes the tables.</summary>
    internal async Task BeginAsync(string database)
    {
        Gateway = NewGateways("local")[0];
        await Gateway.StartReadyAsync(Token);
        await using var source = OutboxProcess.SourceOf(database);
        await using var connection = await source.OpenConnectionAsync(Token);
        await ExecuteAsync(connection, "CREATE TABLE ledger (number bigint PRIMARY KEY)");
        await new GatewayOutbox(new OutboxOptions { Dialect = OutboxProcess.DialectOf(database) }).CreateSchemaAsync(connection, Token);
        foreach (var queue in _queues)
            Track(new Consumer(NewClient(Gateway), queue, _arrived.GetOrAdd(queue, _ => new())));
    }

    internal TestProcess StartApplication(string database, string point = OutboxProcess.Never, int occurrence = 1, int first = 1) =>
        Track(TestProcess.Start(
            OutboxProcess.Start(database, Gateway.Address, point, occurrence, first), Path.Combine(Folder, "application.log")));

    /// <summary>Lets a relay send what is left, and compares what has arrived with what was committed.</summary>
    internal async Task FinishAsync(string database, bool isInOrder = true)
    {
        await using var last = StartApplication(database, first: OutboxProcess.WritesNothing);
        await using var source = OutboxProcess.SourceOf(database);
        await UntilAsync("the outbox is empty", async () => await ScalarAsync(source, "SELECT count(*) FROM gateway_outbox") == 0);
        last.CloseInput();
        (await InTimeAsync("the application ends", last.Ended)).ShouldBe(0, last.Errors);
        var client = NewClient(Gateway);
        foreach (var queue in _queues)
            await UntilAsync("all are handled", async () => (await client.GetQueueAsync(queue, Token)).Messages == 0);

        var committed = await LedgerAsync(source);
        committed.ShouldNotBeEmpty();
        foreach (var queue in _queues)
        {
            if (isInOrder)
                _arrived[queue].ShouldBe(committed);
            else
                _arrived[queue].Order().ShouldBe(committed);
        }
    }

    internal static async Task<long> ScalarAsync(DbDataSource source, string sql)
    {
        await using var command = source.CreateCommand(sql);
        return Convert.ToInt64(await command.ExecuteScalarAsync(Token), CultureInfo.InvariantCulture);
    }

    internal static async Task ExecuteAsync(DbConnection connection, string sql)
    {
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.CommandTimeout = 0;
        await command.ExecuteNonQueryAsync(Token);
    }

    internal async Task UntilArrivedAsync(int count) =>
        await UntilAsync($"{count} have arrived", () => _arrived["orders"].Count >= count);

    internal int Arrived => _arrived["orders"].Count;

    private static async Task<List<int>> LedgerAsync(DbDataSource source)
    {
        var numbers = new List<int>();
        await using var command = source.CreateCommand("SELECT number FROM ledger ORDER BY number");
        await using var reader = await command.ExecuteReaderAsync(Token);
        while (await reader.ReadAsync(Token))
            numbers.Add(Convert.ToInt32(reader.GetValue(0), CultureInfo.InvariantCulture));
        return numbers;
    }

    /// <summary>Notes the numbers of a queue, in order.</summary>
    private sealed class Consumer : IAsyncDisposable
    {
        private readonly CancellationTokenSource _stop = new();
        private readonly Task _running;

        public Consumer(GatewayClient client, string queue, ConcurrentQueue<int> arrived) => _running = RunAsync(client, queue, arrived);

        public async ValueTask DisposeAsync()
        {
            await _stop.CancelAsync();
            await _running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            _stop.Dispose();
        }

        private async Task RunAsync(GatewayClient client, string queue, ConcurrentQueue<int> arrived)
        {
            await foreach (var message in client.ReceiveAsync(queue, cancellationToken: _stop.Token))
            {
                arrived.Enqueue(int.Parse(Encoding.ASCII.GetString(message.Body.Span), CultureInfo.InvariantCulture));
                await message.CompleteAsync(_stop.Token);
            }
        }
    }
}
