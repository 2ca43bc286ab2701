using Gateway.Http.Views;
using Gateway.Links.Causes;
using Gateway.Links.Protocol;
using Shouldly;
using Xunit;

namespace Gateway.Tests.Crash;

/// <summary>
/// Links that come up and bring nothing over, or were lost by this gateway's own doing: the status must not call them well, nor blame the
/// network.
/// </summary>
[Kind(Kind.Process)]
public sealed class FruitlessLinkTests : LinkTest
{
    [Fact]
    [Needs("ip", "iptables", "root")]
    public async Task Large_packets_that_do_not_pass_are_named_and_the_link_is_not_well_while_it_is_up()
    {
        await using var network = await NetworkNamespace.CreateAsync();
        var (near, far) = NewPair(Quick);
        await Task.WhenAll(StartInAsync(near), StartInAsync(far));
        await using var atNear = TcpProxy.On(near.Settings.IntakePort, () => network.Connect(near.Settings.IntakePort));
        await using var nearApi = TcpProxy.On(near.Settings.HttpPort!.Value, () => network.Connect(near.Settings.HttpPort!.Value));
        var client = NewClient(near);
        await OperatorView.UntilUpAsync(client, Far);

        // As on the way through a tunnel that is narrower than the hosts know, and of which no ICMP comes back.
        await network.RefuseAsync($"--dport {far.Settings.LinksPort} -m length --length 1400:65535", "DROP");
        await client.EnqueueAsync("jobs@far", new byte[20_000], null, Token);

        LinkDetailsView? seen = null;
        await UntilAsync("large packets are named while the link is up", async () =>
        {
            seen = await OperatorView.LinkAsync(client, Far);
            return seen.Link.State == LinkState.Up && seen.Candidates.Any(candidate => candidate.Cause == LinkCause.LargePacketsLost);
        });
        seen!.Candidates[0].Cause.ShouldBe(LinkCause.LargePacketsLost);
        seen.Link.Cause.ShouldBe(LinkCause.HalfOpen);
        seen.Link.Evidence.ShouldContain("without an acknowledgement of anything that was sent on it");

        await network.PassAsync();
        await UntilAsync("the message has left", async () => (await OperatorView.StateAsync(client, Token)).Messages() == 0);

        Task StartInAsync(TestGateway gateway)
        {
            gateway.Start(network.Enter);
            return Task.CompletedTask;
        }
    }

    [Fact]
    public async Task A_gateway_that_was_stopped_for_a_while_says_so_and_the_network_is_not_blamed()
    {
        var (near, far) = NewPair(Quick);
        var atNear = await StartAsync(near, far);
        var atFar = NewClient(far);
        await OperatorView.UntilUpAsync(atFar, "near");
        var (stopped, before) = (Now, GivenUp(far));

        near.Process.Send(TestProcess.UnixSignal.Stop);
        await OperatorView.UntilAsync(atFar, "near", LinkState.Down, LinkCause.HalfOpen, stopped);
        // The other connection too, which the near gateway made: one that it finds open when it goes on simply goes on with it.
        await UntilAsync("the far gateway has given up the connection from the near one", () => GivenUp(far) > before);
        near.Process.Send(TestProcess.UnixSignal.Continue);

        await UntilAsync("the far gateway knows better", async () =>
            (await OperatorView.LinkAsync(atFar, "near")).History.Any(
                change => change.At >= stopped && change.Evidence.Contains("the peer itself stood still", StringComparison.Ordinal)));
        (await OperatorView.LinkAsync(atFar, "near")).History.ShouldNotContain(
            change => change.At >= stopped && change.Evidence.Contains("lost the packets", StringComparison.Ordinal));
        (await OperatorView.UntilAsync(atNear, Far, LinkState.Down, LinkCause.OwnPause, stopped)).Evidence.ShouldContain(
            "this gateway itself had stood still for");
        await OperatorView.UntilUpAsync(atNear, Far);
    }

    [Fact]
    public async Task A_slow_line_is_named_with_its_rate()
    {
        var (near, far) = NewPair(Quick);
        await using var line = new SlowLine(far.Settings.LinksPort, 20_000);
        near = Towards(near, line.Address);
        var client = await StartAsync(near, far);
        await Task.WhenAll(Enumerable.Range(0, 200).Select(_ => client.EnqueueAsync("jobs@far", new byte[1_000], null, Token).AsTask()));

        await UntilAsync("it is named", async () => (await OperatorView.LinkAsync(client, Far)).Candidates
            is [.., { Cause: LinkCause.SlowLine } slow] && slow.Why.Contains("kB/s", StringComparison.Ordinal));
    }

    /// <summary>How many connections from the near gateway the other has ended because nothing was heard on them.</summary>
    private static int GivenUp(TestGateway far) => far.Process.Output.Split($"Refused near ({RefusalCode.Silent})").Length - 1;
}
