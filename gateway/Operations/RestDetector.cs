namespace Gateway.Operations;

/// <summary>What is worth collecting.</summary>
internal enum Garbage
{
    /// <summary>Nothing: there is little, or there is so much to do that the collector comes by itself.</summary>
    None,

    /// <summary>What was left behind since the last time.</summary>
    Young,

    /// <summary>Everything: a time of work is over, the start among them.</summary>
    All,
}

/// <summary>Tells, from how much was allocated, when a process is at rest, and what garbage it has then.</summary>
internal sealed class RestDetector
{
    /// <summary>How often it wants to be asked.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(10);

    /// <summary>Who allocates more in an interval works.</summary>
    public const long RestBytesMax = 16 * 1024 * 1024;

    /// <summary>Less is left where it is.</summary>
    public const long GarbageBytesMin = 8 * 1024 * 1024;

    private long _last;
    private long _collectedAt;
    private bool _hasWorked = true;

    /// <param name="allocatedBytes">Since the process began.</param>
    public Garbage Look(long allocatedBytes)
    {
        var isWorking = allocatedBytes - _last > RestBytesMax;
        _last = allocatedBytes;
        _hasWorked |= isWorking;
        if (isWorking || (!_hasWorked && allocatedBytes - _collectedAt < GarbageBytesMin)) return Garbage.None;
        var garbage = _hasWorked ? Garbage.All : Garbage.Young;
        _hasWorked = false;
        _collectedAt = allocatedBytes;
        return garbage;
    }
}
