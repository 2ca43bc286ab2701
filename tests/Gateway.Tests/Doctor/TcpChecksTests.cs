using Gateway.Doctor;
using Gateway.Links.Protocol;
using Shouldly;
using Xunit;

namespace Gateway.Tests.Doctor;

public sealed class TcpChecksTests
{
    private static readonly DateTimeOffset _then = new(2026, 11, 22, 12, 0, 0, TimeSpan.Zero);

    private static readonly TcpFacts _usual = new()
    {
        Range = (32768, 60999),
        Targets = [new PortUse("10.0.0.5:7421", 3, 1)],
        Overflows = (4, 4),
        KeepAlive = (TimeSpan.FromHours(2), TimeSpan.FromSeconds(75), 9),
        Retries = 15,
        Reuse = 2,
        Tracked = (10, 1000),
    };

    [Fact]
    public void The_usual_settings_are_ok() =>
        Of(_usual).Select(finding => finding.Verdict).ShouldAllBe(verdict => verdict == Verdict.Ok);

    public static TheoryData<string, string> Wrong => new()
    {
        { "range", nameof(Verdict.Warning) },
        { "used", nameof(Verdict.Fault) },
        { "own", nameof(Verdict.Warning) },
        { "wait", nameof(Verdict.Warning) },
        { "drops", nameof(Verdict.Warning) },
        { "few", nameof(Verdict.Warning) },
        { "many", nameof(Verdict.Warning) },
        { "recycle", nameof(Verdict.Fault) },
        { "tracked", nameof(Verdict.Warning) },
        { "full", nameof(Verdict.Fault) },
    };

    [Theory]
    [MemberData(nameof(Wrong))]
    public void A_wrong_setting_is_named_alone_with_what_to_do(string wrong, string verdict)
    {
        var (tcp, id) = wrong switch
        {
            "range" => (_usual with { Range = (40000, 40009) }, FindingIds.EphemeralPorts),
            "used" => (_usual with { Targets = [new PortUse("10.0.0.5:7421", 28_000, 0)] }, FindingIds.EphemeralPorts),
            "own" => (_usual with { Range = (1024, 65535) }, FindingIds.EphemeralPorts),
            "wait" => (_usual with { Targets = [new PortUse("10.0.0.5:7421", 15_000, 15_000)] }, FindingIds.TimeWait),
            "drops" => (_usual with { Overflows = (4, 5) }, FindingIds.Backlog),
            "few" => (_usual with { Retries = 3 }, FindingIds.Retransmissions),
            "many" => (_usual with { Retries = 16 }, FindingIds.Retransmissions),
            "recycle" => (_usual with { Recycle = 1 }, FindingIds.PortReuse),
            "tracked" => (_usual with { Tracked = (800, 1000) }, FindingIds.ConnectionTracking),
            _ => (_usual with { Tracked = (1000, 1000) }, FindingIds.ConnectionTracking),
        };

        var found = Of(tcp).Where(finding => finding.Verdict != Verdict.Ok).ShouldHaveSingleItem();

        (found.Id, found.Verdict.ToString()).ShouldBe((id, verdict));
        found.Advice.ShouldNotBeEmpty();
        found.Meaning.ShouldNotBeEmpty();
    }

    [Fact]
    public void What_the_system_does_not_tell_is_unknown_or_left_out() =>
        Of(new TcpFacts()).Where(finding => finding.Verdict == Verdict.Unknown).Select(finding => finding.Id)
            .ShouldBe([FindingIds.EphemeralPorts, FindingIds.KeepAlive]);

    [Fact]
    public void Windows_has_no_findings_of_Linux()
    {
        var found = Of(_usual with { IsWindows = true, Overflows = null, TimeWait = TimeSpan.FromMinutes(4) }).ToList();

        found.Select(finding => finding.Id).ShouldBe([FindingIds.EphemeralPorts, FindingIds.TimeWait, FindingIds.KeepAlive]);
        found[1].Measured.ShouldContain("each stays for 4 min");
    }

    [Fact]
    public void A_setting_matters_for_the_errors_that_it_explains()
    {
        var link = new LinkPast("billing", Gateway.Links.Causes.LinkState.Up, null, _then, "", "", "")
        { Errors = [new SeenError(LinkCause.PortsExhausted, _then, 3), new SeenError(LinkCause.Refused, _then, 1)] };

        var found = Of(_usual, new SeenErrors([link])).ToDictionary(finding => finding.Id);

        found[FindingIds.EphemeralPorts].Matters.ShouldBeTrue();
        found[FindingIds.EphemeralPorts].Relevance.ShouldContain("3 times, the last time to billing at 2026-11-22 12:00:00Z");
        found[FindingIds.KeepAlive].Matters.ShouldBeFalse();
        found[FindingIds.KeepAlive].Relevance.ShouldBe("It explains no error seen here: no link has failed with IdleCut or HalfOpen.");
    }

    [Fact]
    public void Without_a_history_it_is_unknown_whether_a_setting_matters() =>
        Of(_usual).ShouldAllBe(finding => finding.Relevance.Contains("no history could be read"));

    private static IEnumerable<DoctorFinding> Of(TcpFacts tcp, SeenErrors? seen = null) =>
        TcpChecks.Of(tcp, [7420, 7421, 7425], TimeSpan.FromSeconds(2), seen ?? new SeenErrors(null));
}
