namespace Gateway.Client.Processing;

/// <summary>How a message stands when its handler ends.</summary>
internal enum HandlerEnd
{
    /// <summary>It is held, and waits for its settlement.</summary>
    Held,

    /// <summary>The handler has settled it.</summary>
    Settled,

    /// <summary>It is no longer held.</summary>
    Lost,

    /// <summary>It is held, and its handler was told to end, since the processor stops.</summary>
    Stopped,
}
