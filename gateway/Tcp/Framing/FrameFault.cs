namespace Gateway.Tcp.Framing;

/// <summary>Bytes that are no frame. Nothing that follows in the conversation can be understood.</summary>
/// <param name="Offset">Where the frame would begin: the number of bytes before it in the conversation.</param>
/// <param name="FirstBytes">Its first bytes, not more than <see cref="FirstBytesMax"/>; a copy.</param>
/// <param name="Reason">A clause for people: <c>it announces 4294967295 bytes, more than the largest frame of 65536</c>.</param>
internal sealed record FrameFault(FrameFaultKind Kind, long Offset, ByteText FirstBytes, string Reason)
{
    public const int FirstBytesMax = 16;

    /// <summary>The first bytes in hexadecimal, in pairs: <c>0B 4D 53</c>.</summary>
    public string Hex => string.Join(' ', FirstBytes.Span.ToArray().Select(value => Convert.ToHexString([value])));

    public override string ToString() => $"no frame begins at byte {Offset} ({Hex}): {Reason}";
}
