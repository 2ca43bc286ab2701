using Gateway.Dashboard.Live;
using Gateway.Links;
using Gateway.Management;
using Gateway.Store;
using Shouldly;
using Xunit;

namespace Gateway.Tests.Dashboard;

public sealed class FindingsTests
{
    private static readonly DateTimeOffset _now = new(2030, 5, 4, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Of_AGatewayThatIsWell_IsNothing() => Findings.Of(State(Link(LinkState.Up))).ShouldBeEmpty();

    [Theory]
    [InlineData(3, Weight.Error)]
    [InlineData(0, Weight.Warning)]
    public void Of_APeerThatIsDown_WeighsWhatWaits(long messages, object weight)
    {
        var finding = Findings.Of(State(Link(LinkState.Down, LinkCause.Refused, messages))).ShouldHaveSingleItem();

        finding.Weight.ShouldBe((Weight)weight);
        finding.What.ShouldStartWith("billing is down for 10 min (Refused); ");
        finding.Advice.ShouldBe(LinkAdvice.For(LinkCause.Refused));
        finding.Url.ShouldBe("/link/billing");
    }

    [Fact]
    public void Of_APausedPeer_SaysWhoAndWhy_AndNothingOfItsState()
    {
        var link = Link(LinkState.Paused, LinkCause.PausedByOperator, 1) with { Pause = new Pause(_now.AddMinutes(-5), "anna", "a move") };

        var finding = Findings.Of(State(link)).ShouldHaveSingleItem();

        finding.Weight.ShouldBe(Weight.Notice);
        finding.What.ShouldBe("billing was paused by anna 5 min ago (“a move”); 1 message waits.");
    }

    [Fact]
    public void Of_ManyThings_PutsTheWorstFirst()
    {
        var state = State(Link(LinkState.Down, LinkCause.Refused, 1)) with { DeadLetters = 1, FreeBytes = 1_000_000_000, Damaged = 2 };

        Findings.Of(state).Select(finding => finding.Weight).ShouldBe([Weight.Error, Weight.Error, Weight.Warning, Weight.Warning]);
    }

    [Fact]
    public void Of_AnInboundQueueThatNobodyReads_SaysSo()
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

        Findings.Of(State() with { Queues = [queue] })
            .ShouldHaveSingleItem().What.ShouldBe("Nobody takes messages from invoices: the oldest waits for 6 min.");
        Findings.Of(State() with { Queues = [queue with { RemovedPerSecond = 1 }] }).ShouldBeEmpty();
    }

    [Fact]
    public void Samples_AreOneASecond_AndNotMoreThanTheirMaximum()
    {
        var history = new SampleHistory();
        for (var i = 0; i < 2 * SampleHistory.SamplesMax; i++)
        {
            history.Add(State() with { Now = _now.AddSeconds(i) });
            history.Add(State() with { Now = _now.AddSeconds(i + 0.1) });
        }

        history.Samples.Count.ShouldBe(SampleHistory.SamplesMax);
        history.Samples[^1].At.ShouldBe(_now.AddSeconds((2 * SampleHistory.SamplesMax) - 1));
    }

    [Fact]
    public void Samples_BeginAnew_WhenTheClockWasSetBack()
    {
        var history = new SampleHistory();
        history.Add(State() with { Now = _now.AddHours(2) });
        history.Add(State() with { Now = _now });
        history.Add(State() with { Now = _now.AddSeconds(1) });

        history.Samples.Select(sample => sample.At).ShouldBe([_now, _now.AddSeconds(1)]);
    }

    private static LinkSummary Link(LinkState state, LinkCause cause = LinkCause.None, long messages = 0) => new()
    {
        Status = new LinkStatus("billing", state, cause, _now.AddMinutes(-10), "", LinkAdvice.For(cause)),
        Messages = messages,
        Bytes = 10 * messages,
    };

    private static GatewayState State(params LinkSummary[] links) => new()
    {
        Name = "shop",
        Incarnation = Guid.Empty,
        StartedAt = _now.AddDays(-1),
        Now = _now,
        Links = links,
        Queues = [],
        Outgoing = new QueueSum(0, 0, 0),
        Inbound = new QueueSum(0, 0, 0),
        DeadLetters = 0,
        Damaged = 0,
        StoredBytes = 0,
        StoredBytesMax = 10_000_000_000,
        FreeBytes = 100_000_000_000,
        FreeBytesMin = 256 << 20,
        Connections = new Dictionary<string, long>(),
    };
}
