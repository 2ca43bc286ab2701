using System.Diagnostics;
using Gateway.Cli.Demo.Processes;
using Gateway.Links.Causes;
using Gateway.Links.Protocol;
using Shouldly;
using Xunit;

namespace Gateway.Tests.Crash;

/// <summary>
/// A firewall that filters loopback too, and forgets quiet connections: those by which NetMQ wakes its own threads die, and nobody is told.
/// </summary>
[Kind(Kind.Process)]
[Needs("root", "ip", "iptables")]
public sealed class DeadLoopbackTests : LinkTest
{
    private static readonly TimeSpan _forgottenAfter = TimeSpan.FromSeconds(2);

    /// <summary>A stop with nothing to wait for, and the second look of a thread that no signal reaches.</summary>
    private static readonly TimeSpan _stopMax = TimeSpan.FromSeconds(10);

    [Fact]
    public async Task A_gateway_stops_in_time_and_in_order()
    {
        await using var network = await NetworkNamespace.CreateAsync();
        var (near, far) = NewPair(Quick);
        await network.ForgetOwnConnectionsAsync(_forgottenAfter, near.Settings.HttpPort!.Value);
        var client = await StartInsideAsync(network, near, far);
        await UntilForgottenAsync();

        await client.SendAsync("q@far", "after the silence");
        await UntilAsync("it is delivered", async () => (await OperatorView.StateAsync(client, Token)).Messages() == 0);
        var began = TimeProvider.System.GetTimestamp();
        (await InTimeAsync("it stops", near.StopAsync())).ShouldBe(0);

        TimeProvider.System.GetElapsedTime(began).ShouldBeLessThan(_stopMax);
        near.Process.Errors.ShouldBeEmpty();
        near.Process.Output.ShouldContain("Gateway near has stopped.");
        CheckStore(near);
    }

    /// <summary>The link was blamed on the peer: HalfOpen, or PeerStuck after its acknowledgements had arrived.</summary>
    [Fact]
    public async Task A_link_whose_frames_die_inside_the_process_ends_by_this_host_and_goes_on()
    {
        var rare = new Dictionary<string, string>(Quick)
        {
            ["Gateway:Links:HeartbeatInterval"] = "00:00:06",
            ["Gateway:Links:DeadAfter"] = "00:01:00",
        };
        await using var network = await NetworkNamespace.CreateAsync();
        var (near, far) = NewPair(rare);
        await network.ForgetOwnConnectionsAsync(
            _forgottenAfter, near.Settings.HttpPort!.Value, near.Settings.LinksPort, far.Settings.LinksPort);
        var client = await StartInsideAsync(network, near, far);
        await UntilForgottenAsync();

        await client.SendAsync("q@far", "after the silence");
        var end = await UntilDownAsync(client, LinkCause.AbortedHere);

        end.Evidence.ShouldContain("inside this gateway's process, where frames pass over loopback, none moved for 5 s");
        await UntilAsync("it is delivered", async () => (await OperatorView.StateAsync(client, Token)).Messages() == 0);
        (await OperatorView.LinkAsync(client, Far)).History.ShouldNotContain(
            change => change.State == LinkState.Down && change.Cause != LinkCause.AbortedHere && change.UpSeconds != null);
    }

    /// <summary>It waited for ever, with the message in its hands.</summary>
    [Fact]
    public async Task An_application_that_waits_for_a_message_gets_it_and_ends()
    {
        await using var network = await NetworkNamespace.CreateAsync();
        var (near, far) = NewPair(Quick);
        await network.ForgetOwnConnectionsAsync(_forgottenAfter, near.Settings.HttpPort!.Value);
        var client = await StartInsideAsync(network, near, far);
        var start = Executable.Start("receive", "jobs", "--count", "1", "--complete", "--wait", "1h", "--gateway", near.Address);
        var waiting = Track(TestProcess.Start(Entered(network, start), Path.Combine(Folder, "receive.log")));
        await UntilForgottenAsync();

        await client.SendAsync("jobs@near", "late");

        (await InTimeAsync("it ends", waiting.Ended)).ShouldBe(0);
        waiting.Output.ShouldContain("late");
        await UntilAsync("it is completed", async () => (await OperatorView.StateAsync(client, Token)).Messages() == 0);
    }

    private static Task UntilForgottenAsync()
    {
        var began = Now;
        return UntilAsync("quiet connections are forgotten", () => Now - began > 2 * _forgottenAfter);
    }

    private static ProcessStartInfo Entered(NetworkNamespace network, ProcessStartInfo start) =>
        new(network.Enter[0], [.. network.Enter[1..], start.FileName, .. start.ArgumentList]);
}
