using Gateway.Configuration;
using Gateway.Doctor;
using Gateway.Links.Causes;
using Gateway.Links.Protocol;
using Shouldly;
using Xunit;

namespace Gateway.Tests.Doctor;

public sealed class ProgramChecksTests
{
    private static readonly DateTimeOffset _now = new(2026, 11, 22, 12, 0, 0, TimeSpan.Zero);

    private static readonly LinkPast _billing = new("billing", LinkState.Up, null, _now.AddHours(-1), "", "", "");

    private static readonly RunningGateway _shop = new("shop", "1.0.0", _now.AddHours(-2), [], [_billing]);

    [Fact]
    public void A_configuration_with_faults_is_a_fault_and_names_the_first_and_its_file()
    {
        var report = new ConfigurationReport("shop", "/store", [],
            [new ConfigurationFault("Gateway:Name is empty.", "/etc/shop.json"), new ConfigurationFault("Another.", null)], []);

        var found = ProgramChecks.Configuration(report);

        found.Verdict.ShouldBe(Verdict.Fault);
        found.Measured.ShouldBe("2 faults, the first: Gateway:Name is empty");
        found.Advice.ShouldStartWith("Correct /etc/shop.json");
    }

    [Fact]
    public void A_configuration_without_a_fault_is_ok() => ProgramChecks.Configuration(
        new ConfigurationReport("shop", "/store", ["billing"], [], [])).ShouldBe(
            new DoctorFinding(FindingIds.Configuration, Verdict.Ok, "no fault; gateway shop, 1 peer, store /store"));

    [Theory]
    [InlineData("1.0.0", nameof(Verdict.Ok))]
    [InlineData(null, nameof(Verdict.Ok))]
    [InlineData("0.9.0", nameof(Verdict.Warning))]
    public void A_running_gateway_of_another_version_is_a_warning(string? version, string verdict) =>
        ProgramChecks.Version("1.0.0", "", _shop with { Version = version }).Verdict.ToString().ShouldBe(verdict);

    [Fact]
    public void A_gateway_that_does_not_answer_is_a_fault_in_one_sentence()
    {
        var found = ProgramChecks.Gateway(new GatewayAnswer(null, "No gateway answers at http://127.0.0.1:9: refused. Start it."), _now);

        (found.Verdict, found.Measured).ShouldBe((Verdict.Fault, "No gateway answers at http://127.0.0.1:9: refused"));
    }

    [Fact]
    public void A_gateway_that_refuses_is_unknown() =>
        ProgramChecks.Gateway(new GatewayAnswer(null, "This needs a token.", IsRefused: true), _now).Verdict.ShouldBe(Verdict.Unknown);

    [Theory]
    [InlineData("peer", nameof(Verdict.Ok))]
    [InlineData("disk", nameof(Verdict.Ok))]
    [InlineData("store-stalled", nameof(Verdict.Fault))]
    public void Conditions_that_have_a_finding_of_their_own_are_not_told_twice(string code, string verdict) =>
        ProgramChecks.Gateway(new GatewayAnswer(_shop with { Obstacles = [(code, "a clause")] }), _now)
            .Verdict.ToString().ShouldBe(verdict);

    [Theory]
    [InlineData(-100, 100, "", nameof(Verdict.Ok))]
    [InlineData(-100, 5, "the certificate expires soon; replace it", nameof(Verdict.Warning))]
    [InlineData(-100, -1, "the certificate expired; replace it", nameof(Verdict.Fault))]
    [InlineData(1, 100, "", nameof(Verdict.Fault))]
    public void Certificates_are_judged_by_their_dates(int beginsInDays, int endsInDays, string warning, string verdict) =>
        ProgramChecks.Certificate("Links:Tls",
            new CertificateFacts(_now.AddDays(beginsInDays), _now.AddDays(endsInDays), ["shop"], warning), _now)
            .Verdict.ToString().ShouldBe(verdict);

    [Fact]
    public void Unusable_files_of_a_certificate_are_a_fault() => ProgramChecks.Certificate("Links:Tls",
        new CertificateFacts(default, default, [], "", "shop.pem holds no private key"), _now).Verdict.ShouldBe(Verdict.Fault);

    [Fact]
    public void A_clock_that_differs_from_a_peers_is_a_warning_that_names_the_peer()
    {
        var skewed = _billing with { Warning = "ClockSkew: the peer's clock is 2 h behind this one; let both hosts agree" };

        var found = ProgramChecks.Clock(_shop with { Links = [skewed, _billing with { Peer = "audit" }] }, _now);

        (found.Verdict, found.Measured).ShouldBe((Verdict.Warning, "billing: the peer's clock is 2 h behind this one"));
        ProgramChecks.Clock(_shop, _now).Verdict.ShouldBe(Verdict.Ok);
        ProgramChecks.Clock(null, _now).Verdict.ShouldBe(Verdict.Unknown);
    }

    [Theory]
    [InlineData(nameof(LinkState.Up), null, nameof(Verdict.Ok))]
    [InlineData(nameof(LinkState.Up), nameof(LinkCause.PeerRefuses), nameof(Verdict.Warning))]
    [InlineData(nameof(LinkState.Down), nameof(LinkCause.Refused), nameof(Verdict.Fault))]
    [InlineData(nameof(LinkState.Connecting), null, nameof(Verdict.Fault))]
    [InlineData(nameof(LinkState.Paused), nameof(LinkCause.PausedByOperator), nameof(Verdict.Warning))]
    public void Links_are_judged_by_state_and_cause(string state, string? cause, string verdict) =>
        LinkChecks.Link(_billing with { State = Enum.Parse<LinkState>(state), Cause = CauseOf(cause) }, _now)
            .Verdict.ToString().ShouldBe(verdict);

    [Theory]
    [InlineData(null, nameof(Verdict.Ok))]
    [InlineData(nameof(LinkCause.PeerRestarted), nameof(Verdict.Ok))]
    [InlineData(nameof(LinkCause.IdleCut), nameof(Verdict.Warning))]
    public void A_pattern_in_the_past_is_a_warning_unless_the_peer_was_just_restarted(string? cause, string verdict)
    {
        var past = _billing with
        {
            Errors = [new SeenError(LinkCause.ResetByPeer, _now, 4)],
            Patterns = CauseOf(cause) is { } known ? [new LinkPattern(known, 3, "a pattern")] : [],
        };

        var found = LinkChecks.History(past);

        found.Verdict.ToString().ShouldBe(verdict);
        found.Measured.ShouldStartWith("down by ResetByPeer 4 times");
    }

    private static LinkCause? CauseOf(string? name) => name is null ? null : Enum.Parse<LinkCause>(name);
}
