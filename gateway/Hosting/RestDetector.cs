namespace Gateway.Hosting;

/// <summary>The garbage worth collecting.</summary>
internal enum Garbage
{
    /// <summary>None: there is little, or the process is so busy that the collector runs by itself.</summary>
    None,

    /// <summary>The garbage since the last collection.</summary>
    Young,

    /// <summary>All garbage: a period of work, such as the start, is over.</summary>
    All,

    /// <summary>All garbage of a large heap, which must not pause the process. The heap is examined once more afterwards.</summary>
    Much,
}

/// <summary>Detects from the allocated bytes when a process is idle, and what garbage it then has.</summary>
internal sealed class RestDetector
{
    /// <summary>The interval of the calls.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(10);

    /// <summary>The process is at work if it allocates more than this in an interval.</summary>
    public const long RestBytesMax = 16 * 1024 * 1024;

    /// <summary>Less garbage is not collected.</summary>
    public const long GarbageBytesMin = 8 * 1024 * 1024;

    /// <summary>A larger heap is not compacted, since compaction pauses the process.</summary>
    public const long HeapBytesMax = 256 * 1024 * 1024;

    private long _last;
    private long _collectedAt;
    private bool _hasWorked = true;
    private bool _isSwept;

    /// <param name="allocatedBytes">The bytes allocated since the process began.</param>
    /// <param name="heapBytes">The size of the heap; most of it may be garbage.</param>
    public Garbage Look(long allocatedBytes, long heapBytes)
    {
        var isWorking = allocatedBytes - _last > RestBytesMax;
        _last = allocatedBytes;
        _hasWorked |= isWorking;
        _isSwept &= !isWorking;
        if (isWorking || (!_hasWorked && allocatedBytes - _collectedAt < GarbageBytesMin)) return Garbage.None;
        _collectedAt = allocatedBytes;
        if (!_hasWorked) return Garbage.Young;

        // A heap still large after a sweep is in use.
        var isLarge = heapBytes > HeapBytesMax;
        (_isSwept, _hasWorked) = (isLarge && !_isSwept, isLarge && !_isSwept);
        if (!isLarge) return Garbage.All;
        return _isSwept ? Garbage.Much : Garbage.None;
    }
}
