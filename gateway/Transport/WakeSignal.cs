namespace Gateway.Transport;

/// <summary>
/// Wakes the current waiter, or else the next one. Any thread sets it; the woken waiter checks for itself what has changed.
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
        // Reset before the waiter checks: a later change sets it again.
        Interlocked.Exchange(ref _isSet, 0);
    }
}
