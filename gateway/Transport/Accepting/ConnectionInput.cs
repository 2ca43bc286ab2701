using System.Diagnostics.CodeAnalysis;
using Gateway.Client.Wire;

namespace Gateway.Transport.Accepting;

/// <summary>
/// The messages received on one connection and not yet handed to the conversation. One message may hold thousands of requests, and other
/// connections must not wait for all of them. Owned by the loop.
/// </summary>
internal sealed class ConnectionInput
{
    private readonly Queue<ArrivedMessages> _arrived = [];
    private int _at;
    private byte[]? _packed;
    private int _packedAt;
    private int _packedCount;
    private long _doneBytes;

    /// <summary>The other side has sent PACKED and therefore understands it.</summary>
    public bool IsPacked { get; private set; }

    public bool IsEmpty => _packed is null && _arrived.Count == 0;

    /// <summary>The end of the connection, once it has ended; it counts after the waiting messages.</summary>
    public AcceptedEnd? End { get; set; }

    /// <summary>The end also counts after an answer that is due.</summary>
    public bool IsAnswerAwaited { get; set; }

    public void Add(in ArrivedMessages arrived) => _arrived.Enqueue(arrived);

    /// <summary>The bytes completely taken since the last call.</summary>
    public long TakeDone()
    {
        var done = _doneBytes;
        _doneBytes = 0;
        return done;
    }

    /// <summary>Returns the frames of the next message, taken out of a PACKED if it is in one.</summary>
    public bool TryNext([NotNullWhen(true)] out List<byte[]>? frames)
    {
        while (true)
        {
            if (TryPacked(out frames)) return true;
            if (!_arrived.TryPeek(out var arrived)) return false;
            if (_at == arrived.Messages.Count)
            {
                _arrived.Dequeue();
                (_at, _doneBytes) = (0, _doneBytes + arrived.Bytes);
                continue;
            }

            frames = arrived.Messages[_at++];
            if (!PackedMessages.IsPacked(frames)) return true;
            IsPacked = true;
            (_packed, _packedAt, _packedCount) = (frames[1], 0, 0);
        }
    }

    /// <summary>
    /// Returns the next message of the open PACKED. Malformed content is returned as one message without frames, in which the conversation
    /// finds no verb.
    /// </summary>
    private bool TryPacked([NotNullWhen(true)] out List<byte[]>? frames)
    {
        frames = null;
        if (_packed is null) return false;
        var messages = new PackedMessages(_packed.AsSpan(_packedAt));
        if (_packedCount < PackedMessages.MessagesMax && messages.TryNext(out frames))
        {
            _packedCount++;
            _packedAt = _packed.Length - messages.Rest.Length;
            if (messages.Rest.IsEmpty) _packed = null;
            return true;
        }

        _packed = null;
        if (messages.Rest.IsEmpty) return false;
        frames = [];
        return true;
    }
}
