namespace Gateway.Transport.Accepting;

/// <summary>
/// The memory that all accepted connections together may hold in one direction. Any thread; the lock is held for a few instructions.
/// </summary>
/// <param name="bytesMax">The limit for all connections; a larger request is granted while nothing else is held.</param>
internal sealed class MemoryBudget(long bytesMax)
{
    /// <summary>The divisor of the process's memory that gives the limit of each direction.</summary>
    private const int Share = 8;

    private readonly Lock _lock = new();
    private readonly Queue<Waiter> _waiters = [];
    private long _used;

    /// <summary>More is held than the limit.</summary>
    public bool IsExceeded => Volatile.Read(ref _used) > bytesMax;

    /// <summary>Somebody waits for memory.</summary>
    public bool IsWanted
    {
        get
        {
            lock (_lock) return _waiters.Any(waiter => !waiter.Done.Task.IsCompleted);
        }
    }

    /// <summary>A share of the memory that the system, or a container, grants this process.</summary>
    /// <param name="bytesMin">The lower bound of the limit.</param>
    public static MemoryBudget OfProcess(long bytesMin) => new(Math.Max(bytesMin, GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / Share));

    /// <summary>Counts bytes already in memory, even over the limit.</summary>
    public void Take(long bytes)
    {
        lock (_lock) _used += bytes;
    }

    /// <summary>Takes memory once there is room, after earlier waiters.</summary>
    /// <exception cref="OperationCanceledException">The wait was cancelled; nothing was taken.</exception>
    public async ValueTask TakeAsync(long bytes, CancellationToken cancellationToken)
    {
        Waiter waiter;
        lock (_lock)
        {
            if (_waiters.Count == 0 && Fits(bytes))
            {
                _used += bytes;
                return;
            }

            waiter = new Waiter(bytes);
            _waiters.Enqueue(waiter);
        }

        await using var cancelled = cancellationToken.UnsafeRegister(_ => GiveUp(waiter, cancellationToken), null);
        await waiter.Done.Task;
    }

    public void Release(long bytes)
    {
        lock (_lock)
        {
            _used -= bytes;
            LetIn();
        }
    }

    /// <summary>Cancels a waiter; waiters behind it may now fit.</summary>
    private void GiveUp(Waiter waiter, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            if (waiter.Done.TrySetCanceled(cancellationToken)) LetIn();
        }
    }

    private void LetIn()
    {
        while (_waiters.TryPeek(out var waiter) && (waiter.Done.Task.IsCompleted || Fits(waiter.Bytes)))
        {
            _waiters.Dequeue();
            if (waiter.Done.TrySetResult()) _used += waiter.Bytes;
        }
    }

    private bool Fits(long bytes) => _used + bytes <= bytesMax || _used == 0;

    private sealed record Waiter(long Bytes)
    {
        public TaskCompletionSource Done { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
