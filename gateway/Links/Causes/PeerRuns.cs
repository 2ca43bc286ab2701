namespace Gateway.Links.Causes;

/// <summary>
/// The runs of a peer that were seen. A restart brings a new one, never one that was there before another: runs that come back show that
/// two gateways have the peer's name. Pure; owned by its link.
/// </summary>
internal sealed class PeerRuns
{
    /// <summary>A hello may arrive late, and a machine may be set back; neither does so as often.</summary>
    private const int ReturnsMin = 3;

    private const int KnownMax = 8;

    private static readonly TimeSpan _window = TimeSpan.FromMinutes(5);

    /// <summary>The one that was seen last is the last.</summary>
    private readonly List<(GatewayIdentity Run, TimeSpan At)> _known = [];
    private readonly Queue<TimeSpan> _returns = [];

    /// <summary>Seen in a hello or a welcome. What a former run has said may arrive late: it shows nothing.</summary>
    public void OnSeen(GatewayIdentity run, TimeSpan now)
    {
        if (_known.Exists(known => run.Precedes(known.Run))) return;
        var index = _known.FindIndex(known => known.Run.Incarnation == run.Incarnation);
        if (index >= 0)
        {
            if (index < _known.Count - 1 && now - _known[index].At < _window) _returns.Enqueue(now);
            _known.RemoveAt(index);
        }

        _known.Add((run, now));
        if (_known.Count > KnownMax) _known.RemoveAt(0);
        if (_returns.Count > ReturnsMin) _returns.Dequeue();
    }

    /// <summary>Runs have come back again and again, of late.</summary>
    public bool AreTwo(TimeSpan now)
    {
        while (_returns.TryPeek(out var at) && now - at > _window) _returns.Dequeue();
        return _returns.Count >= ReturnsMin;
    }

    /// <summary>The evidence, in words, that there are two.</summary>
    public string Describe(TimeSpan now) => "incarnations take turns, which no restart explains: "
        + string.Join(" and ", _known.Where(known => now - known.At < _window).TakeLast(2).Select(known =>
            $"{known.Run.Incarnation:N}, started {Figures.Time(known.Run.StartedUnixMs)}, on store {known.Run.StoreId:N}"));
}
