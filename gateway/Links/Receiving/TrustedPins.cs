namespace Gateway.Links.Receiving;

/// <summary>The fingerprints of one configuration. Any thread.</summary>
/// <param name="byPeer">The fingerprint of the only certificate accepted for a peer, by its name.</param>
internal sealed class TrustedPins(IReadOnlyDictionary<string, string> byPeer)
{
    private volatile bool _isOver;

    public IReadOnlyDictionary<string, string> ByPeer => byPeer;

    /// <summary>No other configuration has replaced them.</summary>
    public bool AreInForce => !_isOver;

    public void End() => _isOver = true;
}
