using System.Net.Sockets;
using Gateway.Doctor;
using Gateway.Links.Causes;
using Gateway.Links.Protocol;
using Shouldly;
using Xunit;

namespace Gateway.Tests.Doctor;

public sealed class ProbeChecksTests
{
    private static readonly DateTimeOffset _now = new(2030, 1, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly TimeSpan _heartbeat = TimeSpan.FromSeconds(5);

    private static readonly ProbeFrame.Probed _answer =
        new("billing", "1.4.0", 0, new ProbedLink(ProbedState.Up, LinkCause.None, 0, ""), IsConnected: true);

    [Fact]
    public void APeerThatAnswersEverything_IsOk()
    {
        var facts = new ProbeFacts(_answer)
        {
            Idle = new TripFacts(20, TimeSpan.FromMicroseconds(300), TimeSpan.FromMilliseconds(2)),
            To = new SizeFacts(9000, null),
            From = new SizeFacts(9000, null),
            Bandwidth = (1e9, 2e9),
            Silence = new SilenceFacts(TimeSpan.FromMinutes(15), null),
            Back = new ProbeFrame.DialedBack(ProbeStage.Reached, LinkCause.None, "it answered"),
        };

        var findings = ProbeChecks.Of(facts, "billing", _heartbeat, Link(LinkState.Up)).ToList();

        findings.ShouldAllBe(finding => finding.Verdict == Verdict.Ok);
        findings.Select(finding => finding.Id).ShouldBe(
            ["probe", "views", "dial-back", "echo", "message-size", "message-size", "bandwidth", "idle"]);
    }

    [Fact]
    public void AVersionWithoutProbes_IsUnknown()
    {
        var finding = ProbeChecks.Of(new ProbeFacts(null, RefusalCode.Protocol, "a frame could not be read"), "billing", _heartbeat, null)
            .ShouldHaveSingleItem();

        (finding.Verdict, finding.Measured).ShouldBe((Verdict.Unknown, "the peer's version does not answer probes"));
    }

    [Fact]
    public void ARefusal_IsAFault_WithThePeersReason()
    {
        var finding = ProbeChecks.Probe(new ProbeFacts(null, RefusalCode.UnknownPeer, "shop is not among the peers of billing"), "billing");

        (finding.Verdict, finding.Measured).ShouldBe((Verdict.Fault, "it refused (UnknownPeer): shop is not among the peers of billing"));
    }

    [Fact]
    public void EachProcessOfAPeer_IsNamed_AndThatOneStandsByIsNoFault()
    {
        var standby = ("10.0.0.6:7421", new ProbeFacts(null, RefusalCode.Standby, "this process of billing stands by"));

        var findings = ProbeChecks.Others([standby, ("10.0.0.7:7421", new ProbeFacts(_answer))], "billing", isActive: true).ToList();

        findings.Select(finding => (finding.About, finding.Verdict, finding.Measured)).ShouldBe(
            [
                ("10.0.0.6:7421", Verdict.Ok, "a process of billing that stands by"),
                ("10.0.0.7:7421", Verdict.Ok, "billing, version 1.4.0, answers"),
            ]);
        ProbeChecks.Others([standby], "billing", isActive: false).Last().ShouldSatisfyAllConditions(
            finding => finding.Verdict.ShouldBe(Verdict.Fault), finding => finding.About.ShouldBe("billing"));
    }

    [Fact]
    public void AnAnswerThatBreaksOff_IsAWarning() =>
        ProbeChecks.Probe(new ProbeFacts(_answer, Fault: "it stopped answering"), "billing").Verdict.ShouldBe(Verdict.Warning);

    [Theory]
    [InlineData(nameof(LinkState.Up), true, nameof(ProbedState.Up), nameof(LinkCause.None), nameof(Verdict.Ok))]
    [InlineData(nameof(LinkState.Up), false, nameof(ProbedState.Up), nameof(LinkCause.None), nameof(Verdict.Fault))]
    [InlineData(nameof(LinkState.Down), true, nameof(ProbedState.Up), nameof(LinkCause.None), nameof(Verdict.Warning))]
    [InlineData(nameof(LinkState.Down), false, nameof(ProbedState.Down), nameof(LinkCause.Refused), nameof(Verdict.Ok))]
    [InlineData(nameof(LinkState.Up), true, nameof(ProbedState.Down), nameof(LinkCause.ConnectTimeout), nameof(Verdict.Warning))]
    [InlineData(nameof(LinkState.Up), true, nameof(ProbedState.Connecting), nameof(LinkCause.ConnectTimeout), nameof(Verdict.Warning))]
    [InlineData(nameof(LinkState.Up), true, nameof(ProbedState.Connecting), nameof(LinkCause.None), nameof(Verdict.Ok))]
    [InlineData(nameof(LinkState.Up), true, nameof(ProbedState.Paused), nameof(LinkCause.PausedByOperator), nameof(Verdict.Ok))]
    public void TheViews_AreAFindingWhenTheyDiffer(
        string here, bool isConnectedThere, string there, string cause, string verdict)
    {
        var back = new ProbedLink(Enum.Parse<ProbedState>(there), Enum.Parse<LinkCause>(cause), 0, "so it says");

        var finding = ProbeChecks.Views(
            _answer with { IsConnected = isConnectedThere, Back = back }, Link(Enum.Parse<LinkState>(here)), "billing");

        finding.Verdict.ToString().ShouldBe(verdict, finding.Measured);
        if (here == nameof(LinkState.Up) && verdict == nameof(Verdict.Warning)) finding.Measured.ShouldEndWith($"for {cause}: so it says");
    }

    [Theory]
    [InlineData(nameof(ProbeStage.None), nameof(Verdict.Unknown))]
    [InlineData(nameof(ProbeStage.Name), nameof(Verdict.Fault))]
    [InlineData(nameof(ProbeStage.Connect), nameof(Verdict.Fault))]
    [InlineData(nameof(ProbeStage.Tls), nameof(Verdict.Fault))]
    [InlineData(nameof(ProbeStage.Greeting), nameof(Verdict.Fault))]
    [InlineData(nameof(ProbeStage.Reached), nameof(Verdict.Ok))]
    public void TheWayBack_IsAFaultByItsStage(string stage, string verdict) =>
        ProbeChecks.DialBack(new ProbeFrame.DialedBack(Enum.Parse<ProbeStage>(stage), LinkCause.ConnectTimeout, "10.0.0.1:7421"), "billing")
            .Verdict.ToString().ShouldBe(verdict);

    [Fact]
    public void LargeMessagesThatGetLost_AreNamedWithBothSizes()
    {
        var finding = ProbeChecks.MessageSize(new SizeFacts(1368, 1400), "to billing");

        (finding.Verdict, finding.About).ShouldBe((Verdict.Fault, "to billing"));
        finding.Measured.ShouldBe("messages of 1,368 bytes pass, those of 1,400 and more do not");
    }

    [Fact]
    public void ASizeThatCouldNotBeMeasured_IsUnknown() =>
        ProbeChecks.MessageSize(new SizeFacts(0, null, "too many probes are open"), "to billing").Verdict.ShouldBe(Verdict.Unknown);

    [Theory]
    [InlineData(60, 120, nameof(Verdict.Warning))]
    [InlineData(2, 4, nameof(Verdict.Fault))]
    public void ACutSilence_IsAFaultIfLinksAreSilentForAsLong(int survived, int cut, string verdict) =>
        ProbeChecks.Silence(new SilenceFacts(TimeSpan.FromSeconds(survived), TimeSpan.FromSeconds(cut)), "billing", _heartbeat)
            .Verdict.ToString().ShouldBe(verdict);

    [Fact]
    public void TheReportOfAWay_IsItsFurthestStage()
    {
        var unreached = new AddressFacts("10.0.0.1:7421", null, LinkCause.ConnectTimeout, "no answer");
        var reached = new AddressFacts("10.0.0.2:7421", TimeSpan.FromMilliseconds(1)) { Greeting = new GreetingFacts(TimeSpan.Zero) };

        Report().Stage.ShouldBe(ProbeStage.Name);
        Report(unreached).ShouldBe(
            new ProbeFrame.DialedBack(ProbeStage.Connect, LinkCause.ConnectTimeout, "10.0.0.1:7421: no answer"));
        Report(unreached, reached).Stage.ShouldBe(ProbeStage.Reached);
        Report(reached with { Tls = new TlsFacts(TimeSpan.Zero, "", "no trust") }).Stage.ShouldBe(ProbeStage.Tls);
        Report(reached with { Greeting = new GreetingFacts(TimeSpan.Zero, LinkCause.WrongService, "no ZMTP") }).Stage
            .ShouldBe(ProbeStage.Greeting);

        static ProbeFrame.DialedBack Report(params AddressFacts[] addresses) =>
            WayBackReport.Of(new WayFacts("shop", 7421, true, [new NameAnswer(AddressFamily.InterNetwork, [], TimeSpan.Zero)], addresses));
    }

    private static LinkPast Link(LinkState state) => new("billing", state, null, _now, "", "", "");
}
