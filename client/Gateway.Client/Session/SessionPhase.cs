namespace Gateway.Client.Session;

/// <summary>The phase of a session.</summary>
internal enum SessionPhase
{
    /// <summary>No connection; waiting for the backoff to expire.</summary>
    Waiting,

    /// <summary>HELLO is sent, and nothing else; WELCOME is awaited.</summary>
    Greeting,

    /// <summary>Connected; all requests may be sent.</summary>
    Live,

    /// <summary>Closed for good.</summary>
    Closed,
}
