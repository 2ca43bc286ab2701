using Gateway.Links.Causes;
using Gateway.Links.Protocol;
using Gateway.Store.Messages;
using Gateway.Telemetry;
using Shouldly;
using Xunit;

namespace Gateway.Tests.Telemetry;

public sealed class MetricsTests : IDisposable
{
    private readonly TelemetryBench _bench = new();

    public void Dispose() => _bench.Dispose();

    [Fact]
    public void Sent_CountsWhatIsSentAgain()
    {
        _bench.Forward(1, 3, "");
        _bench.Forward(2, 4, "", sentBefore: 3);

        _bench.Recorder.Sum("gateway.link.sent", (TelemetryNames.Destination, "orders@far"), (TelemetryNames.Peer, "far")).ShouldBe(7);
        _bench.Recorder.Sum("gateway.link.replayed").ShouldBe(2);
    }

    [Fact]
    public void LinkChanged_CountsChanges_NotWhatTheHistoryAddsToThem()
    {
        _bench.Telemetry.LinkChanged("far", _bench.Change(LinkState.Up));
        _bench.Telemetry.LinkChanged("far", _bench.Change(LinkState.Up) with { Incarnation = null, Evidence = "both sides saw a reset" });
        _bench.Telemetry.LinkChanged("far", _bench.Change(LinkState.Down, LinkCause.ResetByPeer));
        _bench.Telemetry.LinkChanged("far", _bench.Change(LinkState.Up, LinkCause.ResetByPeer));

        _bench.Recorder.Sum("gateway.link.changes").ShouldBe(3);
        _bench.Recorder.Sum("gateway.link.changes", (TelemetryNames.LinkState, "down"), (TelemetryNames.LinkCause, "reset_by_peer"))
            .ShouldBe(1);
        _bench.Recorder.Sum("gateway.link.reconnects").ShouldBe(1);
    }

    [Fact]
    public void Delivered_MeasuresTheLatencyOfTheFirstDeliveryOnly()
    {
        var message = _bench.Place(TelemetryBench.Inbound, 1, "").Message;
        _bench.Time.Advance(TimeSpan.FromSeconds(3));

        _bench.Telemetry.Delivered(TelemetryBench.Inbound, message, 1);
        _bench.Telemetry.Delivered(TelemetryBench.Inbound, message, 2);

        _bench.Recorder.Sum("gateway.inbox.latency").ShouldBe(3);
        _bench.Recorder.Sum("gateway.inbox.delivered").ShouldBe(2);
        _bench.Recorder.Sum("gateway.inbox.redelivered").ShouldBe(1);
    }

    [Fact]
    public void State_BeforeTheFirstAnswer_IsNotGuessed()
    {
        _bench.Recorder.Ask();

        _bench.Recorder.OfState.ShouldBeEmpty();
    }

    [Fact]
    public void State_IsShownUntilTheNextAnswer_WithAgesThatGoOn()
    {
        _bench.Telemetry.State.Show(_bench.State());
        _bench.Time.Advance(TimeSpan.FromMinutes(1));

        _bench.Recorder.Ask();

        _bench.Recorder.Sum("gateway.queue.messages", (TelemetryNames.Destination, "orders@far")).ShouldBe(4);
        _bench.Recorder.Sum("gateway.queue.removed", (TelemetryNames.Destination, "orders@far")).ShouldBe(6);
        _bench.Recorder.Sum("gateway.queue.oldest.age", (TelemetryNames.Destination, "orders@far")).ShouldBe(360);
        _bench.Recorder.Sum("gateway.link.up").ShouldBe(0);
        _bench.Recorder.Sum("gateway.link.status", (TelemetryNames.LinkCause, "refused")).ShouldBe(1);
        _bench.Recorder.Sum("gateway.link.status.age").ShouldBe(150);
        _bench.Recorder.Sum("gateway.connections.refused", (TelemetryNames.ErrorType, "not_zmtp")).ShouldBe(2);
    }

    [Fact]
    public void State_MoreQueuesThanTheBound_AddsUpTheRest()
    {
        var queues = Enumerable.Range(0, QueueTags.QueuesMax + 3).Select(i => _bench.Summary(QueueId.Inbound($"q{i}"), 2, 5)).ToArray();

        _bench.Telemetry.State.Show(_bench.State(queues));
        _bench.Recorder.Ask();

        _bench.Recorder.Measurements.Count(measured => measured.Metric == "gateway.queue.messages").ShouldBe(QueueTags.QueuesMax + 1);
        _bench.Recorder.Sum("gateway.queue.messages", (TelemetryNames.Destination, QueueTags.Other)).ShouldBe(6);
        _bench.Recorder.Sum("gateway.queue.messages").ShouldBe(2 * queues.Length);
    }
}
