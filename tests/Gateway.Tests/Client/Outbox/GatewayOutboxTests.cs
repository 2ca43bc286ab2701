using System.Diagnostics;
using System.Text;
using Gateway.Client;
using Gateway.Client.Outbox;
using Microsoft.Extensions.Options;
using Shouldly;
using Xunit;
using static Gateway.Tests.Crash.ProcessTest;

namespace Gateway.Tests.Client.Outbox;

/// <summary>What is written into an outbox, and how it stands.</summary>
public sealed class GatewayOutboxTests : OutboxBenchTest
{
    [Fact]
    public async Task Enqueue_ARolledBackTransaction_LeavesNothing()
    {
        await using var connection = await Bench.Source.OpenConnectionAsync(Token);
        await using (var transaction = await connection.BeginTransactionAsync(Token))
        {
            await Bench.Outbox.EnqueueAsync(transaction, "orders@billing", new byte[] { 1 }, null, Token);
            await transaction.RollbackAsync(Token);
        }

        (await Bench.StatusAsync(Token)).ShouldBe(new OutboxStatus(0, 0, 0, null));
    }

    [Fact]
    public async Task Enqueue_AMessageWithEverything_ArrivesAsItWas()
    {
        var id = MessageId.New(DateTimeOffset.UnixEpoch.AddYears(50));
        var expiry = DateTimeOffset.UnixEpoch.AddYears(100);
        await using var connection = await Bench.Source.OpenConnectionAsync(Token);
        await using var transaction = await connection.BeginTransactionAsync(Token);
        var given = await Bench.Outbox.EnqueueAsync(
            transaction, "orders@billing", new { Pieces = 3 },
            new EnqueueOptions
            { MessageId = id, Key = "Ada", ExpiresAt = expiry, Headers = new Dictionary<string, string> { ["ü"] = "\"\0ß" } },
            cancellationToken: Token);
        await Bench.Outbox.CommitAsync(transaction, Token);
        Bench.Relay();

        await UntilAsync("it is sent", () => Bench.Items.Count == 1);
        given.ShouldBe(id);
        var item = Bench.Items.Single();
        item.Id.ShouldBe(id);
        item.ExpiresUnixMs.ShouldBe(expiry.ToUnixTimeMilliseconds());
        Encoding.UTF8.GetString(item.Body.Span).ShouldBe("""{"pieces":3}""");
        Gateway.Client.Wire.HeadersJson.TryRead(item.Headers.ToArray(), out var headers).ShouldBeTrue();
        headers!.ShouldBe(
            new Dictionary<string, string> { ["ü"] = "\"\0ß", ["content-type"] = "application/json", ["key"] = "Ada" },
            ignoreOrder: true);
    }

    [Fact]
    public async Task Enqueue_WithinASpan_CarriesItsTrace()
    {
        using var span = new Activity("order").SetIdFormat(ActivityIdFormat.W3C);
        span.ActivityTraceFlags = ActivityTraceFlags.Recorded;
        span.Start();
        await Bench.WriteAsync(Token, "orders@billing", "one");
        span.Stop();

        var headers = (string)(await Bench.ScalarAsync("SELECT headers FROM gateway_outbox", Token))!;
        headers.ShouldContain(span.TraceId.ToString());
    }

    [Theory]
    [InlineData("orders @billing", 1)]
    [InlineData("orders@", 1)]
    [InlineData("orders@billing\n", 1)]
    [InlineData("a@b@c", 1)]
    [InlineData("orders@billing", (4 * 1024 * 1024) + 1)]
    public async Task Enqueue_OfWhatNoGatewayTakes_Throws(string destination, int bytes)
    {
        await using var connection = await Bench.Source.OpenConnectionAsync(Token);
        await using var transaction = await connection.BeginTransactionAsync(Token);

        await Should.ThrowAsync<ArgumentException>(
            async () => await Bench.Outbox.EnqueueAsync(transaction, destination, new byte[bytes], null, Token));
    }

    [Fact]
    public async Task Enqueue_InAnEndedTransaction_SaysSo()
    {
        await using var connection = await Bench.Source.OpenConnectionAsync(Token);
        await using var transaction = await connection.BeginTransactionAsync(Token);
        await transaction.CommitAsync(Token);

        var fault = await Should.ThrowAsync<ArgumentException>(
            async () => await Bench.Outbox.EnqueueAsync(transaction, "orders@billing", new byte[1], null, Token));
        fault.Message.ShouldContain("committed or rolled back");
    }

    [Fact]
    public async Task CreateSchema_Again_KeepsWhatIsThere()
    {
        await Bench.WriteAsync(Token, "orders@billing", "one");

        await Bench.MakeAsync(Token);

        (await Bench.StatusAsync(Token)).Ready.ShouldBe(1);
    }

    [Fact]
    public async Task CreateSchema_OfALaterVersion_IsRefused()
    {
        await Bench.ScalarAsync("INSERT INTO gateway_outbox_version VALUES (2)", Token);

        var fault = await Should.ThrowAsync<InvalidOperationException>(() => Bench.MakeAsync(Token));
        fault.Message.ShouldContain("version 2");
    }

    [Fact]
    public void SchemaScript_OfATableInASchema_NamesItEverywhere()
    {
        var script = new GatewayOutbox(new OutboxOptions { Table = "shop.box" }).SchemaScript;

        script.ShouldContain("CREATE TABLE IF NOT EXISTS shop.box (");
        script.ShouldContain("CREATE INDEX IF NOT EXISTS box_ready ON shop.box (id)");
        script.ShouldContain("CREATE TABLE IF NOT EXISTS shop.box_version (");
        script.ShouldNotContain("gateway_outbox");
    }

    [Fact]
    public void Options_WithFaults_AreRefusedWithAllOfThem()
    {
        var options = new OutboxOptions
        {
            Table = "x; DROP TABLE y",
            PollInterval = TimeSpan.Zero,
            BatchMessagesMax = 0,
            BatchBytesMax = 0,
            RetryDelay = TimeSpan.Zero,
            RetryDelayMax = -TimeSpan.FromSeconds(1),
        };

        Should.Throw<OptionsValidationException>(() => new GatewayOutbox(options)).Failures.Count().ShouldBe(6);
    }
}
