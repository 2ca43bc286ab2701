namespace Gateway.Links.Sending;

/// <summary>
/// Determines since when the peer has had the frames sent to it on one connection. Frames wait in buffers here, in the system and between
/// the hosts, for minutes on a slow line, and the peer is not to blame for that. But frames arrive in order, so the answer to one shows
/// that all before it have arrived. Uses little memory, however much is under way. Pure; owned by its link.
/// </summary>
/// <param name="patience">Older arrivals need not be distinguished.</param>
internal sealed class LinkArrivals(TimeSpan patience)
{
    /// <summary>The number of arrivals distinguished within the patience.</summary>
    private const int GrainsMax = 16;

    private readonly List<Arrival> _arrivals = [];
    private readonly TimeSpan _grain = patience / GrainsMax;

    /// <summary>The place of the last item sent.</summary>
    public long Last { get; private set; }

    /// <summary>Something was sent whose arrival is not proven yet.</summary>
    public bool IsAwaited => Last > Arrived;

    private long Arrived => _arrivals.Count > 0 ? _arrivals[^1].UpTo : 0;

    /// <summary>
    /// Begins a new connection, on which nothing was sent yet. Places continue, so that an answer on an earlier connection is never taken
    /// for one on this.
    /// </summary>
    public void Begin()
    {
        _arrivals.Clear();
        _arrivals.Add(new Arrival(Last, default, default));
    }

    /// <summary>Assigns a place to the next item sent.</summary>
    public long Next() => ++Last;

    /// <summary>The peer has answered the item at this place. Not trusted: places never sent are ignored.</summary>
    public void OnAnswered(long place, TimeSpan now)
    {
        if (place <= Arrived || place > Last) return;
        if (_arrivals is [.., var last] && now - last.Since < _grain) _arrivals[^1] = last with { UpTo = place, At = now };
        else _arrivals.Add(new Arrival(place, now, now));
        // Of the arrivals older than the patience, one is enough.
        while (_arrivals.Count > 1 && now - _arrivals[1].At > patience) _arrivals.RemoveAt(0);
    }

    /// <summary>
    /// The time since which the peer is known to have the item at this place, never earlier than its actual arrival; null while unknown.
    /// </summary>
    public TimeSpan? Since(long place)
    {
        if (place > Arrived) return null;
        return _arrivals.Find(arrival => arrival.UpTo >= place).At;
    }

    /// <param name="UpTo">The last place that had arrived.</param>
    /// <param name="Since">The time of the first of the arrivals combined here.</param>
    /// <param name="At">The time of the last.</param>
    private readonly record struct Arrival(long UpTo, TimeSpan Since, TimeSpan At);
}
