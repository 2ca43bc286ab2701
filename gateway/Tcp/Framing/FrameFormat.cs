namespace Gateway.Tcp.Framing;

/// <summary>
/// How a program marks the messages in its stream of bytes; one definition for an inlet and its outlet. Every byte of a frame, prefixes and
/// delimiters included, belongs to the message, so that an outlet writes exactly what an inlet has read. Immutable.
/// </summary>
/// <param name="FrameBytesMax">The largest frame in bytes, everything included; of <see cref="Stream"/> the largest piece.</param>
internal abstract record FrameFormat(int FrameBytesMax)
{
    /// <summary>The smallest frame in bytes: one without content.</summary>
    public abstract int FrameBytesMin { get; }

    /// <summary>A header of fixed size that holds the length of what follows.</summary>
    /// <param name="HeaderBytes">The size of the header, the length included.</param>
    /// <param name="Offset">Where the length begins in the header.</param>
    /// <param name="Size">The bytes of the length: 1, 2, 4 or 8.</param>
    internal sealed record LengthPrefix(int FrameBytesMax, int HeaderBytes, int Offset, int Size, bool IsBigEndian, LengthCounts Counts)
        : FrameFormat(FrameBytesMax)
    {
        public override int FrameBytesMin => HeaderBytes;
    }

    /// <summary>The length in decimal digits, a space, and that many bytes: octet counting of RFC 6587, section 3.4.1.</summary>
    internal sealed record OctetCounted(int FrameBytesMax) : FrameFormat(FrameBytesMax)
    {
        public override int FrameBytesMin => "1 m".Length;
    }

    /// <summary>A frame ends with these bytes, which occur nowhere else in it.</summary>
    internal sealed record Delimiter(int FrameBytesMax, ByteText End) : FrameFormat(FrameBytesMax)
    {
        public override int FrameBytesMin => End.Length;
    }

    /// <summary>A frame begins with the first bytes and ends with the others, as in MLLP.</summary>
    internal sealed record StartEnd(int FrameBytesMax, ByteText Start, ByteText End) : FrameFormat(FrameBytesMax)
    {
        public override int FrameBytesMin => Start.Length + End.Length;
    }

    /// <summary>All frames have this size.</summary>
    internal sealed record FixedSize(int FrameBytesMax) : FrameFormat(FrameBytesMax)
    {
        public override int FrameBytesMin => FrameBytesMax;
    }

    /// <summary>No frames are known: bytes travel in pieces, as they arrive, bound to their conversation.</summary>
    internal sealed record Stream(int FrameBytesMax = Stream.PieceBytes) : FrameFormat(FrameBytesMax)
    {
        /// <summary>The largest piece.</summary>
        public const int PieceBytes = 64 * 1024;

        public override int FrameBytesMin => 1;
    }
}

/// <summary>What the length of a <see cref="FrameFormat.LengthPrefix"/> counts.</summary>
internal enum LengthCounts
{
    /// <summary>The bytes after the header.</summary>
    Body,

    /// <summary>These, and the length itself.</summary>
    Length,

    /// <summary>These, and the whole header: the whole frame.</summary>
    Frame,
}
