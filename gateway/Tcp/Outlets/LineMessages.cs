using Gateway.Client.Pacing;

namespace Gateway.Tcp.Outlets;

/// <summary>
/// The messages on one line, in the order of the queue: those that wait, those that are sent, those that are acknowledged and held back,
/// and those that the target has refused. Owned by its line.
/// </summary>
internal sealed class LineMessages(OutletSettings settings, LoopClock clock, Random random)
{
    /// <summary>
    /// A message that the target has read on so many connections in a row, and ended each of them in an orderly way, is delivered within
    /// its replay window too: otherwise a target that closes after each message would get it for ever.
    /// </summary>
    private const int OrderlyEndsMax = 3;

    private readonly Backoff _backoff = new(settings.BackoffMin, settings.BackoffMax, random);
    private readonly Queue<OutletMessage> _waiting = [];
    private readonly Queue<OutletMessage> _sent = [];
    private readonly Queue<OutletMessage> _held = [];
    private readonly Queue<OutletMessage> _refused = [];
    private TimeSpan _retryAt;
    private TimeSpan _retryWait;

    /// <summary>The bytes of those sent and not delivered.</summary>
    public long UnderWayBytes { get; private set; }

    /// <summary>The bytes of those sent, and neither acknowledged nor answered.</summary>
    public long SentBytes { get; private set; }

    /// <summary>Messages sent and not delivered.</summary>
    public int UnderWay => _sent.Count + _held.Count + _refused.Count;

    public bool IsEmpty => UnderWay == 0 && _waiting.Count == 0;

    /// <summary>The next one that is not sent; null if there is none.</summary>
    public OutletMessage? Waiting => _waiting.TryPeek(out var next) ? next : null;

    /// <summary>The number of those sent, and neither acknowledged nor answered.</summary>
    public int Sent => _sent.Count;

    /// <summary>The oldest of those sent; null if there is none.</summary>
    public OutletMessage? OldestSent => _sent.TryPeek(out var oldest) ? oldest : null;

    /// <summary>The oldest that is not delivered; null if there is none.</summary>
    public OutletMessage? Oldest => new[] { OldestHeld, OldestSent, _refused.FirstOrDefault(), Waiting }
        .OfType<OutletMessage>().MinBy(message => message.Number);

    /// <summary>Whether another may be sent beside those that were; one always may.</summary>
    public bool MayBeSent(int bytes, (int Messages, long Bytes) max) =>
        _sent.Count == 0 || (_sent.Count < max.Messages && SentBytes + bytes <= max.Bytes);

    /// <summary>The number of those acknowledged, until the replay window is over.</summary>
    public int Held => _held.Count;

    /// <summary>The oldest of those held back; null if there is none.</summary>
    public OutletMessage? OldestHeld => _held.TryPeek(out var oldest) ? oldest : null;

    /// <summary>Some were refused, and are to be sent again before anything else.</summary>
    public bool HasRefused => _refused.Count > 0;

    /// <summary>When a refused one may be sent again; <see cref="TimeSpan.MaxValue"/> if none waits for that alone.</summary>
    public TimeSpan RetryAt => _refused.Count > 0 && _sent.Count == 0 ? _retryAt : TimeSpan.MaxValue;

    public void Add(OutletMessage message) => _waiting.Enqueue(message);

    public OutletMessage TakeWaiting() => _waiting.Dequeue();

    /// <summary>Null until it is time to send a refused one again.</summary>
    public OutletMessage? TakeRefused() => clock.Uptime >= RetryAt ? _refused.Dequeue() : null;

    public void OnSent(OutletMessage message)
    {
        UnderWayBytes += message.Body.Length;
        SentBytes += message.Body.Length;
        _sent.Enqueue(message);
    }

    /// <summary>The oldest one sent is acknowledged, and held back from now on.</summary>
    public void Hold()
    {
        var message = _sent.Dequeue();
        SentBytes -= message.Body.Length;
        message.At = clock.Uptime;
        _held.Enqueue(message);
    }

    /// <summary>The target has ended the connection in an orderly way.</summary>
    public void OnOrderlyEnd()
    {
        foreach (var message in _held) message.OrderlyEnds++;
    }

    /// <summary>The oldest one held back, if the target has read it often enough, is delivered; null if it has not.</summary>
    public OutletMessage? TakeOftenRead() => OldestHeld is { OrderlyEnds: >= OrderlyEndsMax } ? TakeHeld() : null;

    /// <summary>The oldest one held back is delivered.</summary>
    public OutletMessage TakeHeld() => Done(_held.Dequeue());

    /// <summary>The oldest one sent is delivered.</summary>
    public OutletMessage TakeSent()
    {
        var message = Done(_sent.Dequeue());
        SentBytes -= message.Body.Length;
        return message;
    }

    /// <summary>The oldest one sent is answered.</summary>
    public OutletMessage TakeAnswered()
    {
        _retryWait = TimeSpan.Zero;
        return TakeSent();
    }

    /// <summary>The message, which was the oldest one sent, was refused: it is sent again after a pause that grows.</summary>
    public void Retry(OutletMessage message)
    {
        _retryWait = _backoff.Next(_retryWait);
        _retryAt = clock.Uptime + _retryWait;
        _refused.Enqueue(message);
    }

    /// <summary>Hands back what is not sent.</summary>
    public IReadOnlyList<OutletMessage> TakeAllWaiting() => Take(_waiting);

    /// <summary>Hands back what is not sent, or is to be sent again.</summary>
    public IReadOnlyList<OutletMessage> TakeUnsent() => Take(_refused, _waiting);

    /// <summary>Hands back what is not delivered, once.</summary>
    public IReadOnlyList<OutletMessage> TakeAll() => Take(_held, _refused, _sent, _waiting);

    private static List<OutletMessage> Take(params Queue<OutletMessage>[] queues)
    {
        List<OutletMessage> all = [.. queues.SelectMany(messages => messages).OrderBy(message => message.Number)];
        foreach (var messages in queues) messages.Clear();
        return all;
    }

    private OutletMessage Done(OutletMessage message)
    {
        UnderWayBytes -= message.Body.Length;
        return message;
    }
}
