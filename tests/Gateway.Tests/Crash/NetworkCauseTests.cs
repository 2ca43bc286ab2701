using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Gateway.Links.Causes;
using Gateway.Links.Protocol;
using Shouldly;
using Xunit;

namespace Gateway.Tests.Crash;

/// <summary>
/// Causes that lie in the network: two gateways in a network of their own, where packets are dropped and refused, names lead elsewhere and
/// ports are few.
/// </summary>
[Kind(Kind.Process)]
public sealed class NetworkCauseTests : LinkTest
{
    private const string HostUnreachable = "REJECT --reject-with icmp-host-unreachable";
    private const string Reset = "REJECT --reject-with tcp-reset";

    [Fact]
    [Needs("ip", "iptables", "root")]
    public async Task Packets_that_are_dropped_are_HalfOpen_and_then_ConnectTimeout()
    {
        await using var network = await NetworkNamespace.CreateAsync();
        var (near, far) = NewPair(Quick);
        var client = await StartInsideAsync(network, near, far);

        var dropped = Now;
        await network.RefuseAsync(To(far), "DROP");
        var end = await UntilEndAsync(client, dropped);

        end.Cause.ShouldBe(LinkCause.HalfOpen);
        end.Evidence.ShouldContain("nothing heard for");
        (end.At - dropped).ShouldBeLessThan(DeadAfter + Slack);
        (await UntilDownAsync(client, LinkCause.ConnectTimeout, dropped)).Evidence.ShouldContain("did not answer within 1 s");

        await network.PassAsync();
        await OperatorView.UntilUpAsync(client, Far);
    }

    [Fact]
    [Needs("ip", "iptables", "root")]
    public async Task Packets_that_are_answered_with_a_reset_are_ResetByPeer_and_then_Refused()
    {
        await using var network = await NetworkNamespace.CreateAsync();
        var (near, far) = NewPair(Quick);
        var client = await StartInsideAsync(network, near, far);

        var refused = Now;
        await network.RefuseAsync(To(far), Reset);

        (await UntilEndAsync(client, refused)).Cause.ShouldBe(LinkCause.ResetByPeer);
        await UntilDownAsync(client, LinkCause.Refused, refused);
    }

    [Fact]
    [Needs("ip", "iptables", "root")]
    public async Task Packets_that_find_no_way_are_Unreachable()
    {
        await using var network = await NetworkNamespace.CreateAsync();
        var (near, far) = NewPair(Quick);
        await network.RefuseAsync(To(far), HostUnreachable);
        var client = await StartInsideAsync(network, near, far, isUp: false);

        (await UntilDownAsync(client, LinkCause.Unreachable)).Evidence.ShouldContain("HostUnreachable");
    }

    [Fact]
    [Needs("ip", "iptables", "root")]
    public async Task A_peer_that_was_restarted_while_no_packet_passed_is_PeerRestarted_as_soon_as_they_do()
    {
        await using var network = await NetworkNamespace.CreateAsync();
        // So patient that it still takes its old connection for open.
        var (near, far) = NewPair(new Dictionary<string, string>(Quick) { ["Gateway:Links:DeadAfter"] = "00:01:00" });
        var client = await StartInsideAsync(network, near, far);
        await network.RefuseAsync(To(far), "DROP");
        await network.RefuseAsync(From(far), "DROP");
        await network.RefuseAsync(To(near), "DROP");
        await network.RefuseAsync(From(near), "DROP");

        await far.KillAsync();
        far.Start(network.Enter);
        await using var atFar = TcpProxy.On(far.Settings.IntakePort, () => network.Connect(far.Settings.IntakePort));
        await using var farApi = TcpProxy.On(far.Settings.HttpPort!.Value, () => network.Connect(far.Settings.HttpPort!.Value));
        (await OperatorView.StateAsync(NewClient(far), Token)).Name.ShouldBe(Far);
        (await OperatorView.LinkAsync(client, Far)).Link.State.ShouldBe(LinkState.Up);
        await client.SendAsync("jobs@far", "into the old connection");
        var passed = Now;
        await network.PassAsync();

        (await UntilUpAsync(client, LinkCause.PeerRestarted, passed)).At.ShouldBeLessThan(passed + TimeSpan.FromSeconds(10));
        (await InTimeAsync("the message", NewClient(far).TakeAsync("jobs", 1))).ShouldBe(["into the old connection"]);
    }

