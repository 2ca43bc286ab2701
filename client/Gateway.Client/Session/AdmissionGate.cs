namespace Gateway.Client.Session;

/// <summary>
/// Limits unanswered calls by number and size; further callers wait in order. Callers come from any thread and the loop expires them, hence
/// the one lock of this library. It is held for a few instructions only.
/// </summary>
internal sealed class AdmissionGate(int callsMax, long bytesMax)
{
    private readonly Lock _lock = new();
    private readonly LinkedList<Waiter> _waiters = new();
    private GatewayException? _closed;
    private int _calls;
    private long _bytes;

    /// <summary>
    /// Completes when there is room. Every admitted caller calls <see cref="Leave"/> once. A call larger than the whole limit is admitted
    /// alone.
    /// </summary>
    /// <exception cref="GatewayException">The deadline passed, or the gate was closed.</exception>
    /// <exception cref="OperationCanceledException">The wait was cancelled; the caller was not admitted.</exception>
    public ValueTask EnterAsync(long bytes, TimeSpan deadline, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        Waiter waiter;
        lock (_lock)
        {
            if (_closed is not null)
                return new ValueTask(Task.FromException(_closed));
            if (_waiters.Count == 0 && HasRoom(bytes))
            {
                Count(bytes);
                return ValueTask.CompletedTask;
            }

            waiter = new Waiter(bytes, deadline);
            _waiters.AddLast(waiter);
        }

        return WaitAsync(waiter, cancellationToken);
    }

    public void Leave(long bytes)
    {
        lock (_lock)
        {
            _calls--;
            _bytes -= bytes;
            Admit();
        }
    }

    /// <summary>Fails the callers whose deadline has passed.</summary>
    public void Expire(TimeSpan now, GatewayException exception)
    {
        lock (_lock)
        {
            for (var node = _waiters.First; node is not null;)
            {
                var next = node.Next;
                if (node.Value.Deadline <= now)
                {
                    _waiters.Remove(node);
                    node.Value.Entered.TrySetException(exception);
                }

                node = next;
            }

            Admit();
        }
    }

    /// <summary>Closes the gate for good: current and later callers fail with the exception.</summary>
    public void Close(GatewayException exception)
    {
        lock (_lock)
        {
            _closed = exception;
            foreach (var waiter in _waiters)
                waiter.Entered.TrySetException(exception);
            _waiters.Clear();
        }
    }

    private async ValueTask WaitAsync(Waiter waiter, CancellationToken cancellationToken)
    {
        using (cancellationToken.UnsafeRegister(_ => Cancel(waiter, cancellationToken), null))
            await waiter.Entered.Task.ConfigureAwait(false);
    }

    private void Cancel(Waiter waiter, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            if (_waiters.Remove(waiter))
                waiter.Entered.TrySetCanceled(cancellationToken);
            Admit();
        }
    }

    private void Admit()
    {
        while (_waiters.First is { } first && HasRoom(first.Value.Bytes))
        {
            _waiters.RemoveFirst();
            Count(first.Value.Bytes);
            first.Value.Entered.TrySetResult();
        }
    }

    private bool HasRoom(long bytes) => _calls == 0 || (_calls < callsMax && _bytes + bytes <= bytesMax);

    private void Count(long bytes)
    {
        _calls++;
        _bytes += bytes;
    }

    private sealed class Waiter(long bytes, TimeSpan deadline)
    {
        public long Bytes { get; } = bytes;

        public TimeSpan Deadline { get; } = deadline;

        public TaskCompletionSource Entered { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
