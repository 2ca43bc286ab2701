namespace Gateway.Transport;

/// <summary>
/// Wakes the one who waits, or who will wait next. Any thread sets it; whoever is woken looks for himself at what has changed.
/// </summary>
internal sealed class WakeSignal
{
    private readonly SemaphoreSlim _semaphore = new(0, 1);
    private int _isSet;

    public void Set()
    {
        if (Interlocked.Exchange(ref _isSet, 1) == 0) _semaphore.Release();
    }

    public async ValueTask WaitAsync(CancellationToken cancellationToken)
    {
        await _semaphore.WaitAsync(cancellationToken);
        // Before whoever was woken looks: what changes after that sets it again.
        Interlocked.Exchange(ref _isSet, 0);
    }
}
