using System.Diagnostics;
using Gateway.Inbox;
using Gateway.Telemetry;
using Shouldly;
using Xunit;

namespace Gateway.Tests.Telemetry;

public sealed class MessageSpansTests : IDisposable
{
    private readonly TelemetryBench _bench = new();

    private IReadOnlyList<Activity> Spans => [.. _bench.Recorder.Spans];

    public void Dispose() => _bench.Dispose();

    [Fact]
    public void Accepted_IsASpanOfTheSendersTrace_FromAcceptanceToTheDisk()
    {
        var placed = _bench.Place(TelemetryBench.Outgoing, 1, TelemetryBench.Traced);
        var accepted = _bench.Time.GetUtcNow();
        _bench.Time.Advance(TimeSpan.FromMilliseconds(4));

        _bench.Telemetry.Accepted([placed]);

        var span = Spans.ShouldHaveSingleItem();
        span.DisplayName.ShouldBe("store orders@far");
        span.TraceId.ToHexString().ShouldBe(TelemetryBench.Trace);
        span.ParentSpanId.ToHexString().ShouldBe(TelemetryBench.Sender);
        span.TraceStateString.ShouldBe("vendor=1");
        span.StartTimeUtc.ShouldBe(accepted.UtcDateTime);
        span.Duration.ShouldBe(TimeSpan.FromMilliseconds(4));
    }

    [Theory]
    [InlineData("")]
    [InlineData("""{"kind":"x"}""")]
    [InlineData("""{"kind":"traceparent"}""")]
    [InlineData("""{"traceparent":"nonsense"}""")]
    [InlineData("""{"traceparent":7}""")]
    [InlineData("""{"traceparent":""")]
    public void Accepted_WithoutATrace_HasNoSpan(string headers)
    {
        _bench.Telemetry.Accepted([_bench.Place(TelemetryBench.Outgoing, 1, headers)]);

        Spans.ShouldBeEmpty();
    }

    [Fact]
    public void Accepted_ATraceThatIsNotRecorded_HasNoSpan()
    {
        _bench.Telemetry.Accepted([_bench.Place(TelemetryBench.Outgoing, 1, TelemetryBench.NotRecorded)]);

        Spans.ShouldBeEmpty();
    }

    [Fact]
    public void Sent_EndsWithTheAcknowledgement()
    {
        _bench.Forward(1, 3, TelemetryBench.Traced);
        _bench.Time.Advance(TimeSpan.FromMilliseconds(7));

        _bench.Telemetry.Acknowledged(TelemetryBench.Outgoing, 2, 2, TimeSpan.FromMilliseconds(7));

        Spans.Count.ShouldBe(2);
        Spans.ShouldAllBe(span => span.DisplayName == "forward orders@far"
            && span.Duration == TimeSpan.FromMilliseconds(7) && span.Status == ActivityStatusCode.Unset);
        Spans.Select(span => span.GetTagItem(TelemetryNames.Number)).ShouldBe([1L, 2L]);
    }

    [Fact]
    public void StartsAfter_APositionOnDisk_EndsWhatIsThereWell_AndTheRestInVain()
    {
        _bench.Forward(1, 2, TelemetryBench.Traced);

        _bench.Telemetry.StartsAfter(TelemetryBench.Outgoing, 1, isOnDisk: true);
        _bench.Forward(2, 1, TelemetryBench.Traced, sentBefore: 2);
        _bench.Telemetry.Acknowledged(TelemetryBench.Outgoing, 2, 1, TimeSpan.Zero);

        Spans.Select(span => (span.GetTagItem(TelemetryNames.Number), span.GetTagItem(TelemetryNames.ErrorType),
            span.GetTagItem(TelemetryNames.IsReplay)))
            .ShouldBe([(1L, null, false), (2L, "not_acknowledged", false), (2L, null, true)]);
    }

    [Fact]
    public void StartsAfter_WhatIsNotOnDiskYet_GoesOn()
    {
        _bench.Forward(1, 2, TelemetryBench.Traced);

        _bench.Telemetry.StartsAfter(TelemetryBench.Outgoing, 1, isOnDisk: false);

        Spans.Select(span => span.GetTagItem(TelemetryNames.Number)).ShouldBe([2L]);
        _bench.Telemetry.Acknowledged(TelemetryBench.Outgoing, 1, 1, TimeSpan.Zero);
        Spans.Count.ShouldBe(2);
    }

    [Fact]
    public void Settled_IsASpanFromTheDelivery_WithHowItEnded()
    {
        var message = _bench.Place(TelemetryBench.Inbound, 5, TelemetryBench.Traced).Message;
        _bench.Telemetry.Delivered(TelemetryBench.Inbound, message, 2);
        _bench.Time.Advance(TimeSpan.FromSeconds(1));

        _bench.Telemetry.Settled(TelemetryBench.Inbound, 5, Settlement.LeaseLost);

        var span = Spans.ShouldHaveSingleItem();
        span.DisplayName.ShouldBe("deliver orders");
        span.Duration.ShouldBe(TimeSpan.FromSeconds(1));
        span.Status.ShouldBe(ActivityStatusCode.Error);
        span.GetTagItem(TelemetryNames.Settlement).ShouldBe("lease_lost");
        span.GetTagItem(TelemetryNames.Deliveries).ShouldBe(2);
    }

    [Fact]
    public void Sent_MoreThanTheBound_TheRestHasNoSpan()
    {
        _bench.Forward(1, MessageSpans.PendingMax + 10, TelemetryBench.Traced);

        _bench.Telemetry.Acknowledged(TelemetryBench.Outgoing, long.MaxValue, 1, TimeSpan.Zero);

        Spans.Count.ShouldBe(MessageSpans.PendingMax);
    }

    [Fact]
    public void Spans_NobodyListens_NothingIsKept()
    {
        _bench.Recorder.Dispose();
        var batch = new[] { _bench.Place(TelemetryBench.Outgoing, 1, TelemetryBench.Traced) };
        var message = _bench.Place(TelemetryBench.Inbound, 1, TelemetryBench.Traced).Message;
        Report();
        var before = GC.GetAllocatedBytesForCurrentThread();

        for (var i = 0; i < 1000; i++) Report();

        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBe(0);

        void Report()
        {
            _bench.Telemetry.Accepted(batch);
            _bench.Telemetry.Delivered(TelemetryBench.Inbound, message, 1);
            _bench.Telemetry.Settled(TelemetryBench.Inbound, 1, Settlement.Completed);
            _bench.Telemetry.Acknowledged(TelemetryBench.Outgoing, 1, 1, TimeSpan.Zero);
        }
    }
}
