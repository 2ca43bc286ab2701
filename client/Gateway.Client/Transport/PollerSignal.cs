using System.Net.Sockets;
using NetMQ;
using NetMQ.Sockets;

namespace Gateway.Client.Transport;

/// <summary>
/// Wakes a poller from any thread, with one signal for everything that waits. NetMQ carries its signals over loopback connections inside
/// the process. A firewall that forgets quiet connections, or drops loopback packets, loses them for ever, so the poller's thread also
/// looks by itself, at the interval of a timer: a lost signal delays, and the next one travels over a new connection.
/// </summary>
internal sealed class PollerSignal : IDisposable
{
    /// <summary>A connection that has carried nothing for this time is used once, so that it is not forgotten.</summary>
    private static readonly TimeSpan _keepAlive = TimeSpan.FromMinutes(1);

    /// <summary>Signals that do not arrive within this time are lost.</summary>
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(1);

    private readonly NetMQPoller _poller;
    private readonly Action _onRaised;
    private readonly int _missedMax;
    private readonly int _looksPerKeepAlive;
    private readonly Lock _lock = new();
    private NetMQQueue<bool> _queue = new();
    private int _isRaised;
    private int _missed;
    private int _looks;
    private bool _isOver;

    /// <param name="poller">The poller to wake.</param>
    /// <param name="interval">The interval of the calls of <see cref="Look"/>.</param>
    /// <param name="onRaised">Does what waits. Called by the poller's thread, after the signal was taken back.</param>
    public PollerSignal(NetMQPoller poller, TimeSpan interval, Action onRaised)
    {
        _poller = poller;
        _onRaised = onRaised;
        _missedMax = (int)Math.Ceiling(_patience / interval);
        _looksPerKeepAlive = (int)Math.Ceiling(_keepAlive / interval);
        Watch(_queue);
    }

    /// <summary>Has the poller's thread do what waits. Any thread.</summary>
    public void Raise()
    {
        if (Interlocked.Exchange(ref _isRaised, 1) == 1)
            return;
        lock (_lock)
        {
            if (!_isOver)
                Send();
        }
    }

    /// <summary>Does what waits although its signal has not arrived. The poller's thread.</summary>
    public void Look()
    {
        if (++_looks % _looksPerKeepAlive == 0)
            KeepAlive();
        if (Volatile.Read(ref _isRaised) == 0)
            return;
        if (!Take() && ++_missed > _missedMax)
            Renew();
        Act();
    }

    /// <summary>No signal is sent from now on. The poller does not run any more.</summary>
    public void Dispose()
    {
        lock (_lock)
            _isOver = true;
        Close(_queue);
    }

    /// <summary>
    /// Disposes of an object of NetMQ, which hands its sockets to a thread of NetMQ's own over a loopback connection; if that is dead, they
    /// are closed with the process.
    /// </summary>
    public static void Close(IDisposable closing)
    {
        try
        {
            closing.Dispose();
        }
        catch (SocketException)
        {
            // The connection is dead.
        }
    }

    private void OnArrived()
    {
        Take();
        Act();
    }

    private void Act()
    {
        // A full fence: if what waits were read before the cleared flag is visible, something added in between would wait without a signal.
        Interlocked.Exchange(ref _isRaised, 0);
        _onRaised();
    }

    /// <returns>False if no signal has arrived.</returns>
    private bool Take()
    {
        var isArrived = false;
        while (_queue.TryDequeue(out _, TimeSpan.Zero))
            isArrived = true;
        if (isArrived)
            _missed = 0;
        return isArrived;
    }

    private void Send()
    {
        try
        {
            _queue.Enqueue(true);
        }
        catch (SocketException)
        {
            // The connection is dead, and the next look does without it.
        }
    }

    private void Renew()
    {
        _missed = 0;
        var lost = _queue;
        try
        {
            var renewed = new NetMQQueue<bool>();
            Watch(renewed);
            lock (_lock)
                _queue = renewed;
        }
        catch (Exception e) when (e is NetMQException or SocketException)
        {
            // No socket is available; the looks go on.
            return;
        }

        _poller.Remove(lost);
        Close(lost);
    }

    private void Watch(NetMQQueue<bool> queue)
    {
        queue.ReceiveReady += (_, _) => OnArrived();
        _poller.Add(queue);
    }

    /// <summary>Uses this signal's connection, and that to the thread of NetMQ which closes sockets.</summary>
    private void KeepAlive()
    {
        Raise();
        try
        {
            Close(new PairSocket());
        }
        catch (Exception e) when (e is NetMQException or SocketException)
        {
            // No socket is available, and the next time is soon enough.
        }
    }
}
