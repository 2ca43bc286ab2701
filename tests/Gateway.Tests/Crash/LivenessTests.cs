using System.Globalization;
using Gateway.Links.Protocol;
using Shouldly;
using Xunit;

namespace Gateway.Tests.Crash;

/// <summary>
/// A dead peer is noticed in time, a busy one is not taken for dead, and gateways find each other again in whatever order they come.
/// </summary>
[Collection(ProcessCollection.Name)]
public sealed class LivenessTests : LinkTest
{
    /// <summary>With the settings that a gateway has by itself.</summary>
    private static readonly TimeSpan _detectionMax = TimeSpan.FromSeconds(10);

    private static readonly int _restarts =
        int.Parse(Environment.GetEnvironmentVariable("GATEWAY_RESTARTS") ?? "3", CultureInfo.InvariantCulture);

    [Fact]
    public async Task A_peer_that_hangs_is_HalfOpen_within_ten_seconds_by_default()
    {
        var (near, far) = NewPair(new Dictionary<string, string>());
        var client = await StartAsync(near, far);

        far.Process.Send(TestProcess.UnixSignal.Stop);
        var stopped = Now;

        var end = await UntilEndAsync(client, stopped);
        end.Cause.ShouldBe(LinkCause.HalfOpen);
        (end.At - stopped).ShouldBeLessThan(_detectionMax);
    }

    [Fact]
    public async Task A_peer_that_hangs_is_HalfOpen_after_a_second_if_so_configured_and_taken_up_again_when_it_goes_on()
    {
        var (near, far) = NewPair(Quick);
        var client = await StartAsync(near, far);

        far.Process.Send(TestProcess.UnixSignal.Stop);
        var stopped = Now;
        var end = await UntilEndAsync(client, stopped);
        far.Process.Send(TestProcess.UnixSignal.Continue);

        end.Cause.ShouldBe(LinkCause.HalfOpen);
        (end.At - stopped).ShouldBeLessThan(DeadAfter + Slack);
        await OperatorView.UntilUpAsync(client, Far);
    }

    [Fact]
    public async Task A_link_that_is_full_all_the_time_is_never_taken_for_dead()
    {
        const int Count = 80, BodyBytes = 100_000, BytesPerSecond = 4_000_000;
        var (near, far) = NewPair(Quick);
        await using var proxy = TcpProxy.To(far.Settings.LinksPort, BytesPerSecond);
        near = Towards(near, proxy.Address);
        var client = await StartAsync(near, far);
        var up = Now;

        await InTimeAsync("receipts", Task.WhenAll(
            Enumerable.Range(0, Count).Select(_ => client.EnqueueAsync("jobs@far", new byte[BodyBytes], null, Token).AsTask())));
        await UntilAsync("all is there", async () => (await OperatorView.StateAsync(client, Token)).Messages() == 0);

        (Now - up).ShouldBeGreaterThan(2 * DeadAfter, "the backlog has to last longer than a silence may");
        (await OperatorView.LinkAsync(client, Far)).History.Where(change => change.At >= up).ShouldBeEmpty();
    }

    [Fact]
    public async Task Gateways_that_restart_in_any_order_find_each_other_again()
    {
        var (near, far) = NewPair(Quick);
        var (atNear, atFar) = (await StartAsync(near, far), NewClient(far));
        var random = new Random(1);

        for (var round = 1; round <= _restarts; round++)
        {
            TestGateway[] order = random.Next(2) == 0 ? [near, far] : [far, near];
            if (random.Next(3) == 0) order = order[..1];
            foreach (var gateway in order) await gateway.KillAsync();
            foreach (var gateway in random.Next(2) == 0 ? order.Reverse() : order) gateway.Start();

            await InTimeAsync(
                "receipts", Task.WhenAll(atNear.SendAsync("q@far", $"{round}").AsTask(), atFar.SendAsync("q@near", $"{round}").AsTask()));
            (await InTimeAsync("the message to the far one", atFar.TakeAsync("q", 1))).ShouldBe([$"{round}"]);
            (await InTimeAsync("the message to the near one", atNear.TakeAsync("q", 1))).ShouldBe([$"{round}"]);
            await OperatorView.UntilUpAsync(atNear, Far);
            await OperatorView.UntilUpAsync(atFar, "near");
        }
    }
}
