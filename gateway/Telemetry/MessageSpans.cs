using System.Diagnostics;
using Gateway.Client;
using Gateway.Inbox;
using Gateway.Store.Commands;
using Gateway.Store.Messages;

namespace Gateway.Telemetry;

/// <summary>
/// The steps of a message's way as spans of its sender's trace: <c>store</c>, <c>forward</c> and <c>deliver</c>, each a child of the
/// sender's span. A span is created when its step has ended, with the step's start and end times. Only messages with a recorded trace get
/// spans, and only while something listens. Owned by the loop.
/// </summary>
internal sealed class MessageSpans(TimeProvider time) : IDisposable
{
    /// <summary>The maximum number of steps in progress; further ones get no span.</summary>
    public const int PendingMax = 10_000;

    private readonly Dictionary<QueueId, Queue<Sent>> _sent = [];
    private readonly Dictionary<(QueueId Queue, long Number), Held> _held = [];
    private int _pendingSent;

    public ActivitySource Source { get; } = new(TelemetryNames.Source);

    public void Dispose() => Source.Dispose();

    /// <summary>An application's messages are durable.</summary>
    public void Accepted(IReadOnlyList<Placed> placed)
    {
        if (!Source.HasListeners()) return;
        for (var i = 0; i < placed.Count; i++)
            Stored(placed[i], DateTimeOffset.FromUnixTimeMilliseconds(placed[i].Message.Message.EnqueuedUnixMs), peer: null);
    }

    /// <summary>A peer's messages are durable.</summary>
    public void Arrived(string peer, IReadOnlyList<Placed> placed, DateTimeOffset receivedAt)
    {
        if (!Source.HasListeners()) return;
        for (var i = 0; i < placed.Count; i++) Stored(placed[i], receivedAt, peer);
    }

    public void Forwarded(QueueId queue, IReadOnlyList<NumberedMessage> messages, long sentBefore)
    {
        if (!Source.HasListeners()) return;
        for (var i = 0; i < messages.Count; i++)
        {
            var (number, message) = messages[i];
            if (_pendingSent >= PendingMax || !TraceHeaders.TryFindRecorded(message.Headers.Span, out var context)) continue;
            if (!_sent.TryGetValue(queue, out var pending)) _sent[queue] = pending = [];
            pending.Enqueue(new Sent(number, new Traced(context, message.Id, message.Body.Length), time.GetUtcNow(), number <= sentBefore));
            _pendingSent++;
        }
    }

    /// <summary>The peer has stored all messages up to the number.</summary>
    public void Acknowledged(QueueId queue, long upTo)
    {
        if (_pendingSent == 0 || !_sent.TryGetValue(queue, out var pending)) return;
        while (pending.TryPeek(out var sent) && sent.Number <= upTo)
        {
            pending.Dequeue();
            End(queue, sent, error: null);
        }

        if (pending.Count == 0) _sent.Remove(queue);
    }

    /// <summary>Sending resumes after the number; anything sent above it was lost.</summary>
    public void StartsAfter(QueueId queue, long number, bool isOnDisk)
    {
        if (isOnDisk) Acknowledged(queue, number);
        if (_pendingSent == 0 || !_sent.TryGetValue(queue, out var pending)) return;
        for (var left = pending.Count; left > 0; left--)
        {
            var sent = pending.Dequeue();
            if (sent.Number <= number) pending.Enqueue(sent);
            else End(queue, sent, error: "not_acknowledged");
        }

        if (pending.Count == 0) _sent.Remove(queue);
    }

    public void Delivered(QueueId queue, StoredMessage stored, int deliveries)
    {
        if (!Source.HasListeners() || _held.Count >= PendingMax
            || !TraceHeaders.TryFindRecorded(stored.Message.Headers.Span, out var context)) return;
        _held[(queue, stored.Number)] = new Held(
            new Traced(context, stored.Message.Id, stored.Message.Body.Length), time.GetUtcNow(), deliveries);
    }

    public void Settled(QueueId queue, long number, Settlement how)
    {
        if (_held.Count == 0 || !_held.Remove((queue, number), out var held)) return;
        using var span = Begin("deliver", ActivityKind.Internal, queue, held.Message, held.At);
        span?.SetTag(TelemetryNames.Deliveries, held.Deliveries);
        span?.SetTag(TelemetryNames.Settlement, MeterText.Of(how));
        if (how is Settlement.Abandoned or Settlement.Rejected or Settlement.LeaseLost) Fail(span, MeterText.Of(how));
    }

    private void Stored(Placed placed, DateTimeOffset since, string? peer)
    {
        var message = placed.Message.Message;
        if (!TraceHeaders.TryFindRecorded(message.Headers.Span, out var context)) return;
        using var span = Begin("store", ActivityKind.Internal, placed.Queue, new Traced(context, message.Id, message.Body.Length), since);
        span?.SetTag(TelemetryNames.Number, placed.Message.Number);
        if (peer is not null) span?.SetTag(TelemetryNames.Peer, peer);
    }

    private void End(QueueId queue, Sent sent, string? error)
    {
        _pendingSent--;
        using var span = Begin("forward", ActivityKind.Client, queue, sent.Message, sent.At);
        span?.SetTag(TelemetryNames.OperationType, "send");
        span?.SetTag(TelemetryNames.Peer, queue.Peer);
        span?.SetTag(TelemetryNames.Number, sent.Number);
        span?.SetTag(TelemetryNames.IsReplay, sent.IsReplay);
        if (error is not null) Fail(span, error);
    }

    /// <summary>Starts a span that ends now; null if the listener does not want it.</summary>
    private Activity? Begin(string operation, ActivityKind kind, QueueId queue, Traced message, DateTimeOffset since)
    {
        var tags = new TagList
        {
            { TelemetryNames.System, TelemetryNames.Prefix },
            { TelemetryNames.OperationName, operation },
            { TelemetryNames.Destination, queue.Name },
            { TelemetryNames.MessageId, message.Id.ToString() },
            { TelemetryNames.BodySize, message.BodyBytes },
        };
        var span = Source.StartActivity($"{operation} {queue.Name}", kind, message.Context, tags, links: null, since);
        span?.SetEndTime(time.GetUtcNow().UtcDateTime);
        return span;
    }

    private static void Fail(Activity? span, string error)
    {
        span?.SetTag(TelemetryNames.ErrorType, error);
        span?.SetStatus(ActivityStatusCode.Error);
    }

    /// <summary>The data of a message for its spans.</summary>
    private readonly record struct Traced(ActivityContext Context, MessageId Id, int BodyBytes);

    /// <summary>A message sent but not acknowledged.</summary>
    private readonly record struct Sent(long Number, Traced Message, DateTimeOffset At, bool IsReplay);

    /// <summary>A message held by a consumer.</summary>
    private readonly record struct Held(Traced Message, DateTimeOffset At, int Deliveries);
}
