namespace Gateway.Tcp.Framing;

/// <summary>Why bytes are no frame of their <see cref="FrameFormat"/>.</summary>
internal enum FrameFaultKind
{
    /// <summary>The frame is longer than the largest frame, or says so.</summary>
    TooLong,

    /// <summary>The length is less than what it counts at least: itself, or the header.</summary>
    LengthTooSmall,

    /// <summary>The length in decimal digits is none.</summary>
    NotALength,

    /// <summary>The frame does not begin with its start bytes.</summary>
    NoStart,
}
