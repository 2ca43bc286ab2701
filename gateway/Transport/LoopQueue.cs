using System.Collections.Concurrent;

namespace Gateway.Transport;

/// <summary>
/// The way into the loop from other threads: what is to be done there, in order. Bounded by those who post: connections by what of theirs
/// may wait, the rest by what the loop itself has asked for, such as commands given to the store and attempts to connect. What does not fit
/// into a turn is done in the next one, after the timer had its own.
/// </summary>
internal sealed class LoopQueue
{
    private const int DrainMax = 1000;

    private readonly ConcurrentQueue<Action> _waiting = [];
    private readonly object _gate = new();

    /// <summary>1 while the loop sleeps, or is about to.</summary>
    private int _isAsleep;

    /// <summary>Any thread.</summary>
    public void Post(Action action)
    {
        _waiting.Enqueue(action);
        // A full fence: either the loop sees the action before it sleeps, or it is seen to sleep here. One of those who see it wakes it.
        Interlocked.MemoryBarrier();
        if (Volatile.Read(ref _isAsleep) == 0 || Interlocked.Exchange(ref _isAsleep, 0) == 0) return;
        lock (_gate) Monitor.Pulse(_gate);
    }

    /// <summary>The loop: returns when something waits, or when the time is over.</summary>
    public void Wait(TimeSpan timeout)
    {
        if (!_waiting.IsEmpty || timeout <= TimeSpan.Zero) return;
        lock (_gate)
        {
            Interlocked.Exchange(ref _isAsleep, 1);
            if (_waiting.IsEmpty) Monitor.Wait(_gate, timeout);
            Volatile.Write(ref _isAsleep, 0);
        }
    }

    /// <summary>The loop: does what waits, until the turn is over.</summary>
    /// <param name="run">Runs an action as an event of the loop.</param>
    public void Drain(Action<Action> run, LoopTurns turns)
    {
        turns.Begin();
        for (var i = 0; i < DrainMax && (i == 0 || !turns.IsOver) && _waiting.TryDequeue(out var action); i++) run(action);
        turns.End();
    }
}
