using System.ComponentModel.DataAnnotations;
using Gateway.Client.Wire;
using Gateway.Tcp.Framing;

namespace Gateway.Configuration;

/// <summary>How a program marks the messages in its stream of bytes. Which keys count depends on the kind.</summary>
internal sealed class FramingOptions
{
    /// <summary>The kind; there is no default.</summary>
    [Required]
    public FrameKind? Kind { get; set; }

    /// <summary>
    /// The largest frame in bytes, everything included; 0 for the largest body of the gateway. Of a stream the largest piece; 0 for 64 KiB.
    /// </summary>
    [Range(0, ProtocolLimits.BodyBytesHighest)]
    public int FrameBytesMax { get; set; }

    /// <summary>Of LengthPrefix: the bytes of the length, 1, 2, 4 or 8.</summary>
    [Range(1, 8)]
    public int Size { get; set; } = 4;

    /// <summary>Of LengthPrefix: where the length begins in the header.</summary>
    [Range(0, 4096)]
    public int Offset { get; set; }

    /// <summary>Of LengthPrefix: the size of the header, the length included; 0 if it ends with the length.</summary>
    [Range(0, 4096)]
    public int HeaderBytes { get; set; }

    /// <summary>Of LengthPrefix: the order of the bytes of the length.</summary>
    public ByteOrder ByteOrder { get; set; }

    /// <summary>Of LengthPrefix: what the length counts.</summary>
    public LengthCounts Counts { get; set; }

    /// <summary>Of StartEnd: the bytes with which each frame begins.</summary>
    public string Start { get; set; } = "";

    /// <summary>Of Delimiter and StartEnd: the bytes with which each frame ends.</summary>
    public string End { get; set; } = "";

    /// <summary>Of FixedSize: the size of each frame.</summary>
    [Range(0, ProtocolLimits.BodyBytesHighest)]
    public int FrameBytes { get; set; }

    /// <summary>The size of the header, the length included.</summary>
    internal int HeaderSize => HeaderBytes > 0 ? HeaderBytes : Offset + Size;

    /// <summary>The format of valid options.</summary>
    /// <param name="bodyBytesMax">The largest body, which is the bound unless there is a closer one.</param>
    internal FrameFormat ToFormat(int bodyBytesMax)
    {
        var bound = FrameBytesMax > 0 ? FrameBytesMax : bodyBytesMax;
        return Kind switch
        {
            FrameKind.LengthPrefix =>
                new FrameFormat.LengthPrefix(bound, HeaderSize, Offset, Size, ByteOrder == ByteOrder.Big, Counts),
            FrameKind.OctetCounted => new FrameFormat.OctetCounted(bound),
            FrameKind.Delimiter => new FrameFormat.Delimiter(bound, Bytes(End)),
            FrameKind.StartEnd => new FrameFormat.StartEnd(bound, Bytes(Start), Bytes(End)),
            FrameKind.FixedSize => new FrameFormat.FixedSize(FrameBytes),
            _ => new FrameFormat.Stream(Math.Min(bound, FrameFormat.Stream.PieceBytes)),
        };
    }

    private static ByteText Bytes(string text) => ByteText.TryParse(text, out var bytes, out _) ? bytes : default;
}
