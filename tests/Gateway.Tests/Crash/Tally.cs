namespace Gateway.Tests.Crash;

/// <summary>A count that goes up, and that can be waited for. Any thread.</summary>
internal sealed class Tally
{
    private readonly Lock _gate = new();
    private readonly List<(long Count, TaskCompletionSource Reached)> _waiting = [];
    private long _count;

    public long Count
    {
        get
        {
            lock (_gate)
                return _count;
        }
    }

    public void Add()
    {
        lock (_gate)
        {
            _count++;
            foreach (var (count, reached) in _waiting.Where(waiting => waiting.Count <= _count))
                reached.TrySetResult();
            _waiting.RemoveAll(waiting => waiting.Count <= _count);
        }
    }

    /// <summary>Returns when the count is so much higher than it is now.</summary>
    public Task MoreAsync(long more, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            var reached = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _waiting.Add((_count + more, reached));
            return reached.Task.WaitAsync(cancellationToken);
        }
    }
}
