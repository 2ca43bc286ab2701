namespace Gateway.Transport;

/// <summary>
/// Checks the connections of an endpoint, or the splices of all links, in common rounds: a timer for each of them would wake the processor
/// as often as there are connections. No round runs while there is nothing to check. Any thread.
/// </summary>
internal sealed class ConnectionRounds : IDisposable
{
    private static readonly TimeSpan _everyMax = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan _everyMin = TimeSpan.FromMilliseconds(20);

    private readonly Lock _lock = new();
    private readonly ITimer _timer;
    private readonly TimeSpan _every;
    private readonly HashSet<Place> _places = [];

    /// <summary>The places as of the last round; null if one was taken or left since.</summary>
    private Place[]? _row;

    public ConnectionRounds(ConnectionPatience patience, TimeProvider time)
    {
        Patience = patience;
        var shortest = new[] { patience.Message, patience.Write, patience.Heartbeat ?? patience.Write }.Min() / 4;
        _every = shortest > _everyMax ? _everyMax : shortest < _everyMin ? _everyMin : shortest;
        Time = new PatientTime(time, _every);
        _timer = time.CreateTimer(_ => Look(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    public ConnectionPatience Patience { get; }

    /// <summary>The clock of everything checked in these rounds.</summary>
    public PatientTime Time { get; }

    /// <summary>
    /// Calls <paramref name="look"/> in each round, on any thread, until the returned object is disposed of, and at most once after that.
    /// The callback must return at once.
    /// </summary>
    public IDisposable Join(Action look)
    {
        var place = new Place(this, look);
        lock (_lock)
        {
            if (_places.Count == 0)
            {
                Time.Begin();
                _timer.Change(_every, _every);
            }

            _places.Add(place);
            _row = null;
        }

        return place;
    }

    public void Dispose() => _timer.Dispose();

    private void Look()
    {
        Place[] row;
        lock (_lock)
        {
            Time.OnRound();
            row = _row ??= [.. _places];
        }

        foreach (var place in row) place.Look();
    }

    private void Leave(Place place)
    {
        lock (_lock)
        {
            if (!_places.Remove(place)) return;
            _row = null;
            if (_places.Count == 0) _timer.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        }
    }

    private sealed class Place(ConnectionRounds rounds, Action look) : IDisposable
    {
        public void Look() => look();

        public void Dispose() => rounds.Leave(this);
    }
}
