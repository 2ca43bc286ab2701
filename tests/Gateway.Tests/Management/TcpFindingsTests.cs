using Gateway.Dashboard.Live;
using Gateway.Links.Causes;
using Gateway.Links.Protocol;
using Gateway.Management;
using Gateway.Tcp;
using Shouldly;
using Xunit;

namespace Gateway.Tests.Management;

/// <summary>The judgement of inlets and outlets.</summary>
public sealed class TcpFindingsTests
{
    private static readonly DateTimeOffset _now = TcpGlances.Now;

    [Fact]
    public void AnInletAndAnOutletThatAreWell_AreNoFinding()
    {
        Findings.Of(State([TcpGlances.Inlet()], [TcpGlances.Outlet()])).ShouldBeEmpty();
        Findings.Of(State([], [TcpGlances.Outlet(LinkState.Up, LinkCause.PeerRestarted, "receiver (pid 4711) was replaced")]))
            .ShouldBeEmpty();
    }

    [Fact]
    public void AStreamThatStandsForLong_IsNoFinding_AndAPieceThatWaitsForLongIs()
    {
        var outlet = TcpGlances.Outlet(LinkState.Up, LinkCause.None, "", messages: 1);
        var queue = outlet.Queue! with { OldestAt = _now.AddHours(-1), RemovedPerSecond = 0 };
        var open = outlet.Status with { OpenStreams = 1 };
        Findings.Of(With(queue, outlet.Status)).ShouldHaveSingleItem().Code.ShouldBe("waiting");

        Findings.Of(With(queue, open)).ShouldBeEmpty();
        OutletSummary.Of(open, queue, pause: null).Messages.ShouldBe(0);

        Findings.Of(With(queue, open with { OldestOfStreams = _now.AddMinutes(-10) })).ShouldHaveSingleItem().Sentence
            .ShouldContain("10 min");

        static GatewayState With(QueueSummary queue, OutletStatus status)
        {
            var seen = OutletSummary.WithoutOpenStreams(queue, [status]);
            return State([], [OutletSummary.Of(status, seen, pause: null)]) with { Queues = [seen] };
        }
    }

    [Fact]
    public void AnInletThatHoldsProgramsBack_IsAnError_WithItsEvidence()
    {
        var finding = Findings.Of(State(
            [TcpGlances.Inlet(LinkState.Up, LinkCause.LocalQuota, "telegrams@plant is full")], [])).ShouldHaveSingleItem();

        finding.Weight.ShouldBe(Weight.Error);
        finding.Sentence.ShouldBe("The inlet plc has held programs back for 10 min (LocalQuota): telegrams@plant is full.");
        finding.Advice.ShouldBe(LinkAdvice.For(LinkCause.LocalQuota));
        Show.Url(finding).ShouldBe("/tcp/inlet/plc");
    }

    [Fact]
    public void AnInletThatDoesNotListen_DegradesTheHealth()
    {
        var state = State([TcpGlances.Inlet(LinkState.Down, LinkCause.LocalPolicy, "the port is in use")], []);

        Findings.Of(state).ShouldHaveSingleItem().Sentence
            .ShouldBe("The inlet plc has not listened at tcp://127.0.0.1:0 for 10 min (LocalPolicy): the port is in use.");
        var health = Health.Of(state);
        health.Status.ShouldBe(HealthStatus.Degraded);
        health.Reasons.ShouldHaveSingleItem().ShouldBe(new HealthReason("inlet", "plc",
            "the inlet does not listen at tcp://127.0.0.1:0 (LocalPolicy) since 2026-11-22 11:50:00Z: the port is in use"));
    }

    [Fact]
    public void AnOutletThatIsPaused_SaysSo_AndIsNoFindingOfItsOwn()
    {
        var up = TcpGlances.Outlet(messages: 3);

        var outlet = OutletSummary.Of(up.Status, up.Queue, new Pause(_now.AddMinutes(-4), "anna", "new press"));

        (outlet.Status.State, outlet.Status.PresentCause).ShouldBe((LinkState.Paused, LinkCause.PausedByOperator));
        outlet.Status.Since.ShouldBe(_now.AddMinutes(-4));
        outlet.Status.Evidence.ShouldBe("paused by anna at 2026-11-22 11:56:00Z: new press");
        outlet.Status.Advice.ShouldContain("'gateway tcp resume press'");
        Show.State(outlet).ShouldBe("Paused");
        Findings.Of(State([], [outlet])).ShouldBeEmpty();
    }

