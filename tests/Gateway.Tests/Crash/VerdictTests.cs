using System.Diagnostics;
using System.Globalization;
using Gateway.Cli.Demo.Processes;
using Gateway.Links.Causes;
using Gateway.Links.Protocol;
using Shouldly;
using Xunit;

namespace Gateway.Tests.Crash;

/// <summary>Verdicts that once came from the wrong evidence, each produced for real.</summary>
[Kind(Kind.Process)]
public sealed class VerdictTests : LinkTest
{
    /// <summary>With the settings that a gateway has by itself.</summary>
    private static readonly TimeSpan _detectionMax = TimeSpan.FromSeconds(10);

    /// <summary>Its system takes connections for a process that is stopped; a firewall was blamed.</summary>
    [Fact]
    public async Task A_peer_that_is_stopped_is_PeerSilent_after_it_was_HalfOpen()
    {
        var (near, far) = NewPair(Quick);
        var client = await StartAsync(near, far);
        var stopped = Now;
        far.Process.Send(TestProcess.UnixSignal.Stop);

        var silent = await UntilDownAsync(client, LinkCause.PeerSilent, stopped);
        var said = await ExplainAsync(near);
        far.Process.Send(TestProcess.UnixSignal.Continue);

        silent.Evidence.ShouldContain("not one byte came; the peer has answered a hello before");
        said.ShouldContain("whether the gateway hangs");
        said.ShouldNotContain("no firewall drops");
        (await OperatorView.LinkAsync(client, Far)).History.ShouldNotContain(
            change => change.At >= stopped && change.Cause == LinkCause.ConnectTimeout);
        await OperatorView.UntilUpAsync(client, Far);
    }

    /// <summary>It was noticed after half a minute, and five seconds later called a firewall.</summary>
    [Fact]
    [Needs("strace")]
    public async Task A_peer_whose_disk_hangs_says_so_within_ten_seconds_on_a_link_that_is_up_and_to_one_that_comes()
    {
        var (near, far) = NewPair(new Dictionary<string, string>());
        var client = await StartAsync(near, far);
        await using (await SlowDisk.OfAsync(far.Process, TimeSpan.FromSeconds(60), Path.Combine(Folder, "strace.log")))
        {
            var hung = Now;
            await client.SendAllAsync("jobs@far", ProcessMessages.Numbered(3));
            var stuck = await UntilUpAsync(client, LinkCause.PeerStuck, hung);
            (stuck.At - hung).ShouldBeLessThan(_detectionMax);
            stuck.Evidence.ShouldContain("its own store has not answered");
            (await OperatorView.LinkAsync(client, Far)).Link.State.ShouldBe(LinkState.Up);

            await near.KillAsync();
            var again = Now;
            await near.StartReadyAsync(Token);
            var unwelcome = await UntilDownAsync(client, LinkCause.PeerStuck, again);
            unwelcome.Evidence.ShouldContain("no answer to the hello within 5 s: the peer says that its own store has not answered");
        }

        (await InTimeAsync("the messages", NewClient(far).TakeAsync("jobs", 3))).ShouldBe(ProcessMessages.Numbered(3));
        await OperatorView.UntilUpAsync(client, Far);
    }

    /// <summary>The advice was to start it.</summary>
    [Fact]
    public async Task A_refused_port_of_a_peer_whose_own_connection_stands_is_a_wrong_address()
    {
        var (near, far) = NewPair(Quick);
        near = Towards(near, $"tcp://127.0.0.1:{LoopbackPort.Free(1)[0]}");
        await Task.WhenAll(near.StartReadyAsync(Token), far.StartReadyAsync(Token));
        await OperatorView.UntilUpAsync(NewClient(far), "near");
        var client = NewClient(near);

        await UntilAsync("it is said", async () => (await OperatorView.LinkAsync(client, Far)).Link is { Cause: LinkCause.Refused } link
            && link.Evidence.Contains("the peer runs all the same", StringComparison.Ordinal)
            && link.Advice.StartsWith("Correct the peer's address", StringComparison.Ordinal));

        await far.KillAsync();
        await UntilAsync("it is down", async () => (await OperatorView.LinkAsync(client, Far)).Link is { Cause: LinkCause.Refused } link
            && link.Advice.StartsWith("Start the gateway", StringComparison.Ordinal));
    }

    /// <summary>The third one saw a restart without end, and ended its own link at each hello of the second.</summary>
    [Fact]
    public async Task Two_peers_of_one_name_are_PeerTwice_to_the_third_and_its_link_stands()
    {
        var (near, far) = NewPair(Quick);
        var ports = LoopbackPort.Free(3);
        var folder = Directory.CreateDirectory(Path.Combine(Folder, "twin")).FullName;
        var twin = Track(
            new TestGateway(far.Settings with { Folder = folder, IntakePort = ports[0], LinksPort = ports[1], HttpPort = ports[2] }));
        var client = await StartAsync(near, far);
        await twin.StartReadyAsync(Token);

        var twice = await UntilUpAsync(client, LinkCause.PeerTwice);
        twice.Evidence.ShouldContain("incarnations take turns");
        await client.SendAllAsync("jobs@far", ProcessMessages.Numbered(20));
        (await InTimeAsync("the messages", NewClient(far).TakeAsync("jobs", 20))).ShouldBe(ProcessMessages.Numbered(20));
        (await OperatorView.LinkAsync(client, Far)).History.ShouldNotContain(
            change => change.At > twice.At && change.State == LinkState.Down);
    }

    /// <summary>It was called a reset by the peer.</summary>
    [Fact]
    [Needs("ip", "root")]
    public async Task A_connection_that_this_host_ends_is_AbortedHere()
    {
        Tool.RequireRoot();
        var (near, far) = NewPair(Quick);
        var client = await StartAsync(near, far);
        var killed = Now;
        await UntilAsync("the system has ended it", async () =>
        {
            using var ss = Process.Start(new ProcessStartInfo(Tool.Ss,
                ["-K", "dport", "=", far.Settings.LinksPort.ToString(CultureInfo.InvariantCulture)])
            { RedirectStandardOutput = true, RedirectStandardError = true })!;
            await ss.WaitForExitAsync(Token);
            return (await OperatorView.LinkAsync(client, Far)).History.Any(change => change.At >= killed && change.State == LinkState.Down);
        });

        var end = await UntilEndAsync(client, killed);
        end.Cause.ShouldBe(LinkCause.AbortedHere);
        end.Evidence.ShouldContain("103");
        await OperatorView.UntilUpAsync(client, Far);
    }

    /// <summary>It pushed everything older out of its history, and was well whenever somebody looked while it was up.</summary>
    [Fact]
    public async Task A_link_that_flaps_says_so_while_it_is_up_and_its_history_counts()
    {
        var (near, far) = NewPair(Quick);
        var proxy = Track(TcpProxy.To(far.Settings.LinksPort));
        near = Towards(near, proxy.Address);
        var client = await StartAsync(near, far);
        await UntilAsync("the history counts", async () =>
        {
            var seen = await OperatorView.LinkAsync(client, Far);
            if (seen.Link.State == LinkState.Up) proxy.Reset();
            return seen.History.Any(change => change.Evidence.StartsWith("again, ", StringComparison.Ordinal));
        });

        await UntilAsync("it says so while it is up", async () => (await OperatorView.LinkAsync(client, Far)).Link is
        { State: LinkState.Up } link && link.Evidence.Contains("connections ended in the last five minutes", StringComparison.Ordinal));
        (await OperatorView.StateAsync(client, Token)).LinkTo(Far).Advice.ShouldNotBeEmpty();
    }
}
