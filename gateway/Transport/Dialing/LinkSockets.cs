using System.Collections.Concurrent;
using NetMQ;
using NetMQ.Monitoring;

namespace Gateway.Transport.Dialing;

/// <summary>
/// The thread that owns the NetMQ sockets of all links that this gateway dials. What the links send comes in through a queue with one
/// signal for all that waits, bounded by their windows; what peers answer goes out to the loop, and when it does not take it, the thread
/// waits, and TCP holds the peers back.
/// </summary>
internal sealed class LinkSockets : IDisposable
{
    private const int DrainMax = 1000;

    /// <summary>Of what sockets have brought: so many pieces wait for the loop.</summary>
    private const int ArrivedMax = 64;

    private readonly NetMQPoller _poller = [];
    private readonly ConcurrentQueue<Action> _waiting = [];
    private readonly NetMQQueue<bool> _signal = new();
    private readonly SemaphoreSlim _room = new(ArrivedMax);
    private readonly CancellationTokenSource _stopped = new();
    private readonly HashSet<NetMQSocket> _open = [];
    private readonly HashSet<NetMQMonitor> _monitors = [];
    private readonly Thread _thread;
    private int _isSignalled;

    /// <param name="door">By which the sockets' connections come back into the process.</param>
    public LinkSockets(InnerDoor door)
    {
        Door = door;
        _signal.ReceiveReady += (_, _) => Drain();
        _poller.Add(_signal);
        _thread = new Thread(_poller.Run) { Name = "links" };
    }

    public InnerDoor Door { get; }

    public void Start() => _thread.Start();

    /// <summary>Ends the thread and closes what is open: NetMQ does not let the process end before.</summary>
    public void Stop()
    {
        _stopped.Cancel();
        _poller.Stop();
        _thread.Join();
        foreach (var monitor in _monitors) monitor.Dispose();
        foreach (var socket in _open) socket.Dispose();
    }

    public void Dispose()
    {
        _poller.Dispose();
        _signal.Dispose();
        _room.Dispose();
        _stopped.Dispose();
    }

    /// <summary>Any thread: does something on this one, behind all that was posted before.</summary>
    public void Post(Action action)
    {
        _waiting.Enqueue(action);
        Signal();
    }

    /// <summary>This thread: waits until the loop has taken enough of what came before.</summary>
    /// <returns>False when it takes nothing any more.</returns>
    public bool AwaitRoom()
    {
        try
        {
            _room.Wait(_stopped.Token);
            return true;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    /// <summary>The loop: has taken one piece of what came.</summary>
    public void OnTaken() => _room.Release();

    /// <summary>This thread.</summary>
    public void Add(NetMQSocket socket)
    {
        _open.Add(socket);
        _poller.Add(socket);
    }

    /// <summary>This thread.</summary>
    public void Close(NetMQSocket socket)
    {
        _open.Remove(socket);
        _poller.RemoveAndDispose(socket);
    }

    /// <summary>This thread.</summary>
    public void Attach(NetMQMonitor monitor)
    {
        _monitors.Add(monitor);
        monitor.AttachToPoller(_poller);
    }

    /// <summary>This thread, and not from within an event of it.</summary>
    public void Detach(NetMQMonitor monitor)
    {
        _monitors.Remove(monitor);
        monitor.DetachFromPoller();
        monitor.Dispose();
    }

    private void Drain()
    {
        while (_signal.TryDequeue(out _, TimeSpan.Zero))
        {
            // One signal stands for everything that waits.
        }

        // A full fence: if the look into the queue came before the flag is seen as cleared, an action posted in between would wait without
        // a signal.
        Interlocked.Exchange(ref _isSignalled, 0);
        for (var i = 0; i < DrainMax && _waiting.TryDequeue(out var action); i++) action();
        if (!_waiting.IsEmpty) Signal();
    }

    private void Signal()
    {
        if (Interlocked.Exchange(ref _isSignalled, 1) == 0) _signal.Enqueue(true);
    }
}
