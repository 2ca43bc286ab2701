using Gateway.Cli.Demo.Processes;
using Gateway.Links.Causes;
using Gateway.Links.Protocol;
using Shouldly;
using Xunit;

namespace Gateway.Tests.Crash;

/// <summary>Names with several addresses of which one is dead, in a network where the hosts file says so.</summary>
[Kind(Kind.Process)]
public sealed class DeadAddressTests : LinkTest
{
    private const string Drop = "DROP";

    [Fact]
    [Needs("ip", "iptables", "root")]
    public async Task A_peer_whose_first_address_never_answers_is_reached_by_the_second()
    {
        await using var network = await NetworkNamespace.CreateAsync();
        var (near, far) = NewPair(Quick);
        network.Resolve(("localhost", "127.0.0.1"), ("far.test", "::1"), ("far.test", "127.0.0.1"));
        await network.RefuseSixAsync($"--dport {far.Settings.LinksPort}", Drop);
        near = Towards(near, $"tcp://far.test:{far.Settings.LinksPort}");
        near.Start(network.Enter);
        far.Start(network.Enter);
        await using var atNear = TcpProxy.On(near.Settings.IntakePort, () => network.Connect(near.Settings.IntakePort));
        await using var nearApi = TcpProxy.On(near.Settings.HttpPort!.Value, () => network.Connect(near.Settings.HttpPort!.Value));
        await using var atFar = TcpProxy.On(far.Settings.IntakePort, () => network.Connect(far.Settings.IntakePort));
        await using var farApi = TcpProxy.On(far.Settings.HttpPort!.Value, () => network.Connect(far.Settings.HttpPort!.Value));
        var client = NewClient(near);

        await OperatorView.UntilUpAsync(client, Far);
        await client.SendAsync("jobs@far", "by the second address");
        (await InTimeAsync("the message", NewClient(far).TakeAsync("jobs", 1))).ShouldBe(["by the second address"]);
        (await OperatorView.LinkAsync(client, Far)).History.ShouldNotContain(change => change.Cause == LinkCause.ConnectTimeout);

        await far.KillAsync();
        var down = await OperatorView.UntilAsync(client, Far, LinkState.Down, LinkCause.Refused);
        down.Evidence.ShouldContain($"[::1]:{far.Settings.LinksPort} did not answer");
        down.Evidence.ShouldContain($"127.0.0.1:{far.Settings.LinksPort}");
    }

    [Theory]
    [InlineData("::1", "127.0.0.1")]
    [InlineData("127.0.0.2", "127.0.0.1")]
    [Needs("ip", "iptables", "root")]
    public async Task A_client_whose_gateway_has_a_dead_first_address_sends_by_the_second(string dead, string alive)
    {
        await using var network = await NetworkNamespace.CreateAsync();
        var gateway = NewGateways("near")[0];
        network.Resolve(("localhost", "127.0.0.1"), ("gw.test", dead), ("gw.test", alive));
        await (dead.Contains(':') ? network.RefuseSixAsync(
            $"--dport {gateway.Settings.IntakePort}", Drop) : network.RefuseAsync($"-d {dead}", Drop));
        gateway.Start(network.Enter);

        await SendsAsync(network, $"tcp://gw.test:{gateway.Settings.IntakePort}");
    }

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("[::1]")]
    [Needs("ip", "root")]
    public async Task A_client_of_localhost_finds_a_gateway_that_listens_on_one_family_alone(string listening)
    {
        await using var network = await NetworkNamespace.CreateAsync();
        var gateway = NewGateways("near")[0];
        var address = $"tcp://{listening}:{gateway.Settings.IntakePort}";
        gateway = Track(new TestGateway(gateway.Settings with
        { More = new Dictionary<string, string>(gateway.Settings.More) { ["Gateway:Intake:Address"] = address } }));
        network.Resolve(("localhost", "::1"), ("localhost", "127.0.0.1"));
        gateway.Start(network.Enter);

        await SendsAsync(network, $"tcp://localhost:{gateway.Settings.IntakePort}");
        await SendsAsync(network, address);
    }

    /// <summary>A verb is a client like any other.</summary>
    private async Task SendsAsync(NetworkNamespace network, string address)
    {
        var start = Executable.Start("send", "q@near", "hello", "--gateway", address, "--timeout", "40s");
        var inside = new System.Diagnostics.ProcessStartInfo(
            network.Enter[0], [.. network.Enter[1..], start.FileName, .. start.ArgumentList])
        { WorkingDirectory = Folder };
        var verb = Track(TestProcess.Start(inside, Path.Combine(Folder, "send.log")));
        (await InTimeAsync("the verb ends", verb.Ended)).ShouldBe(0, verb.Errors);
    }
}
