namespace Gateway.Links.Protocol;

/// <summary>
/// Counts how often each number of a queue was given to a connection since the gateway started. The counts are kept as ranges, one for each
/// time that sending began anew, and only while something in them is unacknowledged, so they take little memory, whatever the queue holds.
/// Owned by its queue.
/// </summary>
internal sealed class SentRuns
{
    /// <summary>Beyond this number the two oldest ranges are joined; numbers that only one of them had are then counted too low.</summary>
    public const int Max = 64;

    private readonly List<Run> _runs = new(1);

    /// <summary>The next messages sent come after this number.</summary>
    public void Begin(long after)
    {
        // A flapping link resends the same numbers each time.
        if (_runs.Count >= 2 && (_runs[^2].After, _runs[^2].UpTo) == (_runs[^1].After, _runs[^1].UpTo)) Join(_runs.Count - 2);
        if (_runs.Count >= Max) Join(0);
        if (_runs is [.., var last] && last.UpTo <= last.After) _runs.RemoveAt(_runs.Count - 1);
        _runs.Add(new Run(after, after, 1));
    }

    /// <summary>Everything from the beginning up to this number was sent.</summary>
    public void Send(long upTo) => _runs[^1] = _runs[^1] with { UpTo = upTo };

    public int TimesOf(long number) => _runs.Where(run => number > run.After && number <= run.UpTo).Sum(run => run.Times);

    /// <summary>Everything up to this number has left the queue.</summary>
    public void Forget(long upTo)
    {
        if (_runs.Count == 0 || _runs[0].After >= upTo) return;
        var current = _runs[^1];
        _runs.RemoveAt(_runs.Count - 1);
        _runs.RemoveAll(run => run.UpTo <= upTo);
        _runs.Add(current);
        for (var i = 0; i < _runs.Count; i++)
            _runs[i] = _runs[i] with { After = Math.Max(_runs[i].After, upTo), UpTo = Math.Max(_runs[i].UpTo, upTo) };
    }

    /// <summary>Joins a range with the next one, keeping the part common to both.</summary>
    private void Join(int older)
    {
        var (one, other) = (_runs[older], _runs[older + 1]);
        _runs[older] = new Run(Math.Max(one.After, other.After), Math.Min(one.UpTo, other.UpTo), one.Times + other.Times);
        _runs.RemoveAt(older + 1);
    }

    private readonly record struct Run(long After, long UpTo, int Times);
}
