using Gateway.Links.Sending;

namespace Gateway.Composition;

/// <summary>The connections that the shell makes to peers, as the configuration changes them. Called by the loop.</summary>
internal interface IPeerConnections
{
    /// <summary>Prepares the connections to a further peer.</summary>
    ILinkConnection Add(string peer, PeerPlace place);

    /// <summary>The next connection to the peer goes to this place.</summary>
    void Move(string peer, PeerPlace place);

    /// <summary>Ends the connection to the peer once what was sent has left, and makes none any more.</summary>
    void Remove(string peer);

    /// <summary>Replaces the fingerprints by which certificates of peers are judged.</summary>
    void Trust(IReadOnlyDictionary<string, string> pins);
}
