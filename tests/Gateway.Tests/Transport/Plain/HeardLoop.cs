namespace Gateway.Tests.Transport.Plain;

/// <summary>Does what is posted in the place of the loop, for a test that waits for what it changes.</summary>
internal abstract class HeardLoop : ILoopInput
{
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(20);

    private readonly Lock _lock = new();
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Does something in the place of the loop.</summary>
    public void Do(Action action)
    {
        lock (_lock) action();
    }

    /// <summary>Waits until what is heard fulfils the condition.</summary>
    protected async Task UntilAsync(Func<bool> condition)
    {
        while (true)
        {
            Task changed;
            lock (_lock)
            {
                if (condition()) return;
                changed = _changed.Task;
            }

            await changed.WaitAsync(_patience);
        }
    }

    void ILoopInput.Post(Action action)
    {
        TaskCompletionSource changed;
        lock (_lock)
        {
            action();
            changed = _changed;
            _changed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }

        changed.SetResult();
    }
}
