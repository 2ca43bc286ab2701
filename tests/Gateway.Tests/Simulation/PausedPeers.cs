namespace Gateway.Tests.Simulation;

/// <summary>The peers of a gateway that an operator has paused, as long as it is not certain that they are resumed.</summary>
internal sealed class PausedPeers
{
    private readonly Dictionary<string, int> _pauses = [];
    private int _last;

    /// <summary>An operator pauses the peer.</summary>
    public void OnPaused(string peer) => _pauses[peer] = ++_last;

    /// <summary>Identifies the present pause of a peer; 0 for none.</summary>
    public int PauseOf(string peer) => _pauses.GetValueOrDefault(peer);

    /// <summary>The pause is over for good; a later one of the peer is not.</summary>
    public void OnResumed(string peer, int pause)
    {
        if (PauseOf(peer) == pause) _pauses.Remove(peer);
    }

    public bool Has(string peer) => _pauses.ContainsKey(peer);
}
