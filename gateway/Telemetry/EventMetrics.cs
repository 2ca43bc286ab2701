using System.Diagnostics;
using System.Diagnostics.Metrics;
using Gateway.Client.Wire;
using Gateway.Inbox;
using Gateway.Links.Causes;
using Gateway.Links.Protocol;
using Gateway.Store.Messages;

namespace Gateway.Telemetry;

/// <summary>Metrics of events, counted as they occur. Owned by the loop, except those of the store's thread.</summary>
internal sealed class EventMetrics
{
    private readonly TimeProvider _time;
    private readonly QueueTags _queues = new();
    private readonly QueueTags _queuesOfStore = new();
    private readonly Dictionary<string, KeyValuePair<string, object?>> _peers = [];
    private readonly Dictionary<string, (LinkState State, LinkCause Cause)> _links = [];
    private readonly HashSet<string> _wereUp = [];
    private readonly Counter<long> _accepted;
    private readonly Counter<long> _refused;
    private readonly Counter<long> _sent;
    private readonly Counter<long> _replayed;
    private readonly Counter<long> _acknowledged;
    private readonly Histogram<double> _ackDuration;
    private readonly Counter<long> _received;
    private readonly Counter<long> _changes;
    private readonly Counter<long> _reconnects;
    private readonly Counter<long> _delivered;
    private readonly Counter<long> _redelivered;
    private readonly Histogram<double> _latency;
    private readonly Counter<long> _settled;
    private readonly Counter<long> _deadLetters;
    private readonly Histogram<double> _commitDuration;
    private readonly Histogram<long> _commitSize;
    private readonly Histogram<long> _commitCommands;

    public EventMetrics(Meter meter, TimeProvider time)
    {
        _time = time;
        _accepted = meter.CreateCounter<long>(
            "gateway.intake.accepted", "{message}", "Messages of applications that are on the disk, each copy counted.");
        _refused = meter.CreateCounter<long>("gateway.intake.refused", "{request}", "Requests to enqueue that were refused.");
        _sent = meter.CreateCounter<long>("gateway.link.sent",
            "{message}", "Messages given to the connection with a peer, again or for the first time.");
        _replayed = meter.CreateCounter<long>(
            "gateway.link.replayed", "{message}", "Messages among those that were sent before, as far as is known.");
        _acknowledged = meter.CreateCounter<long>("gateway.link.acknowledged", "{message}", "Messages that the peer has on its disk.");
        _ackDuration = meter.CreateHistogram<double>("gateway.link.ack.duration", "s", "From a batch's sending to its acknowledgement.",
            null, Buckets(0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30));
        _received = meter.CreateCounter<long>("gateway.link.received", "{message}", "Messages of peers that are on the disk.");
        _changes = meter.CreateCounter<long>("gateway.link.changes", "{change}", "Changes of the state or the cause of a link.");
        _reconnects = meter.CreateCounter<long>("gateway.link.reconnects", "{connection}", "How often a link came up again in this run.");
        _delivered = meter.CreateCounter<long>(
            "gateway.inbox.delivered", "{message}", "Messages given to consumers, again or for the first time.");
        _redelivered = meter.CreateCounter<long>(
            "gateway.inbox.redelivered", "{message}", "Messages among those that a consumer has had before.");
        _latency = meter.CreateHistogram<double>(
            "gateway.inbox.latency", "s", "From acceptance by the first gateway to the first delivery, by the clocks of two hosts.",
            null, Buckets(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 60, 600, 3600, 86400));
        _settled = meter.CreateCounter<long>("gateway.inbox.settled", "{message}", "Deliveries that have ended.");
        _deadLetters = meter.CreateCounter<long>("gateway.dead_letters.made", "{message}", "Messages that became dead letters.");
        _commitDuration = meter.CreateHistogram<double>("gateway.store.commit.duration", "s", "Writing a group and flushing it to "
            + "the disk.", null, Buckets(0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 5));
        _commitSize = meter.CreateHistogram<long>("gateway.store.commit.size", "By", "Bytes of a group.", null,
            new InstrumentAdvice<long> { HistogramBucketBoundaries = [1 << 10, 1 << 12, 1 << 14, 1 << 16, 1 << 18, 1 << 20, 1 << 22] });
        _commitCommands = meter.CreateHistogram<long>("gateway.store.commit.commands", "{command}", "Commands that share a group, and its "
            + "flush.", null, new InstrumentAdvice<long> { HistogramBucketBoundaries = [1, 2, 5, 10, 25, 50, 100, 250, 500, 1000, 2500] });
    }

