using System.Globalization;
using Gateway.Links.Causes;
using Gateway.Links.Protocol;
using Shouldly;
using Xunit;

namespace Gateway.Tests.Crash;

/// <summary>
/// A proxy that cuts quiet connections at a fixed age, and restarts that only look like it. <c>GATEWAY_IDLE_SECONDS</c> is that age (1 s);
/// tests/soak.sh takes longer.
/// </summary>
[Kind(Kind.Process)]
public sealed class IdleCutTests : LinkTest
{
    private static readonly TimeSpan _age = TimeSpan.FromSeconds(
        int.Parse(Environment.GetEnvironmentVariable("GATEWAY_IDLE_SECONDS") is { Length: > 0 } text ? text : "1",
            CultureInfo.InvariantCulture));

    /// <summary>Nothing passes on a quiet link for longer than the proxy allows.</summary>
    private static readonly Dictionary<string, string> _quiet = new()
    {
        ["Gateway:Links:HeartbeatInterval"] = Text(2 * _age),
        ["Gateway:Links:DeadAfter"] = Text((6 * _age) + TimeSpan.FromSeconds(4)),
        ["Gateway:Links:BackoffMin"] = "00:00:00.010",
    };

    [Fact]
    public async Task A_proxy_that_cuts_quiet_connections_is_IdleCut()
    {
        var (near, far) = NewPair(_quiet);
        var proxy = Track(TcpProxy.To(far.Settings.LinksPort, cutsAfterSilence: _age));
        near = Towards(near, proxy.Address);
        var client = await StartAsync(near, far);

        await UntilAsync("it is found", async () => (await OperatorView.LinkAsync(client, Far)).Candidates
            .FirstOrDefault()?.Cause == LinkCause.IdleCut);

        var seen = await OperatorView.LinkAsync(client, Far);
        seen.Candidates[0].Why.ShouldContain("without a frame");
        seen.Patterns.ShouldContain(pattern => pattern.Cause == LinkCause.IdleCut);
        // The proxy counts from the connection's beginning, the gateway from the welcome: on a busy host one may be much shorter.
        seen.History.Count(change => change.QuietSeconds >= _age.TotalSeconds * 0.9).ShouldBeGreaterThanOrEqualTo(6);
    }

    /// <summary>The ends that the history only counts were left out, and the ends before them were all that was judged.</summary>
    [Fact]
    public async Task A_proxy_that_cuts_so_often_that_the_history_sums_up_is_still_IdleCut()
    {
        // Connections without a word are cut after this time, and more often than the history tells one by one.
        var age = TimeSpan.FromSeconds(0.6);
        var (near, far) = NewPair(_quiet);
        var proxy = Track(TcpProxy.To(far.Settings.LinksPort, cutsAfterSilence: age));
        near = Towards(near, proxy.Address);
        var client = await StartAsync(near, far);
        // The first ones end at any moment.
        for (var resets = 0; resets < 10; resets += proxy.Reset())
        {
            var before = Now;
            await UntilAsync("the link is up", async () =>
                (await OperatorView.LinkAsync(client, Far)).History.Any(change => change.State == LinkState.Up && change.At >= before));
        }

        await UntilAsync("the cuts are summed up", async () => (await OperatorView.LinkAsync(client, Far)).History
            .Any(change => change is { State: LinkState.Down, Again: > 30 }));

        var seen = await OperatorView.LinkAsync(client, Far);
        seen.Patterns.Single(pattern => pattern.Cause == LinkCause.IdleCut).Count.ShouldBeGreaterThan(20);
        seen.Candidates[0].Cause.ShouldBe(LinkCause.IdleCut);
    }

    /// <summary>They were ranked below a firewall that cuts quiet connections.</summary>
    [Fact]
    public async Task Four_restarts_each_as_long_after_the_last_frame_are_PeerRestarted_and_no_IdleCut()
    {
        var (near, far) = NewPair(_quiet);
        var client = await StartAsync(near, far);
        for (var restarts = 0; restarts < 4; restarts++)
        {
            var up = Now;
            await UntilAsync("it has been quiet for a time", () => Now - up > 0.8 * _age);
            var killed = Now;
            await far.KillAsync();
            await far.StartReadyAsync(Token);
            await UntilUpAsync(client, LinkCause.PeerRestarted, killed);
        }

        var seen = await OperatorView.LinkAsync(client, Far);
        seen.Patterns.ShouldNotContain(pattern => pattern.Cause == LinkCause.IdleCut);
        seen.Patterns.Single(pattern => pattern.Cause == LinkCause.PeerRestarted).Count.ShouldBe(4);
        seen.Candidates.ShouldHaveSingleItem().Cause.ShouldBe(LinkCause.PeerRestarted);
        seen.Link.LastInterruption.ShouldNotBeNull().Evidence.ShouldContain("came back with incarnation");
    }

    private static string Text(TimeSpan time) => time.ToString("c", CultureInfo.InvariantCulture);
}
