using System.Text.Json;
using Gateway.Links.Causes;
using Gateway.Links.Protocol;
using Shouldly;
using Xunit;

namespace Gateway.Tests.Crash;

/// <summary>
/// The doctor before real faults of the network that leave the links up, or one of them: it names each, and nothing that it did not name
/// before. Its probes do not disturb the links.
/// </summary>
[Kind(Kind.Process)]
[Needs("ip", "iptables", "root")]
public sealed class DoctorWayTests : DoctorTest
{
    [Fact]
    public async Task A_device_that_swallows_large_packets_is_named_alone()
    {
        await using var network = await NewNetworkAsync();
        var (near, far) = NewPair(Quick);
        await using var disk = await InMemoryAsync(near);
        await StartInsideAsync(network, near, far);
        var before = await DoctorAsync(near, network.Enter, Far);

        await network.RefuseAsync($"--dport {far.Settings.LinksPort} -m length --length 601:65535", "DROP");
        var findings = await FindingsAsync(near, network.Enter, Far);

        Named(findings).Except(before).ShouldBe(["message-size"]);
        var size = findings.Single(finding => finding is { Id: "message-size", Verdict: "fault" });
        size.About.ShouldBe("to far");
        size.Measured.ShouldBe("messages of 512 bytes pass, those of 573 and more do not");
    }

    [Fact]
    public async Task A_device_that_forgets_silent_connections_is_named_alone()
    {
        await using var network = await NewNetworkAsync();
        var (near, far) = NewPair(Quick);
        await using var disk = await InMemoryAsync(near);
        await network.ForgetSilentConnectionsAsync(TimeSpan.FromSeconds(3));
        await StartInsideAsync(network, near, far);
        var before = await DoctorAsync(near, network.Enter, Far);

        var findings = await FindingsAsync(near, network.Enter, Far, "--idle", "4s");

        Named(findings).Except(before).ShouldBe(["idle"]);
        findings.Single(finding => finding.Id == "idle").Measured
            .ShouldBe("a connection works after a silence of 2 s, and is dead after 4 s");
    }

    [Fact]
    public async Task Without_a_fault_everything_is_answered_and_a_firewall_with_one_direction_is_named_alone()
    {
        await using var network = await NewNetworkAsync();
        var (near, far) = NewPair(Quick);
        await using var disk = await InMemoryAsync(near);
        var client = await StartInsideAsync(network, near, far);
        Track(TcpProxy.On(far.Settings.HttpPort!.Value, () => network.Connect(far.Settings.HttpPort!.Value)));
        var there = NewClient(far);
        await OperatorView.UntilUpAsync(there, "near");

        var began = Now;
        var before = await FindingsAsync(near, network.Enter, Far, "--bandwidth", "--idle", "2s");

        foreach (var id in new[] { "probe", "views", "dial-back", "echo", "message-size", "bandwidth", "idle" })
            before.Where(finding => finding.Id == id).Select(finding => finding.Verdict).Distinct().ShouldBe(["ok"], id);
        (await OperatorView.LinkAsync(client, Far)).History.ShouldAllBe(change => change.At < began, "no link noticed");
        using var http = new HttpClient { BaseAddress = new Uri(near.Api) };
        using var response = await http.PostAsync($"/api/v1/peers/{Far}/doctor", content: null, Token);
        using var inside = JsonDocument.Parse(await response.Content.ReadAsStringAsync(Token));
        inside.RootElement.GetProperty("findings").EnumerateArray().Select(finding => finding.GetProperty("id").GetString()!).Distinct()
            .ShouldBe(before.Select(finding => finding.Id).Distinct().Except(["bandwidth", "idle"]), ignoreOrder: true);

        var dropped = Now;
        await network.RefuseAsync($"--dport {near.Settings.LinksPort}", "DROP");
        await OperatorView.UntilAsync(there, "near", LinkState.Down, LinkCause.ConnectTimeout, dropped);
        var findings = await FindingsAsync(near, network.Enter, Far);

        // The peer's own link is down by it, which both views tell.
        Named(findings).Except(Named(before)).ShouldBe(["dial-back", "views"], ignoreOrder: true);
        findings.Single(finding => finding.Id == "dial-back").Measured
            .ShouldContain($"far failed (ConnectTimeout): 127.0.0.1:{near.Settings.LinksPort}");
    }

    private static IEnumerable<string> Named(IReadOnlyList<(string Id, string Verdict, string About, string Measured)> findings) =>
        findings.Where(finding => finding.Verdict is "warning" or "fault").Select(finding => finding.Id).Distinct();
}
