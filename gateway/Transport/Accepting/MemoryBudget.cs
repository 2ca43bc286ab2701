namespace Gateway.Transport.Accepting;

/// <summary>
/// What all accepted connections together may hold in memory, in one direction. Any thread; the lock is held for a few instructions.
/// </summary>
/// <param name="bytesMax">In all. Something larger passes when there is nothing else.</param>
internal sealed class MemoryBudget(long bytesMax)
{
    /// <summary>Of the memory that the process may use, for each direction.</summary>
    private const int Share = 8;

    private readonly Lock _lock = new();
    private readonly Queue<Waiter> _waiters = [];
    private long _used;

    /// <summary>More is held than should be.</summary>
    public bool IsExceeded => Volatile.Read(ref _used) > bytesMax;

    /// <summary>A share of the memory that the system, or a container, gives this process.</summary>
    /// <param name="bytesMin">So much in any case.</param>
    public static MemoryBudget OfProcess(long bytesMin) => new(Math.Max(bytesMin, GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / Share));

    /// <summary>Counts what is here already, room or not.</summary>
    public void Take(long bytes)
    {
        lock (_lock) _used += bytes;
    }

    /// <summary>Waits for room behind those who wait already, and takes it.</summary>
    /// <exception cref="OperationCanceledException">It was cancelled; nothing was taken.</exception>
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

    /// <summary>It may have stood before others for whom there is room.</summary>
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
