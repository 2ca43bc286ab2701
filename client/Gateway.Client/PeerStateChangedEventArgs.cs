namespace Gateway.Client;

/// <summary>The current state of the gateway's link to a peer.</summary>
/// <param name="peer">The peer and the state of its link.</param>
public sealed class PeerStateChangedEventArgs(PeerInfo peer) : EventArgs
{
    /// <summary>The peer and the state of its link.</summary>
    public PeerInfo Peer { get; } = peer;
}
