namespace Gateway.Tests.Simulation;

/// <summary>The peers of a gateway that an operator has paused, and those of which it is not certain whether they still are.</summary>
internal sealed class PausedPeers
{
    private readonly Dictionary<string, int> _pauses = [];
    private readonly HashSet<string> _paused = [];
    private int _last;

    /// <summary>An operator pauses the peer.</summary>
    public void OnPaused(string peer)
    {
        _pauses[peer] = ++_last;
        _paused.Add(peer);
    }

    /// <summary>An operator resumes the peer.</summary>
    /// <returns>Identifies the pause that this ends; 0 for none.</returns>
    public int OnResuming(string peer)
    {
        _paused.Remove(peer);
        return _pauses.GetValueOrDefault(peer);
    }

    /// <summary>The pause is over for good; a later one of the peer is not.</summary>
    public void OnResumed(string peer, int pause)
    {
        if (_pauses.GetValueOrDefault(peer) == pause) _pauses.Remove(peer);
    }

    /// <summary>The gateway has ended, perhaps before a pause was durable.</summary>
    public void OnEnded() => _paused.Clear();

    /// <summary>The peer may be paused: it is not certain that it was resumed.</summary>
    public bool MayHave(string peer) => _pauses.ContainsKey(peer);

    /// <summary>The peer must be paused: that was the operator's last word.</summary>
    public bool Has(string peer) => _paused.Contains(peer);
}