    [Fact]
    [Needs("ip", "root")]
    public async Task A_host_without_a_free_port_is_PortsExhausted_with_the_figures()
    {
        const int First = 40_000, Last = 40_003;
        await using var network = await NetworkNamespace.CreateAsync();
        var (near, far) = NewPair(Quick);
        using var listener = network.Open();
        listener.Bind(new IPEndPoint(IPAddress.Loopback, far.Settings.LinksPort));
        listener.Listen();
        near.Start(network.Enter);
        await using var atNear = TcpProxy.On(near.Settings.IntakePort, () => network.Connect(near.Settings.IntakePort));
        await using var nearApi = TcpProxy.On(near.Settings.HttpPort!.Value, () => network.Connect(near.Settings.HttpPort!.Value));
        var client = NewClient(near);
        await UntilDownAsync(client, LinkCause.PeerSilent);

        await network.NarrowPortsAsync(First, Last);
        var taken = new List<Socket>();
        try
        {
            var full = Should.Throw<SocketException>(() =>
            {
                while (true) taken.Add(network.Connect(far.Settings.LinksPort));
            });
            full.SocketErrorCode.ShouldBe(SocketError.AddressNotAvailable);

            var down = await UntilDownAsync(client, LinkCause.PortsExhausted);

            down.Evidence.ShouldContain("AddressNotAvailable");
            down.Evidence.ShouldContain(string.Create(CultureInfo.InvariantCulture, $"the ephemeral ports are {First} to {Last}"));
            down.Evidence.ShouldContain("in TIME_WAIT");
        }
        finally
        {
            foreach (var socket in taken) socket.Dispose();
        }
    }

    [Fact]
    [Needs("ip", "iptables", "root")]
    public async Task A_name_that_leads_elsewhere_is_AddressChanged_with_both_addresses()
    {
        await using var network = await NetworkNamespace.CreateAsync();
        var (near, far) = NewPair(Quick);
        var everywhere = new Dictionary<string, string>(far.Settings.More)
        {
            ["Gateway:Links:Address"] = $"tcp://*:{far.Settings.LinksPort}",
            ["Gateway:Links:AllowPlainText"] = "true",
        };
        far = Track(new TestGateway(far.Settings with { More = everywhere }));
        near = Towards(near, $"tcp://far.test:{far.Settings.LinksPort}");
        network.Resolve(("localhost", "127.0.0.1"), ("far.test", "127.0.0.2"));
        var client = await StartInsideAsync(network, near, far);

        var moved = Now;
        network.Resolve(("localhost", "127.0.0.1"), ("far.test", "127.0.0.4"));
        await network.RefuseAsync("-d 127.0.0.2", Reset);
        await network.RefuseAsync("-d 127.0.0.4", Reset);
        var down = await UntilDownAsync(client, LinkCause.AddressChanged, moved);
        network.Resolve(("localhost", "127.0.0.1"), ("far.test", "127.0.0.3"));
        var up = await UntilUpAsync(client, LinkCause.AddressChanged, moved);

        down.Evidence.ShouldContain("the address was 127.0.0.2 when the link was last up, and is 127.0.0.4 now");
        down.Evidence.ShouldContain("Refused");
        up.Evidence.ShouldBe("the address was 127.0.0.2 when the link was last up, and is 127.0.0.3 now");
    }

    private static string To(TestGateway gateway) => string.Create(CultureInfo.InvariantCulture, $"--dport {gateway.Settings.LinksPort}");

    private static string From(TestGateway gateway) => string.Create(CultureInfo.InvariantCulture, $"--sport {gateway.Settings.LinksPort}");
}
