using Gateway.Client;
using Gateway.Links.Causes;
using Shouldly;
using Xunit;

namespace Gateway.Tests.Crash;

/// <summary>
/// That a confirmation means what it says: it comes after the end of a flush that began after the request. Seen from outside the process,
/// by the system calls it makes; only the order of events is looked at.
/// </summary>
[Kind(Kind.Process)]
[Needs("strace")]
public sealed class FlushTests : ProcessTest
{
    private const int Concurrent = 60;

    private static DateTimeOffset Now => TimeProvider.System.GetUtcNow();

    private string TracePath => Path.Combine(Folder, "trace");

    [Fact]
    public async Task No_receipt_of_an_enqueue_precedes_the_end_of_its_flush()
    {
        var (gateway, trace, client) = await StartSlowAsync();
        var spans = new List<Span>();

        for (var i = 0; i < 3; i++)
            spans.Add(await SpanAsync(async () => await client.EnqueueAsync("q@local", new[] { (byte)i }, null, Token)));
        var batch = Enumerable.Range(0, 50).Select(i => new OutgoingMessage { Body = new[] { (byte)i } }).ToArray();
        spans.Add(await SpanAsync(async () => await client.EnqueueAsync("q@local", batch, Token)));

        await StopAsync(gateway);
        ShouldAllBeFlushed(spans, trace);
    }

    [Fact]
    public async Task Concurrent_enqueues_share_flushes_and_none_of_them_precedes_its_own()
    {
        var (gateway, trace, client) = await StartSlowAsync();

        var spans = await InTimeAsync("all receipts", Task.WhenAll(Enumerable.Range(0, Concurrent).Select(i => SpanAsync(async () =>
            await client.EnqueueAsync("q@local", new[] { (byte)i }, null, Token)))));

        await StopAsync(gateway);
        ShouldAllBeFlushed(spans, trace);
        var first = spans.Min(span => span.Asked);
        var last = spans.Max(span => span.Answered);
        trace.OfTheLog().Count(flush => flush.Begin >= first && flush.End <= last).ShouldBeLessThan(Concurrent / 4);
    }

    [Fact]
    public async Task No_confirmation_of_a_settlement_precedes_the_end_of_its_flush()
    {
        var (gateway, trace, client) = await StartSlowAsync();
        var batch = Enumerable.Range(0, 4).Select(i => new OutgoingMessage { Body = new[] { (byte)i } }).ToArray();
        await client.EnqueueAsync("q@local", batch, Token);
        var spans = new List<Span>();

        await foreach (var message in client.ReceiveAsync("q", new ReceiveOptions { Prefetch = 4 }, Token))
        {
            spans.Add(await SpanAsync(async () => await (spans.Count switch
            {
                0 => message.RejectAsync("not wanted", Token),
                1 => message.AbandonAsync(TimeSpan.FromMinutes(5), Token),
                _ => message.CompleteAsync(Token),
            })));
            if (spans.Count == batch.Length)
                break;
        }

        await StopAsync(gateway);
        ShouldAllBeFlushed(spans, trace);
    }

    [Fact]
    public async Task Neither_acknowledgement_nor_delivery_of_a_peers_message_precedes_the_end_of_its_flush()
    {
        var gateways = NewGateways("near", "far");
        var (near, far) = (gateways[0], gateways[1]);
        var trace = new FlushTrace(TracePath);
        far.Start(trace.Slowly);
        await InTimeAsync("both gateways are ready", Task.WhenAll(near.StartReadyAsync(Token), far.WaitUntilReadyAsync(Token)));
        var (sending, receiving) = (NewClient(near), NewClient(far));
        await UntilAsync("the link is up", async () => (await OperatorView.StateAsync(sending, Token)).LinkTo("far").State == LinkState.Up);

        var asked = Now;
        await sending.EnqueueAsync("q@far", "hello"u8.ToArray(), null, Token);
        var acknowledged = UntilAsync("far has acknowledged", async () => (await OperatorView.StateAsync(sending, Token)).Messages() == 0);
        var delivered = FirstAsync(receiving, "q");
        var spans = await Task.WhenAll(SpanAsync(() => acknowledged), SpanAsync(() => delivered));

        await StopAsync(far);
        ShouldAllBeFlushed(spans.Select(span => span with { Asked = asked }), trace);
    }

    [Fact]
    public async Task A_failed_flush_ends_the_gateway_and_loses_nothing_that_was_accepted()
    {
        var gateways = NewGateways("local", "far");
        var gateway = gateways[0];
        var client = NewClient(gateway);
        await Task.WhenAll(gateways.Select(started => started.StartReadyAsync(Token)));
        var accepted = new List<MessageId> { (await client.EnqueueAsync("q@local", "first"u8.ToArray(), null, Token)).MessageId };
        await StopAsync(gateway);

        gateway.Start(new FlushTrace(TracePath).FailingAfter(12));
        await UntilAsync("the link is up", async () => (await OperatorView.StateAsync(client, Token)).LinkTo("far").State == LinkState.Up);
        var pending = client.EnqueueAsync("q@local", "more"u8.ToArray(), null, Token).AsTask();
        while (await InTimeAsync("a receipt or the end", Task.WhenAny(pending, gateway.Process.Ended)) == pending)
        {
            accepted.Add((await pending).MessageId);
            pending = client.EnqueueAsync("q@local", "more"u8.ToArray(), null, Token).AsTask();
        }

        accepted.Count.ShouldBeGreaterThan(1);
        (await InTimeAsync("the gateway ends", gateway.Process.Ended)).ShouldBe(1);
        gateway.Process.Errors.ShouldContain("groups-0000000000000000001.log");
        gateway.Process.Errors.ShouldContain("Input/output error");

        await gateway.StartReadyAsync(Token);
        accepted.Add((await InTimeAsync("the last call is answered after the restart", pending)).MessageId);
        (await client.PeekAsync("q", count: 100, cancellationToken: Token)).Select(message => message.Id).ShouldBe(accepted);
    }

    private static async Task StopAsync(TestGateway gateway) => (await InTimeAsync("the gateway stops", gateway.StopAsync())).ShouldBe(0);

    private static async Task<Span> SpanAsync(Func<Task> call)
    {
        var asked = Now;
        await call();
        return new Span(asked, Now);
    }

    private static async Task FirstAsync(GatewayClient client, string queue)
    {
        await foreach (var message in client.ReceiveAsync(queue, null, Token))
        {
            await message.CompleteAsync(Token);
            return;
        }
    }

    private static void ShouldAllBeFlushed(IEnumerable<Span> spans, FlushTrace trace)
    {
        var flushes = trace.OfTheLog();
        spans.Where(span => !flushes.Any(flush => flush.Begin >= span.Asked && flush.End <= span.Answered)).ShouldBeEmpty();
    }

    private async Task<(TestGateway Gateway, FlushTrace Trace, GatewayClient Client)> StartSlowAsync()
    {
        var gateway = NewGateways("local")[0];
        var trace = new FlushTrace(TracePath);
        gateway.Start(trace.Slowly);
        await InTimeAsync("the gateway is ready", gateway.WaitUntilReadyAsync(Token));
        var client = NewClient(gateway);
        await client.GetGatewayAsync(Token);
        return (gateway, trace, client);
    }

    /// <summary>From a request to its confirmation.</summary>
    private sealed record Span(DateTimeOffset Asked, DateTimeOffset Answered);
}
