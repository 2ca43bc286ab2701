namespace Gateway.Client;

/// <summary>How the link from the gateway to a peer is now.</summary>
/// <param name="peer">The peer, and the link to it.</param>
public sealed class PeerStateChangedEventArgs(PeerInfo peer) : EventArgs
{
    /// <summary>The peer, and the link to it.</summary>
    public PeerInfo Peer { get; } = peer;
}
