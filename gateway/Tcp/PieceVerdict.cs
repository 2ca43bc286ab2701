namespace Gateway.Tcp;

/// <summary>Whether a piece of a stream may be written where the stream stands.</summary>
internal enum PieceVerdict
{
    /// <summary>It is the next one, or the end of the whole.</summary>
    Next,

    /// <summary>It does not belong here: it was written before, or comes from somebody else. The stream goes on without it.</summary>
    Stray,

    /// <summary>Something before it is missing: the stream cannot go on.</summary>
    Hole,
}
