namespace Gateway.Store.Browsing;

/// <summary>The current state of a message of a queue; if several fit, the first one counts.</summary>
internal enum MessageState
{
    /// <summary>A consumer holds it.</summary>
    Leased,

    /// <summary>A consumer abandoned it with a delay that has not ended.</summary>
    Delayed,

    /// <summary>It was sent on the current connection and is unacknowledged.</summary>
    Sent,

    /// <summary>It may have been sent on an ended connection; whether it arrived is known once the peer is back.</summary>
    InDoubt,

    /// <summary>An operator has paused its queue or its peer.</summary>
    Paused,

    /// <summary>It waits for its turn, for the link, or for a consumer.</summary>
    Waiting,
}
