namespace Gateway.Tests.Simulation.Takeovers;

/// <summary>
/// The database's side of a connection. It may live on for a while when the other side is gone, with a commit that has arrived.
/// </summary>
internal sealed class SimulatedBackend(Random random)
{
    private Action? _underWay;
    private DateTimeOffset _endsAt = DateTimeOffset.MaxValue;

    public bool IsEnded { get; private set; }

    /// <summary>A commit has arrived, and is not done yet.</summary>
    public void Begin(Action commit) => _underWay = commit;

    /// <summary>The other side is gone, which the database notices at this time.</summary>
    public void LoseClient(DateTimeOffset endsAt) => _endsAt = endsAt;

    /// <summary>Something happens in it, as time goes by.</summary>
    public void Step(DateTimeOffset now)
    {
        if (random.Next(3) == 0) Finish();
        if (now >= _endsAt) End();
    }

    /// <summary>It is ended. A commit that has arrived is done by then, or never will be.</summary>
    public void End()
    {
        if (IsEnded) return;
        Decide();
        IsEnded = true;
    }

    /// <summary>A commit that has arrived is done now, or never will be.</summary>
    public void Decide()
    {
        if (random.Next(2) == 0) Finish();
        _underWay = null;
    }

    private void Finish()
    {
        var commit = _underWay;
        _underWay = null;
        try
        {
            commit?.Invoke();
        }
        catch (SimulatedDatabaseException)
        {
            // It failed, and nobody hears of it.
        }
    }
}
