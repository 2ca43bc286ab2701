namespace Gateway.Transport;

/// <summary>
/// Time for those who wait for others: it runs while this process does. When rounds that come by a timer come late, the process was
/// stopped, or its host was too busy to let it run, and what came meanwhile could not be seen; so that time is not counted. Any thread
/// reads it; one at a time makes the rounds.
/// </summary>
/// <param name="every">How often there is a round.</param>
internal sealed class PatientTime(TimeProvider time, TimeSpan every)
{
    /// <summary>A round may be late by so much without anything being the matter.</summary>
    private static readonly TimeSpan _slack = TimeSpan.FromMilliseconds(250);

    private readonly long _began = time.GetTimestamp();
    private long _stoodStill;
    private long _lastRound;

    /// <summary>In ticks of <see cref="TimeSpan"/>, more than 0.</summary>
    public long Now => 1 + time.GetElapsedTime(_began).Ticks - Volatile.Read(ref _stoodStill);

    /// <summary>Rounds begin, after a time without.</summary>
    public void Begin() => _lastRound = Now;

    public void OnRound()
    {
        var late = Now - _lastRound - every.Ticks;
        if (late > _slack.Ticks) Volatile.Write(ref _stoodStill, _stoodStill + late);
        _lastRound = Now;
    }
}
