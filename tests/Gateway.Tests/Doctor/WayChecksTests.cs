using System.Net;
using System.Net.Sockets;
using Gateway.Doctor;
using Gateway.Links.Protocol;
using Shouldly;
using Xunit;

namespace Gateway.Tests.Doctor;

public sealed class WayChecksTests
{
    private static readonly TimeSpan _quick = TimeSpan.FromMilliseconds(2);

    private static readonly AddressFacts _reached = new("10.0.0.5:7421", _quick)
    {
        Path = (1500, TimeSpan.FromMicroseconds(340)),
        Tls = new TlsFacts(_quick, "certificate for billing"),
        Greeting = new GreetingFacts(_quick),
    };

    private static readonly WayFacts _usual = new("billing-host", 7421, IsName: true,
        [
            new NameAnswer(AddressFamily.InterNetwork, [IPAddress.Parse("10.0.0.5")], _quick),
            new NameAnswer(AddressFamily.InterNetworkV6, [], _quick, "Name or service not known"),
        ],
        [_reached]);

    [Fact]
    public void A_good_way_is_ok_with_its_figures()
    {
        var found = Of(_usual);

        found.ShouldAllBe(finding => finding.Verdict == Verdict.Ok);
        found[0].Measured.ShouldBe("billing-host: IPv4 10.0.0.5 (2 ms); IPv6 Name or service not known (2 ms)");
        found.Select(finding => finding.Id).ShouldBe([FindingIds.Name, FindingIds.Connect, FindingIds.Tls, FindingIds.Greeting,
            FindingIds.RoundTrip, FindingIds.PacketSize]);
        found[4].Measured.ShouldStartWith("340 µs");
    }

    public static TheoryData<string, string, string> Wrong => new()
    {
        { "no name", FindingIds.Name, nameof(Verdict.Fault) },
        { "slow name", FindingIds.Name, nameof(Verdict.Warning) },
        { "refused", FindingIds.Connect, nameof(Verdict.Fault) },
        { "one of two refused", FindingIds.Connect, nameof(Verdict.Warning) },
        { "tls", FindingIds.Tls, nameof(Verdict.Fault) },
        { "silent", FindingIds.Greeting, nameof(Verdict.Fault) },
        { "small", FindingIds.PacketSize, nameof(Verdict.Warning) },
        { "unknown size", FindingIds.PacketSize, nameof(Verdict.Unknown) },
    };

    [Theory]
    [MemberData(nameof(Wrong))]
    public void A_fault_on_the_way_is_named_alone(string wrong, string id, string verdict)
    {
        var refused = new AddressFacts("10.0.0.6:7421", null, LinkCause.Refused, "TCP: Connection refused (ConnectionRefused, 111)");
        var way = wrong switch
        {
            "no name" => _usual with { Names = [new NameAnswer(AddressFamily.InterNetwork, [], _quick, "Name not known")], Addresses = [] },
            "slow name" => _usual with { Names = [_usual.Names[0] with { After = TimeSpan.FromSeconds(5) }] },
            "refused" => _usual with { Addresses = [refused] },
            "one of two refused" => _usual with { Addresses = [_reached, refused] },
            "tls" => _usual with { Addresses = [_reached with { Tls = new TlsFacts(_quick, "", "expired"), Greeting = null }] },
            "silent" => _usual with
            { Addresses = [_reached with { Greeting = new GreetingFacts(_quick, LinkCause.PeerSilent, "no answer within 5 s") }] },
            "small" => _usual with { Addresses = [_reached with { Path = (600, _quick) }] },
            _ => _usual with { Addresses = [_reached with { Path = null }] },
        };

        var found = Of(way).Where(finding => finding.Verdict != Verdict.Ok).ShouldHaveSingleItem();

        (found.Id, found.Verdict.ToString()).ShouldBe((id, verdict));
    }

    [Fact]
    public void Each_place_of_a_peer_is_named_and_one_that_is_reached_makes_the_others_a_warning()
    {
        var gone = _usual with
        { Host = "gone", Addresses = [new AddressFacts("10.0.0.6:7421", null, LinkCause.Refused, "TCP: Connection refused")] };

        var findings = WayChecks.Of([gone, _usual], "billing").ToList();

        findings.Where(finding => finding.Id == FindingIds.Name).Select(finding => finding.About)
            .ShouldBe([$"billing at gone:{gone.Port}", $"billing at {_usual.Host}:{_usual.Port}"]);
        findings.Where(finding => finding.Verdict != Verdict.Ok).ShouldHaveSingleItem().ShouldSatisfyAllConditions(
            finding => finding.Verdict.ShouldBe(Verdict.Warning), finding => finding.About.ShouldBe("10.0.0.6:7421"));
    }

    [Fact]
    public void A_refusal_has_the_advice_of_its_cause()
    {
        var refused = new AddressFacts("10.0.0.6:7421", null, LinkCause.ConnectTimeout, "no answer within 5 s");

        var found = WayChecks.Connect(refused, isReached: false);

        found.Meaning.ShouldContain("firewall");
        found.Advice.ShouldContain("firewall");
    }

    private static List<DoctorFinding> Of(WayFacts way) => [.. WayChecks.Of([way], "billing")];
}
