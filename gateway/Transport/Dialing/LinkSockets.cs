using System.Collections.Concurrent;
using NetMQ;
using NetMQ.Monitoring;

namespace Gateway.Transport.Dialing;

/// <summary>
/// The thread that owns the NetMQ sockets of all links that this gateway dials. Frames to send arrive through a queue, with one signal for
/// everything waiting, and are limited by the links' windows. Answers of the peers go to the loop; if it does not take them, the thread
/// waits, and TCP holds the peers back.
/// </summary>
internal sealed class LinkSockets : IDisposable
{
    private const int DrainMax = 1000;

    /// <summary>The pieces of input from sockets that may wait for the loop.</summary>
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

    /// <param name="door">The door by which the sockets' connections return into the process.</param>
    public LinkSockets(InnerDoor door)
    {
        Door = door;
        _signal.ReceiveReady += (_, _) => Drain();
        _poller.Add(_signal);
        _thread = new Thread(_poller.Run) { Name = "links" };
    }

    public InnerDoor Door { get; }

    public void Start() => _thread.Start();

    /// <summary>Ends the thread and closes the open sockets: otherwise NetMQ would keep the process from ending.</summary>
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

    /// <summary>Runs an action on this thread, after all actions posted before. Any thread.</summary>
    public void Post(Action action)
    {
        _waiting.Enqueue(action);
        Signal();
    }

    /// <summary>Waits until the loop has taken enough of the earlier input. This thread only.</summary>
    /// <returns>False if the loop takes nothing any more.</returns>
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

    /// <summary>The loop has taken one piece of input. Called by the loop.</summary>
    public void OnTaken() => _room.Release();

    /// <summary>Adds a socket to the poller. This thread only.</summary>
    public void Add(NetMQSocket socket)
    {
        _open.Add(socket);
        _poller.Add(socket);
    }

    /// <summary>Removes a socket from the poller and disposes of it. This thread only.</summary>
    public void Close(NetMQSocket socket)
    {
        _open.Remove(socket);
        _poller.RemoveAndDispose(socket);
    }

    /// <summary>Attaches a monitor to the poller. This thread only.</summary>
    public void Attach(NetMQMonitor monitor)
    {
        _monitors.Add(monitor);
        monitor.AttachToPoller(_poller);
    }

    /// <summary>Detaches a monitor and disposes of it. This thread only, and not from within the monitor's event.</summary>
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
            // One signal stands for all waiting actions.
        }

        // A full fence: if the queue were read before the cleared flag is visible, an action posted in between would wait without a signal.
        Interlocked.Exchange(ref _isSignalled, 0);
        for (var i = 0; i < DrainMax && _waiting.TryDequeue(out var action); i++) action();
        if (!_waiting.IsEmpty) Signal();
    }

    private void Signal()
    {
        if (Interlocked.Exchange(ref _isSignalled, 1) == 0) _signal.Enqueue(true);
    }
}
