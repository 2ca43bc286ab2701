namespace Gateway.Client.Session;

/// <summary>Where a session stands.</summary>
internal enum SessionPhase
{
    /// <summary>No connection; waits out the backoff.</summary>
    Waiting,

    /// <summary>HELLO is the only thing sent; WELCOME is awaited.</summary>
    Greeting,

    /// <summary>Everything goes.</summary>
    Live,

    /// <summary>For good.</summary>
    Closed,
}
