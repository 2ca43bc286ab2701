namespace Gateway.Management;

/// <summary>What came of an operator's word to go on with a peer as it stands.</summary>
internal enum PeerAcceptance
{
    /// <summary>There is no such peer.</summary>
    NoPeer,

    /// <summary>Its link does not wait for such a word.</summary>
    NothingToAccept,

    /// <summary>The link is tried, and goes on from where the peer stands.</summary>
    Accepted,
}
