using Gateway.Dashboard.Live;
using Gateway.Links.Causes;
using Gateway.Links.Protocol;
using Gateway.Management;
using Gateway.Store.Messages;
using Shouldly;
using Xunit;

namespace Gateway.Tests.Management;

/// <summary>The conditions that need attention, as pages, probes and command line tell them.</summary>
public sealed class FindingsTests
{
    private static readonly DateTimeOffset _now = new(2030, 5, 4, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void AGatewayThatIsWell_HasNone() => Findings.Of(State(Link(LinkState.Up))).ShouldBeEmpty();

    [Theory]
    [InlineData(LinkState.Down, 3, Weight.Error)]
    [InlineData(LinkState.Down, 0, Weight.Warning)]
    [InlineData(LinkState.Connecting, 120_000, Weight.Error)]
    [InlineData(LinkState.Connecting, 0, Weight.Warning)]
    public void APeerThatIsNotUp_WeighsWhatWaits(object state, long messages, object weight)
    {
        var finding = Findings.Of(State(Link((LinkState)state, LinkCause.Refused, messages))).ShouldHaveSingleItem();

        finding.Weight.ShouldBe((Weight)weight);
        finding.Sentence.ShouldStartWith($"billing has been {state.ToString()!.ToLowerInvariant()} for 10 min (Refused); ");
        finding.Advice.ShouldBe(LinkAdvice.For(LinkCause.Refused));
        finding.IsOfHealth.ShouldBeTrue();
        Show.Url(finding).ShouldBe("/link/billing");
    }

    [Fact]
    public void APeerThatIsUp_AndAcknowledgesNothing_NeedsAttention()
    {
        var link = Link(LinkState.Up, messages: 1);
        link = link with { Status = link.Status with { Fruitless = 3 } };

        Findings.Of(State(link)).ShouldHaveSingleItem().Sentence
            .ShouldBe("billing has been up for 10 min (no cause yet), and nothing that is sent is acknowledged; 1 message waits.");
    }

    [Fact]
    public void APausedPeer_SaysWhoAndWhy_AndNothingOfItsState()
    {
        var link = Link(LinkState.Paused, LinkCause.PausedByOperator, 1) with { Pause = new Pause(_now.AddMinutes(-5), "anna", "a move") };

        var finding = Findings.Of(State(link)).ShouldHaveSingleItem();

        finding.Weight.ShouldBe(Weight.Notice);
        finding.IsOfHealth.ShouldBeFalse();
        finding.Sentence.ShouldBe("billing was paused by anna 5 min ago (“a move”); 1 message waits.");
        finding.Text.ShouldBe("paused by anna since 2030-05-04 11:55:00Z (“a move”); 1 message waits");
    }

    [Fact]
    public void TheWorst_IsFirst()
    {
        var state = State(Link(LinkState.Down, LinkCause.Refused, 1)) with { DeadLetters = 1, FreeBytes = 300 << 20, Damaged = 2 };

        Findings.Of(state).Select(finding => finding.Weight).ShouldBe([Weight.Error, Weight.Error, Weight.Warning, Weight.Warning]);
    }

    [Theory]
    [InlineData(600, null)]
    [InlineData(300, "disk-low")]
    [InlineData(200, "disk-full")]
    public void ADisk_IsShort_ByTheConfiguredReserve(int freeMiB, string? code)
    {
        var state = State() with { FreeBytes = (long)freeMiB << 20 };

        (Findings.Of(state).SingleOrDefault()?.Code).ShouldBe(code);
        (Health.Of(state).Status == HealthStatus.Unhealthy).ShouldBe(code == "disk-full");
    }

    [Fact]
    public void AnInboundQueueThatNobodyReads_IsNamed()
    {
        var queue = new QueueSummary
        {
            Id = QueueId.Inbound("invoices"),
            Messages = 4,
            Bytes = 40,
            Head = 1,
            Tail = 4,
            OldestAt = _now.AddMinutes(-6)
        };

        var finding = Findings.Of(State() with { Queues = [queue] }).ShouldHaveSingleItem();
        finding.Sentence.ShouldBe("Nobody takes messages from invoices: the oldest has waited for 6 min.");
        Show.Url(finding).ShouldBe("/queue/in/invoices");
        Findings.Of(State() with { Queues = [queue with { RemovedPerSecond = 1 }] }).ShouldBeEmpty();
    }

    [Fact]
    public void AQueueThatIsFull_IsAnError_AlsoWhileItIsPaused_AndTheGatewayIsHealthy()
    {
        var queue = new QueueSummary
        {
            Id = QueueId.Outgoing("orders", "billing"),
            Messages = 1_000,
            Bytes = 2_048,
            Head = 1,
            Tail = 1_000,
            IsFull = true,
            Pause = new Pause(_now, "anna", ""),
        };
        var state = State() with { Queues = [queue] };

        Findings.Of(state).Select(finding => finding.Code).ShouldBe(["queue-full", "paused"]);
        Findings.Of(state)[0].Sentence.ShouldBe(
            "orders@billing is full, with 1,000 messages of 2 kB, and rejects another of their mean size.");
        Show.Url(Findings.Of(state)[0]).ShouldBe("/queue/out/orders@billing");
        Health.Of(state).Status.ShouldBe(HealthStatus.Healthy);
    }

    private static LinkSummary Link(LinkState state, LinkCause cause = LinkCause.None, long messages = 0) =>
        GlanceStates.Link(_now, state, cause, messages);

    private static GatewayState State(params LinkSummary[] links) => GlanceStates.At(_now, links);
}
