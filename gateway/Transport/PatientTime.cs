namespace Gateway.Transport;

/// <summary>
/// A clock for timeouts that runs only while this process does. A late round means that the process was stopped, or its host too busy to
/// run it; input of that time could not be seen, so the time is not counted. Any thread reads it; one at a time makes the rounds.
/// </summary>
/// <param name="every">The interval of the rounds.</param>
internal sealed class PatientTime(TimeProvider time, TimeSpan every)
{
    /// <summary>A round may be this late without the clock standing still.</summary>
    private static readonly TimeSpan _slack = TimeSpan.FromMilliseconds(250);

    private readonly long _began = time.GetTimestamp();
    private long _stoodStill;
    private long _lastRound;

    /// <summary>In ticks of <see cref="TimeSpan"/>; greater than 0.</summary>
    public long Now => 1 + time.GetElapsedTime(_began).Ticks - Volatile.Read(ref _stoodStill);

    /// <summary>Rounds begin after a time without any.</summary>
    public void Begin() => _lastRound = Now;

    public void OnRound()
    {
        var late = Now - _lastRound - every.Ticks;
        if (late > _slack.Ticks) Volatile.Write(ref _stoodStill, _stoodStill + late);
        _lastRound = Now;
    }
}
