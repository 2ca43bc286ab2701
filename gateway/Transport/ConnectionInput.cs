using System.Diagnostics.CodeAnalysis;
using Gateway.Client.Wire;

namespace Gateway.Transport;

/// <summary>
/// What one connection has brought and has not had its turn yet: a frame may hold thousands of requests, and the others shall not wait for them all. Owned by the loop.
/// </summary>
internal sealed class ConnectionInput
{
    private readonly Queue<Waiting> _frames = [];
    private int _at;
    private byte[]? _packed;
    private int _packedAt;
    private int _packedCount;
    private int _doneBytes;

    /// <summary>The other side has sent PACKED, and so understands it.</summary>
    public bool IsPacked { get; private set; }

    public bool IsEmpty => _packed is null && _frames.Count == 0;

    /// <summary>The connection has ended, behind what waits here.</summary>
    public bool IsLast { get; set; }

    /// <summary>Puts the rest of a frame at the end.</summary>
    /// <param name="frameBytes">Of the whole frame: they count as taken when its last message is.</param>
    public void Add(ReadOnlySpan<byte> rest, int frameBytes) => _frames.Enqueue(new Waiting(rest.ToArray(), frameBytes));

    /// <summary>Puts the body of a PACKED to the front; nothing else is open.</summary>
    public void Open(byte[] packed)
    {
        Invariant.Require(_packed is null, "PACKED does not hold PACKED");
        IsPacked = true;
        (_packed, _packedAt, _packedCount) = (packed, 0, 0);
    }

    /// <summary>Bytes of the frames that were taken to their end since the last call.</summary>
    public int TakeDone()
    {
        var done = _doneBytes;
        _doneBytes = 0;
        return done;
    }

    /// <summary>The frames of the next message, taken out of a PACKED if it is in one.</summary>
    public bool TryNext([NotNullWhen(true)] out List<byte[]>? frames)
    {
        while (true)
        {
            if (TryPacked(out frames)) return true;
            if (!_frames.TryPeek(out var waiting)) return false;
            var messages = new PackedMessages(waiting.Bytes.AsSpan(_at));
            if (!messages.TryNext(out frames))
            {
                Invariant.Require(!messages.IsMalformed, "what a splice has packed is made of whole frames");
                _frames.Dequeue();
                (_at, _doneBytes) = (0, _doneBytes + waiting.FrameBytes);
                continue;
            }

            _at = waiting.Bytes.Length - messages.Rest.Length;
            if (!PackedMessages.IsPacked(frames)) return true;
            Open(frames[1]);
        }
    }

    /// <summary>The next message of the PACKED that is open. What is no whole message there is given as one without frames: whoever reads it finds no verb.</summary>
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

    private readonly record struct Waiting(byte[] Bytes, int FrameBytes);
}
