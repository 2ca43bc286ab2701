namespace Gateway.Transport.Zmtp;

/// <summary>
/// A message of any number of frames as a single one, whose body is those frames as they would stand on the wire: each with its header. So messages pass between a splice and a ROUTER, because
/// NetMQ's ROUTER mixes the frames of two connections, or waits for ever for the rest of a message, when a connection ends while it reads a message of several.
/// </summary>
internal static class PackedMessage
{
    public static int SizeBytes(IReadOnlyList<ReadOnlyMemory<byte>> frames)
    {
        var size = 0;
        for (var i = 0; i < frames.Count; i++) size += ZmtpFrameHeader.SizeOf(frames[i].Length) + frames[i].Length;
        return size;
    }

    /// <param name="target">Of exactly <see cref="SizeBytes"/>.</param>
    public static void Pack(IReadOnlyList<ReadOnlyMemory<byte>> frames, Span<byte> target)
    {
        for (var i = 0; i < frames.Count; i++)
        {
            target = target[ZmtpFrameHeader.Write(target, frames[i].Length, i < frames.Count - 1)..];
            frames[i].Span.CopyTo(target);
            target = target[frames[i].Length..];
        }
    }

    /// <summary>The frames; the bytes are those of a <see cref="MessagePacker"/>.</summary>
    public static List<byte[]> Unpack(ReadOnlySpan<byte> packed)
    {
        var frames = new List<byte[]>();
        while (!packed.IsEmpty)
        {
            var isHeader = ZmtpFrameHeader.TryRead(packed, out var header);
            Invariant.Require(isHeader && header.BodyBytes <= (ulong)(packed.Length - header.Size), "a packed message is made of whole frames");
            frames.Add(packed.Slice(header.Size, (int)header.BodyBytes).ToArray());
            packed = packed[(header.Size + (int)header.BodyBytes)..];
        }

        return frames;
    }
}
