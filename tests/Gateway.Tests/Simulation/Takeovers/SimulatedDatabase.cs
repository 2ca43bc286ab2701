namespace Gateway.Tests.Simulation.Takeovers;

/// <summary>
/// A database in which several gateways have their stores, with connections that break at any step, outages, and locks that are lost. It
/// keeps what it has committed.
/// </summary>
internal sealed class SimulatedDatabase(SimulatedClock clock, Random random)
{
    private readonly Dictionary<string, SimulatedRow> _rows = [];
    private readonly List<SimulatedBackend> _backends = [];
    private DateTimeOffset _awayUntil;

    public bool IsAway => clock.Now < _awayUntil;

    public DateTimeOffset Now => clock.Now;

    public TimeProvider Time { get; } = new SimulatedTime(clock);

    /// <summary>The rest of the world goes on for so long, while one of its threads is blocked.</summary>
    public Action<TimeSpan> Meanwhile { get; set; } = clock.Advance;

    public SimulatedRow RowOf(string store)
    {
        if (!_rows.TryGetValue(store, out var row)) _rows[store] = row = new SimulatedRow(store);
        return row;
    }

    public SimulatedBackend Connect()
    {
        Step();
        var backend = new SimulatedBackend(random);
        _backends.Add(backend);
        return backend;
    }

    /// <summary>It restarts, or another server takes its place: every connection ends, and with it every lock.</summary>
    public void Restart(TimeSpan away)
    {
        foreach (var backend in _backends.ToList()) backend.End();
        _awayUntil = clock.Now + away;
    }

    public void Heal() => _awayUntil = default;

    /// <summary>What is under way in it goes on.</summary>
    public void Step()
    {
        foreach (var backend in _backends.ToList()) backend.Step(clock.Now);
        _backends.RemoveAll(backend => backend.IsEnded);
    }

    /// <summary>When the database notices that the other side of a connection is gone: at once, or some time later.</summary>
    public DateTimeOffset NoticesEnd(TimeSpan most) => clock.Now + (random.Next(2) == 0 ? TimeSpan.Zero : random.NextDouble() * most);

    public bool IsLikely() => random.Next(2) == 0;
}
