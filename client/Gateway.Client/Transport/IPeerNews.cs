using Gateway.Client.Wire;

namespace Gateway.Client.Transport;

/// <summary>The receiver of news about the gateway's links to its peers.</summary>
internal interface IPeerNews
{
    /// <summary>
    /// Called by the client's loop, in the order in which the gateway sent the news; must return soon, because nothing is sent or received
    /// meanwhile.
    /// </summary>
    void OnPeer(Reply.Peer peer);
}
