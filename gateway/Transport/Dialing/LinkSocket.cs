using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using Gateway.Transport.Zmtp;
using NetMQ;
using NetMQ.Monitoring;
using NetMQ.Sockets;

namespace Gateway.Transport.Dialing;

/// <summary>
/// The DEALER by which a link delivers, over one connection. It connects to the inner door, behind which the dialer carries its bytes. The
/// socket itself belongs to the thread of <see cref="LinkSockets"/>; the loop sends, the dialer opens.
/// </summary>
/// <param name="sockets">The thread that owns the socket.</param>
/// <param name="received">Receives the incoming frames.</param>
internal sealed class LinkSocket(LinkSockets sockets, IReceived received) : IInnerSocket
{
    private const int DrainMax = 500;
    private const int Unused = 0;
    private const int Opened = 1;
    private const int Discarded = 2;

    /// <summary>Before it gets a READY, the socket sends nothing but its handshake.</summary>
    private static readonly ZmtpLimits _handshake = new(["DEALER"], 0, 0, 0);

    private static long _lastMonitor;

    private readonly ConcurrentQueue<byte[]> _unsent = [];
    private readonly TaskCompletionSource<EndPoint> _connected = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private DealerSocket? _socket;
    private NetMQMonitor? _monitor;
    private bool _isClosed;
    private int _isSendPosted;

    /// <summary>
    /// Whether the socket was opened, or closed before that. Most attempts to reach a dead peer never open it and need not wake the
    /// sockets' thread.
    /// </summary>
    private int _use = Unused;

    /// <inheritdoc/>
    public InnerFlow Flow { get; } = new();

    /// <inheritdoc/>
    public bool IsHeldUp => sockets.IsHeldUp;

    /// <inheritdoc/>
    public async Task<StreamPipes> OpenAsync(CancellationToken cancellationToken)
    {
        if (Interlocked.CompareExchange(ref _use, Opened, Unused) == Discarded) throw new OperationCanceledException(cancellationToken);
        sockets.Post(Open);
        var own = await _connected.Task.WaitAsync(cancellationToken);
        var pipes = new StreamPipes(await sockets.Door.TakeAsync(own, cancellationToken));
        try
        {
            var fault = await ZmtpHandshake.RunAsync(pipes, new ZmtpChecker(_handshake), ready: null, cancellationToken);
            Invariant.Require(fault is ConnectionFault.None or ConnectionFault.HandshakeCut, "NetMQ speaks ZMTP");
            if (fault == ConnectionFault.None) return pipes;
            throw new IOException("this gateway's own socket was closed");
        }
        catch
        {
            pipes.Dispose();
            throw;
        }
    }

    /// <summary>Sends a frame after the earlier ones. Called by the loop.</summary>
    public void Send(byte[] frame)
    {
        _unsent.Enqueue(frame);
        Flow.OnGiven();
        if (Interlocked.Exchange(ref _isSendPosted, 1) == 0) sockets.Post(SendAll);
    }

    /// <summary>Closes the socket after the frames already sent. Called by the loop.</summary>
    /// <param name="linger">The time these frames have to leave.</param>
    public void Close(TimeSpan linger)
    {
        if (Interlocked.CompareExchange(ref _use, Discarded, Unused) == Opened) sockets.Post(() => CloseHere(linger));
    }

    /// <summary>
    /// Delivers the frames that have arrived and were not delivered yet, then calls <paramref name="done"/>, on the sockets' thread; at
    /// once if the socket was never opened. Called by the task that has opened it, or would have.
    /// </summary>
    public void Finish(Action done)
    {
        if (Volatile.Read(ref _use) == Opened) sockets.Post(() => DrainToEnd(done));
        else done();
    }

    private void Open()
    {
        if (_isClosed) return;
        try
        {
            _socket = new DealerSocket();
            _socket.Options.Linger = TimeSpan.Zero;
            // The link's window limits the bytes sent, and a socket is never used for a second connection.
            _socket.Options.SendHighWatermark = 0;
            _socket.Options.ReceiveHighWatermark = 0;
            _socket.Options.MaxMsgSize = DialSettings.FrameBytesMax;
            _socket.Options.ReconnectInterval = InnerDoor.Never;
            _socket.ReceiveReady += (_, _) => Drain();
            _monitor = new NetMQMonitor(_socket, $"inproc://link-{Interlocked.Increment(ref _lastMonitor)}", SocketEvents.Connected);
            _monitor.Connected += (_, connected) => OnConnected(connected.Socket?.LocalEndPoint);
        }
        catch (Exception e) when (e is NetMQException or SocketException)
        {
            _socket?.Dispose();
            _socket = null;
            _connected.TrySetException(new SocketException((int)SocketError.TooManyOpenSockets));
            return;
        }

        sockets.Add(_socket);
        sockets.Attach(_monitor);
        _socket.Connect(sockets.Door.Address);
    }

    private void OnConnected(EndPoint? own)
    {
        if (own is null) _connected.TrySetException(new SocketException((int)SocketError.NotConnected));
        else _connected.TrySetResult(own);
        // Not from within its own event.
        sockets.Post(EndMonitor);
    }

    private void EndMonitor()
    {
        if (_monitor is not { } monitor) return;
        _monitor = null;
        sockets.Detach(monitor);
    }

    private void SendAll()
    {
        Interlocked.Exchange(ref _isSendPosted, 0);
        while (_unsent.TryDequeue(out var frame))
        {
            if (_socket is not { } socket) continue;
            var msg = new Msg();
            msg.InitGC(frame, frame.Length);
            socket.Send(ref msg, more: false);
            msg.Close();
        }
    }

    private void CloseHere(TimeSpan linger)
    {
        _isClosed = true;
        SendAll();
        EndMonitor();
        if (_socket is not { } socket) return;
        _socket = null;
        socket.Options.Linger = linger;
        sockets.Close(socket);
    }

    private void DrainToEnd(Action done)
    {
        while (Drain())
        {
            // Until nothing is left.
        }

        done();
    }

    /// <returns>False if there was nothing to deliver.</returns>
    private bool Drain()
    {
        if (_socket is not { } socket) return false;
        var frames = new List<byte[]>();
        while (frames.Count < DrainMax && socket.TryReceiveFrameBytes(out var frame)) frames.Add(frame);
        if (frames.Count == 0) return false;
        Flow.OnTaken(frames.Count);
        if (!sockets.AwaitRoom()) return false;
        received.OnReceived(frames);
        return true;
    }
}
