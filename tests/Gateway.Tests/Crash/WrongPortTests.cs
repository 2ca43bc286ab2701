using System.Net;
using System.Net.Sockets;
using Gateway.Links.Causes;
using Gateway.Links.Protocol;
using Shouldly;
using Xunit;

namespace Gateway.Tests.Crash;

/// <summary>The program at the peer's address is no gateway: a real web server, a port nobody serves, one that closes at once.</summary>
[Kind(Kind.Process)]
public sealed class WrongPortTests : LinkTest
{
    /// <summary>The changes that are kept of one kind before they are counted.</summary>
    private const int FirstMax = 10;

    [Fact]
    public async Task The_web_server_of_another_gateway_is_WrongService()
    {
        var other = NewGateways(Quick, "other")[0];
        await other.StartReadyAsync(Token);

        var client = await StartTowardsAsync($"tcp://127.0.0.1:{other.Settings.HttpPort}");

        var down = await UntilDownAsync(client, LinkCause.WrongService);
        down.Evidence.ShouldContain("NotZmtp");
        (await OperatorView.LinkAsync(client, Far)).Link.Advice.ShouldContain("another program answers there");
    }

    [Fact]
    public async Task A_port_whose_program_accepts_nothing_is_PeerSilent()
    {
        using var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen(100);

        var client = await StartTowardsAsync($"tcp://{listener.LocalEndPoint}");

        (await UntilDownAsync(client, LinkCause.PeerSilent)).Evidence.ShouldContain("not one byte came; no gateway has answered there yet");
        (await OperatorView.LinkAsync(client, Far)).Candidates.Select(candidate => candidate.Cause)
            .ShouldBe([LinkCause.PeerSilent, LinkCause.WrongService]);
    }

    [Fact]
    public async Task A_port_that_closes_each_connection_at_once_is_counted_and_its_history_and_log_stay_short()
    {
        var address = Impersonate(_ => Task.CompletedTask);
        var quick = new Dictionary<string, string>(Quick)
        { ["Gateway:Links:BackoffMin"] = "00:00:00.010", ["Gateway:Links:BackoffMax"] = "00:00:00.020" };
        var near = Towards(NewGateways("near")[0], address);
        near = Track(new TestGateway(near.Settings with { More = quick }));
        await near.StartReadyAsync(Token);
        var client = NewClient(near);

        // A peer that was never seen is tried less and less often, unless an operator asks for it.
        await UntilAsync("the ends are counted", async () =>
        {
            await OperatorView.RetryAsync(client, Far);
            return (await OperatorView.LinkAsync(client, Far)).History
                .Any(change => change is { State: LinkState.Down, Again: >= FirstMax });
        });

        var seen = await OperatorView.LinkAsync(client, Far);
        var ends = seen.History.Where(change => change.State == LinkState.Down).ToList();
        ends.Select(change => change.Cause).Distinct().Count().ShouldBeLessThanOrEqualTo(2);
        ends[^1].Evidence.ShouldStartWith("again, ");
        ends[0].Evidence.ShouldNotStartWith("again, ");
        seen.History.Count.ShouldBeLessThan(4 * FirstMax);
        seen.Link.State.ShouldNotBe(LinkState.Up);
        ends.ShouldAllBe(end => end.Evidence.Contains("no gateway has answered there yet", StringComparison.Ordinal));
        seen.Link.Advice.ShouldContain("which program listens on the port");
        seen.Candidates.Select(candidate => candidate.Cause).ShouldContain(LinkCause.WrongService);
        LinesOf(near, "Link to far is ").ShouldBeLessThan(4 * FirstMax);
    }

    private static int LinesOf(TestGateway gateway, string text) =>
        gateway.Process.Output.Split('\n').Count(line => line.Contains(text, StringComparison.Ordinal));
}
