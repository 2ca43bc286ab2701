namespace Gateway.Tests.Http;

/// <summary>
/// A clock whose time goes on by a step at each look, so that what depends on how long something took is decided by the test and not by
/// the machine; by zero, it stands. Its timers are the system's.
/// </summary>
internal sealed class SteppingTime(TimeSpan step) : TimeProvider
{
    private long _now;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override long GetTimestamp() => Interlocked.Add(ref _now, step.Ticks);
}
