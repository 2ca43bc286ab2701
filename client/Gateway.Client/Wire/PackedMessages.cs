using System.Buffers.Binary;

namespace Gateway.Client.Wire;

/// <summary>
/// Messages of any number of frames in the body of a single frame, where each frame stands as ZMTP 3.1 would write it
/// (rfc.zeromq.org/spec/37, "Framing"). A frame costs a ZeroMQ binding a good deal, and one of its sockets a system call or two; so the
/// verb PACKED carries many requests or replies at once. Reading takes hostile bytes and never throws.
/// <code>
/// bytes    content
///     1    flags: bit 0 more frames of this message follow; bit 1 length in eight bytes; all others 0
/// 1 or 8   length of the frame's body, big-endian
///     n    the body
/// </code>
/// </summary>
/// <param name="packed">The body of the frame.</param>
internal ref struct PackedMessages(ReadOnlySpan<byte> packed)
{
    /// <summary>No further request is packed once a frame holds this many bytes, so that nothing ready to leave is held up.</summary>
    public const int RunBytes = 64 * 1024;

    /// <summary>The maximum number of messages in one frame.</summary>
    public const int MessagesMax = 10_000;

    private const byte MoreFlag = 0x01;
    private const byte LongFlag = 0x02;
    private const int ShortHeaderBytes = 2;
    private const int LongHeaderBytes = 9;

    private ReadOnlySpan<byte> _rest = packed;

    public static ReadOnlySpan<byte> Verb => "PACKED"u8;

    /// <summary>The remainder is not a whole message; the messages before it were returned.</summary>
    public readonly bool IsMalformed => !_rest.IsEmpty;

    /// <summary>The bytes not yet returned.</summary>
    public readonly ReadOnlySpan<byte> Rest => _rest;

    public static bool IsPacked(IReadOnlyList<byte[]> frames) => frames.Count == 2 && frames[0].AsSpan().SequenceEqual(Verb);

    public static int SizeBytes(IReadOnlyList<ReadOnlyMemory<byte>> frames)
    {
        var size = 0;
        for (var i = 0; i < frames.Count; i++) size += HeaderBytes(frames[i].Length) + frames[i].Length;
        return size;
    }

    /// <summary>Writes the frames and returns their size. The target must have at least <see cref="SizeBytes"/>.</summary>
    public static int Write(IReadOnlyList<ReadOnlyMemory<byte>> frames, Span<byte> target)
    {
        var room = target.Length;
        for (var i = 0; i < frames.Count; i++)
        {
            target = target[WriteHeader(target, frames[i].Length, i < frames.Count - 1)..];
            frames[i].Span.CopyTo(target);
            target = target[frames[i].Length..];
        }

        return room - target.Length;
    }

    /// <summary>The maximum size of the head of a PACKED.</summary>
    public const int HeadBytesMax = 32;

    /// <summary>
    /// Writes the head of a PACKED for messages of the given size as ZMTP bytes, the frame of the verb and the header of the body, and
    /// returns the head's size.
    /// </summary>
    public static int WriteHead(Span<byte> target, int messagesBytes)
    {
        var size = WriteHeader(target, Verb.Length, hasMore: true);
        Verb.CopyTo(target[size..]);
        size += Verb.Length;
        return size + WriteHeader(target[size..], messagesBytes, hasMore: false);
    }

    /// <summary>The size of a body's header.</summary>
    public static int HeaderBytes(long bodyBytes) => bodyBytes > byte.MaxValue ? LongHeaderBytes : ShortHeaderBytes;

    /// <summary>Writes the header of a frame and returns its size.</summary>
    public static int WriteHeader(Span<byte> target, long bodyBytes, bool hasMore)
    {
        var more = hasMore ? MoreFlag : 0;
        if (HeaderBytes(bodyBytes) == ShortHeaderBytes)
        {
            target[0] = (byte)more;
            target[1] = (byte)bodyBytes;
            return ShortHeaderBytes;
        }

        target[0] = (byte)(more | LongFlag);
        BinaryPrimitives.WriteInt64BigEndian(target[1..], bodyBytes);
        return LongHeaderBytes;
    }

    /// <summary>Returns the frames of the next message; false when there is none or it is incomplete (<see cref="IsMalformed"/>).</summary>
    public bool TryNext(out List<byte[]> frames)
    {
        frames = [];
        var rest = _rest;
        while (TryFrame(ref rest, out var body, out var hasMore))
        {
            var frame = body.IsEmpty ? [] : GC.AllocateUninitializedArray<byte>(body.Length);
            body.CopyTo(frame);
            frames.Add(frame);
            if (hasMore) continue;
            _rest = rest;
            return true;
        }

        return false;
    }

    private static bool TryFrame(ref ReadOnlySpan<byte> rest, out ReadOnlySpan<byte> body, out bool hasMore)
    {
        body = default;
        hasMore = false;
        if (rest.IsEmpty || (rest[0] & ~(MoreFlag | LongFlag)) != 0) return false;
        hasMore = (rest[0] & MoreFlag) != 0;
        var header = (rest[0] & LongFlag) != 0 ? LongHeaderBytes : ShortHeaderBytes;
        if (rest.Length < header) return false;
        var length = header == LongHeaderBytes ? BinaryPrimitives.ReadUInt64BigEndian(rest[1..]) : rest[1];
        if (length > (ulong)(rest.Length - header)) return false;
        body = rest.Slice(header, (int)length);
        rest = rest[(header + (int)length)..];
        return true;
    }
}
