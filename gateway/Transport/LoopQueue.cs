using System.Collections.Concurrent;
using NetMQ;

namespace Gateway.Transport;

/// <summary>
/// The way into the loop from other threads: what is to be done there, in order, with one signal for all that waits. Bounded by what the loop itself has asked
/// for: commands given to the store, attempts to connect. What does not fit into a turn is done in the next one, after sockets and timers had theirs.
/// </summary>
internal sealed class LoopQueue : IDisposable
{
    private const int DrainMax = 1000;

    private readonly ConcurrentQueue<Action> _waiting = [];
    private readonly NetMQQueue<bool> _signal = new();
    private readonly Action<Action> _run;
    private readonly LoopTurns _turns;
    private int _isSignalled;

    /// <param name="run">Runs an action as an event of the loop.</param>
    public LoopQueue(Action<Action> run, LoopTurns turns)
    {
        _run = run;
        _turns = turns;
        _signal.ReceiveReady += (_, _) => Drain();
    }

    /// <summary>What the poller has to watch.</summary>
    public ISocketPollable Pollable => _signal;

    /// <summary>Any thread.</summary>
    public void Post(Action action)
    {
        _waiting.Enqueue(action);
        Signal();
    }

    public void Dispose() => _signal.Dispose();

    private void Drain()
    {
        while (_signal.TryDequeue(out _, TimeSpan.Zero))
        {
            // One signal stands for everything that waits.
        }

        // A full fence: if the look into the queue came before the flag is seen as cleared, an action posted in between would wait without a signal.
        Interlocked.Exchange(ref _isSignalled, 0);
        _turns.Begin();
        for (var i = 0; i < DrainMax && (i == 0 || !_turns.IsOver) && _waiting.TryDequeue(out var action); i++) _run(action);
        _turns.End();
        if (!_waiting.IsEmpty) Signal();
    }

    private void Signal()
    {
        if (Interlocked.Exchange(ref _isSignalled, 1) == 0) _signal.Enqueue(true);
    }
}
