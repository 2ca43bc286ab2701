namespace Gateway.Management;

/// <summary>The result of an operator's order to accept a peer as it stands.</summary>
internal enum PeerAcceptance
{
    /// <summary>There is no such peer.</summary>
    NoPeer,

    /// <summary>The link does not wait for an acceptance.</summary>
    NothingToAccept,

    /// <summary>The link is retried and continues from the peer's position.</summary>
    Accepted,
}