    public void Accepted(QueueId queue, int messages) => _accepted.Add(messages, _queues.Of(queue));

    public void Refused(WireCode code) => _refused.Add(1, new KeyValuePair<string, object?>(TelemetryNames.ErrorType, code.ToString()));

    public void Sent(QueueId queue, int messages, int again)
    {
        var tags = _queues.Of(queue);
        _sent.Add(messages, tags);
        if (again > 0) _replayed.Add(again, tags);
    }

    public void Acknowledged(QueueId queue, int messages, TimeSpan after)
    {
        var tags = _queues.Of(queue);
        _acknowledged.Add(messages, tags);
        // The last attribute of an outgoing queue is its peer.
        _ackDuration.Record(after.TotalSeconds, tags[^1]);
    }

    public void Arrived(QueueId queue, string peer, int messages)
    {
        TagList tags = [.. _queues.Of(queue), PeerOf(peer)];
        _received.Add(messages, tags);
    }

    public void LinkChanged(string peer, LinkChange change)
    {
        // Some entries of the history only add to the last change.
        if (_links.GetValueOrDefault(peer) != (change.State, change.Cause))
        {
            _links[peer] = (change.State, change.Cause);
            _changes.Add(1, PeerOf(peer), new(TelemetryNames.LinkState, MeterText.Of(change.State)),
                new(TelemetryNames.LinkCause, MeterText.Of(change.Cause)));
        }

        // The entry names the peer's run when a connection has come up.
        if (change.Incarnation is not null && !_wereUp.Add(peer)) _reconnects.Add(1, PeerOf(peer));
    }

    public void Delivered(QueueId queue, Message message, int deliveries)
    {
        var tags = _queues.Of(queue);
        _delivered.Add(1, tags);
        if (deliveries > 1) _redelivered.Add(1, tags);
        else if (_latency.Enabled)
            _latency.Record(Math.Max(0, _time.GetUtcNow().ToUnixTimeMilliseconds() - message.EnqueuedUnixMs) / 1000.0, tags);
    }

    public void Settled(QueueId queue, Settlement how)
    {
        var tags = new TagList(_queues.Of(queue)) { { TelemetryNames.Settlement, MeterText.Of(how) } };
        _settled.Add(1, tags);
    }

    /// <summary>On the store's thread.</summary>
    public void Committed(int commands, long bytes, TimeSpan took)
    {
        _commitDuration.Record(took.TotalSeconds);
        _commitSize.Record(bytes);
        if (commands > 0) _commitCommands.Record(commands);
    }

    /// <summary>On the store's thread.</summary>
    public void DeadLettered(QueueId queue, DeadLetterReason reason)
    {
        var tags = new TagList(_queuesOfStore.Of(queue)) { { TelemetryNames.Reason, MeterText.Of(reason) } };
        _deadLetters.Add(1, tags);
    }

    /// <summary>The configuration bounds the number of peers.</summary>
    private KeyValuePair<string, object?> PeerOf(string peer)
    {
        if (!_peers.TryGetValue(peer, out var tag)) _peers[peer] = tag = new KeyValuePair<string, object?>(TelemetryNames.Peer, peer);
        return tag;
    }

    private static InstrumentAdvice<double> Buckets(params IReadOnlyList<double> boundaries) =>
        new() { HistogramBucketBoundaries = boundaries };
}
