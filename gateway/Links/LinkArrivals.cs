namespace Gateway.Links;

/// <summary>
/// Tells since when the peer has had what was sent to it on one connection. What was sent waits in buffers here, in those of the system and
/// of whatever is between the hosts, for minutes on a slow line; for that the peer cannot be blamed. But frames arrive in the order in
/// which they were sent: the answer to one shows that all before it are there. Takes little memory, whatever is under way. Pure; owned by
/// its link.
/// </summary>
/// <param name="patience">Arrivals longer ago need not be told apart.</param>
internal sealed class LinkArrivals(TimeSpan patience)
{
    /// <summary>So many are told apart within the patience.</summary>
    private const int GrainsMax = 16;

    private readonly List<Arrival> _arrivals = [];
    private readonly TimeSpan _grain = patience / GrainsMax;

    /// <summary>The place of the last thing that was sent.</summary>
    public long Last { get; private set; }

    /// <summary>Something was sent of which nothing shows that it arrived.</summary>
    public bool IsAwaited => Last > Arrived;

    private long Arrived => _arrivals.Count > 0 ? _arrivals[^1].UpTo : 0;

    /// <summary>
    /// A new connection: nothing was sent on it. Places go on, so that no answer on an earlier connection is taken for one on this.
    /// </summary>
    public void Begin()
    {
        _arrivals.Clear();
        _arrivals.Add(new Arrival(Last, default, default));
    }

    /// <summary>Gives what is sent next its place.</summary>
    public long Next() => ++Last;

    /// <summary>The peer has answered what has this place. Its word is not trusted: it cannot have answered what was not sent.</summary>
    public void OnAnswered(long place, TimeSpan now)
    {
        if (place <= Arrived || place > Last) return;
        if (_arrivals is [.., var last] && now - last.Since < _grain) _arrivals[^1] = last with { UpTo = place, At = now };
        else _arrivals.Add(new Arrival(place, now, now));
        // Of those that are past all patience one is enough.
        while (_arrivals.Count > 1 && now - _arrivals[1].At > patience) _arrivals.RemoveAt(0);
    }

    /// <summary>
    /// Since when the peer is known to have what has this place, if anything no earlier than it was; null while that is not known.
    /// </summary>
    public TimeSpan? Since(long place)
    {
        if (place > Arrived) return null;
        return _arrivals.Find(arrival => arrival.UpTo >= place).At;
    }

    /// <param name="UpTo">The last place that had arrived.</param>
    /// <param name="Since">When the first of those told together had.</param>
    /// <param name="At">When the last had.</param>
    private readonly record struct Arrival(long UpTo, TimeSpan Since, TimeSpan At);
}
