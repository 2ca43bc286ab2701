namespace Gateway.Tcp.Framing;

/// <summary>The kinds of <see cref="FrameFormat"/>, by the names that the configuration uses.</summary>
internal enum FrameKind
{
    /// <summary>See <see cref="FrameFormat.LengthPrefix"/>.</summary>
    LengthPrefix,

    /// <summary>See <see cref="FrameFormat.OctetCounted"/>.</summary>
    OctetCounted,

    /// <summary>See <see cref="FrameFormat.Delimiter"/>.</summary>
    Delimiter,

    /// <summary>See <see cref="FrameFormat.StartEnd"/>.</summary>
    StartEnd,

    /// <summary>See <see cref="FrameFormat.FixedSize"/>.</summary>
    FixedSize,

    /// <summary>See <see cref="FrameFormat.Stream"/>.</summary>
    Stream,
}
