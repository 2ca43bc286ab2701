namespace Gateway.Transport;

/// <summary>The standing of a connection in a census. Over a limit, connections make room for a new one in this order.</summary>
internal enum ConnectionStanding
{
    /// <summary>It has shown unknown tokens, and no known one.</summary>
    Refused,

    /// <summary>It has not identified itself.</summary>
    Unknown,

    /// <summary>It has identified itself, and nothing is under way on it.</summary>
    Idle,

    /// <summary>It has identified itself and is at work: it keeps its place.</summary>
    AtWork,
}
