namespace Gateway.Transport.Dialing;

/// <summary>A place in a round over the ways to a peer, which begins with the one that was good last.</summary>
/// <param name="Count">Of the ways, at least one.</param>
/// <param name="First">The index of the way with which the round begins.</param>
/// <param name="Turn">The ways tried before this one.</param>
internal readonly record struct PeerRound(int Count, int First, int Turn = 0)
{
    /// <summary>The index of the way whose turn it is.</summary>
    public int Index => Turn == 0 ? First : Turn <= First ? Turn - 1 : Turn;

    /// <summary>Not all ways were tried.</summary>
    public bool HasNext => Turn + 1 < Count;

    public PeerRound Next() => this with { Turn = Turn + 1 };
}
