namespace Gateway.Hosting;

/// <summary>What is worth collecting.</summary>
internal enum Garbage
{
    /// <summary>Nothing: there is little, or there is so much to do that the collector comes by itself.</summary>
    None,

    /// <summary>What was left behind since the last time.</summary>
    Young,

    /// <summary>Everything: a time of work is over, the start among them.</summary>
    All,

    /// <summary>Everything, but so much that nothing may stand still for it. What is left is looked at once more.</summary>
    Much,
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

    /// <summary>A larger heap is not compacted, since everything stands still meanwhile.</summary>
    public const long HeapBytesMax = 256 * 1024 * 1024;

    private long _last;
    private long _collectedAt;
    private bool _hasWorked = true;
    private bool _isSwept;

    /// <param name="allocatedBytes">Since the process began.</param>
    /// <param name="heapBytes">What the heap holds; most of it may be garbage.</param>
    public Garbage Look(long allocatedBytes, long heapBytes)
    {
        var isWorking = allocatedBytes - _last > RestBytesMax;
        _last = allocatedBytes;
        _hasWorked |= isWorking;
        _isSwept &= !isWorking;
        if (isWorking || (!_hasWorked && allocatedBytes - _collectedAt < GarbageBytesMin)) return Garbage.None;
        _collectedAt = allocatedBytes;
        if (!_hasWorked) return Garbage.Young;

        // What is large even when it is swept is in use.
        var isLarge = heapBytes > HeapBytesMax;
        (_isSwept, _hasWorked) = (isLarge && !_isSwept, isLarge && !_isSwept);
        if (!isLarge) return Garbage.All;
        return _isSwept ? Garbage.Much : Garbage.None;
    }
}
