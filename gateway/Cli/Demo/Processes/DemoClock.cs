namespace Gateway.Cli.Demo.Processes;

/// <summary>The time since a demo began.</summary>
internal sealed class DemoClock(TimeProvider time)
{
    private readonly long _start = time.GetTimestamp();

    public TimeSpan Elapsed => time.GetElapsedTime(_start);
}
