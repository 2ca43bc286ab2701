namespace Gateway.Client;

/// <summary>How the link from the gateway to a peer is now.</summary>
/// <param name="peer">The peer's name.</param>
/// <param name="isUp">Messages flow to it.</param>
/// <param name="cause">Why it is down, or was before it came up: a code of the gateway's closed list; empty if there is none.</param>
/// <param name="evidence">What the gateway saw, for people.</param>
public sealed class PeerStateChangedEventArgs(string peer, bool isUp, string cause, string evidence) : EventArgs
{
    /// <summary>The peer's name.</summary>
    public string Peer { get; } = peer;

    /// <summary>Messages flow to it. While it is down, they wait in the gateway.</summary>
    public bool IsUp { get; } = isUp;

    /// <summary>
    /// Why it is down, or was before it came up: a code of the gateway's closed list, as <c>Refused</c>; empty if there is none.
    /// </summary>
    public string Cause { get; } = cause;

    /// <summary>What the gateway saw, for people.</summary>
    public string Evidence { get; } = evidence;
}
