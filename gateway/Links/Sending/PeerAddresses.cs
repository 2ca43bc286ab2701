namespace Gateway.Links.Sending;

/// <summary>The addresses found by an attempt to connect.</summary>
/// <param name="All">The addresses of the peer's name at the time.</param>
/// <param name="Connected">The one that accepted the connection; null before.</param>
internal sealed record PeerAddress(IReadOnlyList<string> All, string? Connected)
{
    /// <summary>Which of several configured addresses of the peer it is, as HOST:PORT; empty if there is only one.</summary>
    public string Place { get; init; } = "";
}

/// <summary>
/// Detects that a peer's name resolves elsewhere than before. A name with several addresses has not changed while the address with which
/// the link was last up is among them: which of them answers first is chance. Owned by the loop.
/// </summary>
internal sealed class PeerAddresses
{
    private string? _last;
    private string _lastPlace = "";
    private PeerAddress _now = new([], null);

    /// <summary>A sentence with the old and the new addresses; null if nothing has changed.</summary>
    public string? Change => _last is null || _now.Place != _lastPlace || _now.All.Count == 0 || _now.All.Contains(_last)
        ? null
        : $"the address was {_last} when the link was last up, and is {_now.Connected ?? string.Join(", ", _now.All)} now";

    /// <summary>
    /// Of the peer's configured addresses, the one with which the link was last up in this run, and the one that answers now, if they are
    /// two; else null.
    /// </summary>
    public (string Before, string Now)? Move =>
        _lastPlace.Length > 0 && _now.Place.Length > 0 && _lastPlace != _now.Place ? (_lastPlace, _now.Place) : null;

    /// <summary>The peer's last address; null if unknown.</summary>
    public string? Last => _last;

    /// <summary>Restores the address known to an earlier run; called before the first attempt.</summary>
    public void Restore(string? last) => _last = last;

    public void OnFound(PeerAddress address) => _now = address;

    public void OnUp() => (_last, _lastPlace) = (_now.Connected ?? _last, _now.Place);
}
