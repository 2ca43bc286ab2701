namespace Gateway.Transport.Zmtp;

/// <summary>
/// Messages of any number of frames in a single frame, whose body is those frames as they would stand on the wire: each with its header. So messages pass between a splice and a ROUTER, because
/// NetMQ's ROUTER mixes the frames of two connections, or waits for ever for the rest of a message, when a connection ends while it reads a message of several; and because each frame costs it a good deal.
/// </summary>
/// <param name="packed">Made by a <see cref="MessagePacker"/>.</param>
internal ref struct PackedMessages(ReadOnlySpan<byte> packed)
{
    private ReadOnlySpan<byte> _rest = packed;

    public static int SizeBytes(IReadOnlyList<ReadOnlyMemory<byte>> frames)
    {
        var size = 0;
        for (var i = 0; i < frames.Count; i++) size += ZmtpFrameHeader.SizeOf(frames[i].Length) + frames[i].Length;
        return size;
    }

    /// <param name="target">At least <see cref="SizeBytes"/>.</param>
    public static void Write(IReadOnlyList<ReadOnlyMemory<byte>> frames, Span<byte> target)
    {
        for (var i = 0; i < frames.Count; i++)
        {
            target = target[ZmtpFrameHeader.Write(target, frames[i].Length, i < frames.Count - 1)..];
            frames[i].Span.CopyTo(target);
            target = target[frames[i].Length..];
        }
    }

    /// <summary>The frames of the next message.</summary>
    public bool TryNext(out List<byte[]> frames)
    {
        frames = [];
        var hasMore = !_rest.IsEmpty;
        while (hasMore)
        {
            var isHeader = ZmtpFrameHeader.TryRead(_rest, out var header);
            Invariant.Require(isHeader && header.BodyBytes <= (ulong)(_rest.Length - header.Size), "packed messages are made of whole frames");
            frames.Add(_rest.Slice(header.Size, (int)header.BodyBytes).ToArray());
            _rest = _rest[(header.Size + (int)header.BodyBytes)..];
            hasMore = header.HasMore;
        }

        return frames.Count > 0;
    }
}
