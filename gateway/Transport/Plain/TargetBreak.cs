namespace Gateway.Transport.Plain;

/// <summary>Why one of the parts of a plain connection has ended.</summary>
/// <param name="Error">The system's error, if there is one.</param>
/// <param name="Text">A clause for people.</param>
internal sealed record TargetBreak(TargetBreakKind Kind, Exception? Error = null, string Text = "");

/// <summary>What a <see cref="TargetBreak"/> stands for.</summary>
internal enum TargetBreakKind
{
    /// <summary>This side has ended the connection.</summary>
    Closed,

    /// <summary>The system says that the connection is broken.</summary>
    Broken,

    /// <summary>The other host acknowledges nothing.</summary>
    Silent,

    /// <summary>The system does not tell any more what the other host acknowledges.</summary>
    Untold,

    /// <summary>What came is no frame.</summary>
    NotAFrame,
}
