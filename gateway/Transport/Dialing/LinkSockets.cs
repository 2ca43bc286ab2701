using System.Collections.Concurrent;
using Gateway.Client.Transport;
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

    /// <summary>The longest delay of frames, and of a stop, when a signal to this thread is lost.</summary>
    private static readonly TimeSpan _look = TimeSpan.FromSeconds(1);

    private readonly NetMQPoller _poller = [];
    private readonly ConcurrentQueue<Action> _waiting = [];
    private readonly PollerSignal _signal;
    private readonly SemaphoreSlim _room = new(ArrivedMax);
    private readonly CancellationTokenSource _stopped = new();
    private readonly HashSet<NetMQSocket> _open = [];
    private readonly HashSet<NetMQMonitor> _monitors = [];
    private readonly Thread _thread;
    private bool _isStarted;
    private volatile bool _isHeldUp;

    /// <param name="door">The door by which the sockets' connections return into the process.</param>
    public LinkSockets(InnerDoor door)
    {
        Door = door;
        _signal = new PollerSignal(_poller, _look, Drain);
        var timer = new NetMQTimer(_look);
        timer.Elapsed += (_, _) => _signal.Look();
        _poller.Add(timer);
        // A background thread: one that NetMQ blocks must not keep the process alive.
        _thread = new Thread(RunToEnd) { Name = "links", IsBackground = true };
    }

    public InnerDoor Door { get; }

    /// <summary>The thread waits for the loop, and moves nothing. Any thread.</summary>
    public bool IsHeldUp => _isHeldUp;

    public void Start()
    {
        _isStarted = true;
        _thread.Start();
    }

    /// <summary>Ends the thread, which closes the open sockets.</summary>
    /// <param name="limit">The time for it.</param>
    /// <returns>False if the limit is over. The thread then still holds its sockets, and nothing may be disposed of.</returns>
    public bool Stop(TimeSpan limit)
    {
        _stopped.Cancel();
        Post(Leave);
        return !_isStarted || _thread.Join(limit);
    }

    public void Dispose()
    {
        if (!_isStarted) CloseAll();
        _room.Dispose();
        _stopped.Dispose();
    }

    /// <summary>Runs an action on this thread, after all actions posted before. Any thread.</summary>
    public void Post(Action action)
    {
        _waiting.Enqueue(action);
        _signal.Raise();
    }

    /// <summary>Waits until the loop has taken enough of the earlier input. This thread only.</summary>
    /// <returns>False if the loop takes nothing any more.</returns>
    public bool AwaitRoom()
    {
        try
        {
            if (_room.Wait(TimeSpan.Zero)) return true;
            _isHeldUp = true;
            _room.Wait(_stopped.Token);
            _isHeldUp = false;
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
        _poller.Remove(socket);
        PollerSignal.Close(socket);
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
        PollerSignal.Close(monitor);
    }

    private static void Leave() => throw new PollerLeftException();

    private void RunToEnd()
    {
        try
        {
            _poller.Run();
        }
        catch (PollerLeftException)
        {
            CloseAll();
        }
    }

    private void CloseAll()
    {
        foreach (var monitor in _monitors) PollerSignal.Close(monitor);
        foreach (var socket in _open) PollerSignal.Close(socket);
        PollerSignal.Close(_poller);
        _signal.Dispose();
    }

    private void Drain()
    {
        for (var i = 0; i < DrainMax && _waiting.TryDequeue(out var action); i++) action();
        if (!_waiting.IsEmpty) _signal.Raise();
    }
}
