namespace Gateway.Links;

/// <summary>Where an attempt to connect was led.</summary>
/// <param name="All">What the peer's name stands for now.</param>
/// <param name="Connected">Which of them took the connection; null before.</param>
internal sealed record PeerAddress(IReadOnlyList<string> All, string? Connected);

/// <summary>
/// Notices when a peer's name leads elsewhere than before. A name with several addresses has not changed as long as the address that the
/// link was last up with is among them: which of them answers first is chance. Owned by the loop.
/// </summary>
internal sealed class PeerAddresses
{
    private string? _last;
    private PeerAddress _now = new([], null);

    /// <summary>A sentence with the old and the new addresses; null when nothing has changed.</summary>
    public string? Change => _last is null || _now.All.Count == 0 || _now.All.Contains(_last)
        ? null
        : $"the address was {_last} when the link was last up, and is {_now.Connected ?? string.Join(", ", _now.All)} now";

    /// <summary>Where the peer was last; null when nothing is known of it.</summary>
    public string? Last => _last;

    /// <summary>What an earlier run of this gateway knew; before the first attempt.</summary>
    public void Restore(string? last) => _last = last;

    public void OnFound(PeerAddress address) => _now = address;

    public void OnUp() => _last = _now.Connected ?? _last;
}
