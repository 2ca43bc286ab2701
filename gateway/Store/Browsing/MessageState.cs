namespace Gateway.Store.Browsing;

/// <summary>How a message of a queue stands at this moment; of several that fit, the first one counts.</summary>
internal enum MessageState
{
    /// <summary>A consumer has it.</summary>
    Leased,

    /// <summary>A consumer abandoned it with a delay that is not over.</summary>
    Delayed,

    /// <summary>It was sent on the connection that there is, and is not acknowledged yet.</summary>
    Sent,

    /// <summary>It may have been sent on a connection that ended; whether it arrived is known when the peer is back.</summary>
    InDoubt,

    /// <summary>An operator has paused its queue, or its peer.</summary>
    Paused,

    /// <summary>It waits for its turn, for the link, or for a consumer.</summary>
    Waiting,
}
