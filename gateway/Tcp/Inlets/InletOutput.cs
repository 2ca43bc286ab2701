using Gateway.Inbox;

namespace Gateway.Tcp.Inlets;

/// <summary>
/// What is written to one program, in order: answers of the inlet itself, and replies, which are held until the program's host has
/// acknowledged them. Pure; owned by its conversation.
/// </summary>
internal sealed class InletOutput(IProgramConnection connection, LoopClock clock)
{
    private readonly Queue<(long EndsAt, int Frames, long Bytes)> _answers = [];
    private readonly Queue<HeldReply> _replies = [];
    private long _given;
    private long _written;
    private long _acknowledged;

    /// <summary>The time since which nothing has moved although something should.</summary>
    private TimeSpan _stuckSince;

    /// <summary>Frames written as replies and acknowledged.</summary>
    public long Frames { get; private set; }

    /// <summary>Their bytes.</summary>
    public long Bytes { get; private set; }

    /// <summary>Nothing is under way.</summary>
    public bool IsEmpty => _answers.Count == 0 && _replies.Count == 0;

    /// <summary>The time since which the program takes nothing; null if it need not.</summary>
    public TimeSpan? StuckSince => IsEmpty ? null : _stuckSince;

    /// <summary>Writes an answer for each of some frames; they count as dealt with when it is written.</summary>
    public void Answer(ReadOnlyMemory<byte> answer, int frames, long bytes)
    {
        OnGiving();
        for (var i = 0; i < frames; i++) connection.Write(answer);
        _given += (long)frames * answer.Length;
        _answers.Enqueue((_given, frames, bytes));
    }

    /// <summary>Writes a reply, or takes an event into the order.</summary>
    public void Reply(InnerDelivery delivery, string name)
    {
        OnGiving();
        var body = delivery.Stored.Message.Body;
        if (name.Length == 0 && !body.IsEmpty)
        {
            connection.Write(body);
            _given += body.Length;
        }

        if (name == TcpNames.Finished) connection.Finish();
        _replies.Enqueue(new HeldReply(_given, delivery, name));
    }

    /// <summary>More was written and acknowledged.</summary>
    public void OnProgress(long written, long acknowledged)
    {
        if (written > _written || acknowledged > _acknowledged) _stuckSince = clock.Uptime;
        (_written, _acknowledged) = (written, acknowledged);
    }

    /// <summary>Returns frames whose answers are written.</summary>
    public bool TryTakeAnswered(out int frames, out long bytes)
    {
        (frames, bytes) = (0, 0);
        if (!_answers.TryPeek(out var answer) || answer.EndsAt > _written) return false;
        (_, frames, bytes) = _answers.Dequeue();
        return true;
    }

    /// <summary>Returns the next reply that the program's host has acknowledged.</summary>
    public HeldReply? TakeAcknowledged()
    {
        if (!_replies.TryPeek(out var reply) || reply.EndsAt > _acknowledged) return null;
        _replies.Dequeue();
        if (reply.Event.Length > 0) return reply;
        Frames++;
        Bytes += reply.Delivery.Stored.Message.Body.Length;
        return reply;
    }

    /// <summary>Gives up what was not acknowledged; in order.</summary>
    public IReadOnlyList<HeldReply> Abandon()
    {
        var left = _replies.ToList();
        _replies.Clear();
        _answers.Clear();
        return left;
    }

    private void OnGiving()
    {
        if (IsEmpty) _stuckSince = clock.Uptime;
    }
}

/// <summary>A reply that was written and is not acknowledged, or an event at its place.</summary>
/// <param name="EndsAt">The bytes written up to its end.</param>
/// <param name="Event">Empty for a frame.</param>
internal sealed record HeldReply(long EndsAt, InnerDelivery Delivery, string Event);
