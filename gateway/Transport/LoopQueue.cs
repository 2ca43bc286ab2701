using System.Collections.Concurrent;

namespace Gateway.Transport;

/// <summary>
/// The way into the loop from other threads: a queue of actions, run in order. The callers bound it: connections by the bytes they may have
/// waiting, all others by the requests of the loop itself, such as store commands and connection attempts. Actions that do not fit into a
/// turn run in the next one, after the timer.
/// </summary>
internal sealed class LoopQueue : ILoopInput
{
    private const int DrainMax = 1000;

    private readonly ConcurrentQueue<Action> _waiting = [];
    private readonly object _gate = new();

    /// <summary>1 while the loop sleeps or is about to.</summary>
    private int _isAsleep;

    /// <inheritdoc/>
    public void Post(Action action)
    {
        _waiting.Enqueue(action);
        // A full fence: either the loop sees the action before it sleeps, or this thread sees it asleep. Only one of several callers wakes
        // it.
        Interlocked.MemoryBarrier();
        if (Volatile.Read(ref _isAsleep) == 0 || Interlocked.Exchange(ref _isAsleep, 0) == 0) return;
        lock (_gate) Monitor.Pulse(_gate);
    }

    public bool IsEmpty => _waiting.IsEmpty;

    /// <summary>Returns when an action waits or the timeout is over. Called by the loop.</summary>
    public void Wait(TimeSpan timeout)
    {
        if (!_waiting.IsEmpty || timeout <= TimeSpan.Zero) return;
        // A monitor waits for whole milliseconds, rounded down: the loop would wake too early and spin until its time.
        var timeoutMs = (int)Math.Ceiling(timeout.TotalMilliseconds);
        lock (_gate)
        {
            Interlocked.Exchange(ref _isAsleep, 1);
            if (_waiting.IsEmpty) Monitor.Wait(_gate, timeoutMs);
            Volatile.Write(ref _isAsleep, 0);
        }
    }

    /// <summary>Runs the waiting actions until the turn is over. Called by the loop.</summary>
    /// <param name="run">Runs an action as an event of the loop.</param>
    public void Drain(Action<Action> run, LoopTurns turns)
    {
        turns.Begin();
        for (var i = 0; i < DrainMax && (i == 0 || !turns.IsOver) && _waiting.TryDequeue(out var action); i++) run(action);
        turns.End();
    }
}