    [Fact]
    public void AnInletThatIsPaused_SaysSo_AndIsANotice()
    {
        var listens = TcpGlances.Inlet(LinkState.Up, LinkCause.None, "");

        var inlet = InletSummary.Of(listens.Status, listens.Replies, new Pause(_now.AddMinutes(-4), "anna", "new press"));

        (inlet.Status.State, inlet.Status.Cause).ShouldBe((LinkState.Paused, LinkCause.PausedByOperator));
        inlet.Status.Since.ShouldBe(_now.AddMinutes(-4));
        inlet.Status.Advice.ShouldContain("'gateway tcp resume plc'");
        Show.State(inlet).ShouldBe("Paused");
        var finding = Findings.Of(State([inlet], [])).ShouldHaveSingleItem();
        (finding.Weight, finding.Sentence).ShouldBe(
            (Weight.Notice, "The inlet plc has been paused by anna for 4 min; programs wait."));
        Show.Url(finding).ShouldBe("/tcp/inlet/plc");
        Health.Of(State([inlet], [])).Status.ShouldBe(HealthStatus.Healthy);
    }

    [Theory]
    [InlineData(LinkState.Down, LinkCause.Refused, 14, Weight.Error,
        "The outlet press has been down for 10 min (Refused); 14 messages wait.")]
    [InlineData(LinkState.Down, LinkCause.Refused, 0, Weight.Warning,
        "The outlet press has been down for 10 min (Refused); nothing waits.")]
    [InlineData(LinkState.Up, LinkCause.PeerStuck, 1, Weight.Error,
        "The outlet press has been hindered for 10 min (PeerStuck); 1 message waits.")]
    [InlineData(LinkState.Connecting, LinkCause.None, 1, Weight.Error,
        "The outlet press has been connecting for 10 min (no cause yet); 1 message waits.")]
    internal void AnOutletThatIsNotWell_WeighsWhatWaits(LinkState state, LinkCause cause, long messages, object weight, string sentence)
    {
        var finding = Findings.Of(State([], [TcpGlances.Outlet(state, cause, "", messages)])).ShouldHaveSingleItem();

        (finding.Weight, finding.Sentence, finding.IsOfHealth).ShouldBe(((Weight)weight, sentence, true));
        Show.Url(finding).ShouldBe("/tcp/outlet/press");
    }

    [Fact]
    public void AnOutletWhoseQueueIsPaused_IsTheQueuesFindingAlone()
    {
        var outlet = TcpGlances.Outlet(LinkState.Down, LinkCause.Refused, "", 14);
        var pause = new Pause(_now, "anna", "");
        var paused = OutletSummary.Of(outlet.Status, outlet.Queue! with { Pause = pause }, pause);

        Findings.Of(State([], [paused])).ShouldHaveSingleItem().Code.ShouldBe("paused");
        Show.State(paused).ShouldBe("Paused");
    }

    [Fact]
    public void AQueueThatAnOutletDoesNotEmpty_NamesTheOutlet_InPlaceOfAConsumer()
    {
        Findings.Of(State([], [TcpGlances.Outlet(messages: 3)])).ShouldHaveSingleItem().Sentence
            .ShouldBe("The outlet press is up, and yet delivers no message of telegrams: the oldest has waited for 6 min.");
        Findings.Of(State([TcpGlances.Inlet(replies: 2)], [])).ShouldHaveSingleItem().Sentence
            .ShouldBe("Replies wait in plc.replies for a program at the inlet plc: the oldest has waited for 6 min.");
    }

    [Fact]
    public void TheStateOfEach_IsAWord()
    {
        Show.State(TcpGlances.Inlet()).ShouldBe("Listens");
        Show.State(TcpGlances.Inlet(LinkState.Up, LinkCause.LocalDisk)).ShouldBe("Holds back");
        Show.State(TcpGlances.Inlet(LinkState.Down, LinkCause.LocalPolicy)).ShouldBe("Does not listen");
        Show.State(TcpGlances.Outlet()).ShouldBe("Up");
        Show.State(TcpGlances.Outlet(LinkState.Up, LinkCause.PeerRefuses)).ShouldBe("Up, with a problem");
        Show.State(TcpGlances.Outlet(LinkState.Down, LinkCause.Refused)).ShouldBe("Down");
    }

    private static GatewayState State(IReadOnlyList<InletSummary> inlets, IReadOnlyList<OutletSummary> outlets) =>
        GlanceStates.At(_now) with
        {
            Inlets = inlets,
            Outlets = outlets,
            Queues = [.. inlets.Select(inlet => inlet.Replies).Concat(outlets.Select(outlet => outlet.Queue)).OfType<QueueSummary>()],
        };
}
