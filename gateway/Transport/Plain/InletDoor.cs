using System.Net;
using System.Net.Sockets;
using Gateway.Tcp;
using Gateway.Tcp.Inlets;
using Gateway.Transport.Accepting;
using Gateway.Transport.Tls;

namespace Gateway.Transport.Plain;

/// <summary>The listener of one inlet, with its connections. A task of its own accepts; the loop closes it.</summary>
internal sealed class InletDoor : IInletDoor
{
    private static readonly TimeSpan _pause = TimeSpan.FromMilliseconds(100);

    private readonly InletSettings _settings;
    private readonly CertificateWatch? _certificates;
    private readonly IVisitors _visitors;
    private readonly ILoopInput _queue;
    private readonly MemoryBudget _memory;
    private readonly TimeProvider _time;
    private readonly Socket _listener;
    private readonly PlaceCount _places;
    private readonly Lock _lock = new();
    private readonly HashSet<ProgramConnection> _open = [];
    private Task _accepting = Task.CompletedTask;
    private readonly WakeSignal _mayAccept = new();
    private volatile bool _isHeld;
    private volatile bool _isClosed;

    /// <summary>Refused connections of which the loop has not heard.</summary>
    private long _refused;

    /// <param name="certificates">Null for plain text.</param>
    /// <param name="isHeld">It accepts nobody before <see cref="LetGo"/>.</param>
    /// <exception cref="SocketException">The address cannot be listened on.</exception>
    public InletDoor(InletSettings settings, CertificateWatch? certificates, IVisitors visitors, ILoopInput queue, MemoryBudget memory,
        TimeProvider time, bool isHeld)
    {
        _isHeld = isHeld;
        _settings = settings;
        _certificates = certificates;
        _visitors = visitors;
        _queue = queue;
        _memory = memory;
        _time = time;
        _places = new PlaceCount(settings.ConnectionsMax, settings.ConnectionsPerAddressMax);
        _listener = HostPort.Listen(HostPort.Listening(settings.Address), Backlog.ConnectionsMax);
        Address = $"tcp://{_listener.LocalEndPoint}";
    }

    /// <summary>The address listened on, with the port that the system chose.</summary>
    public string Address { get; }

    /// <summary>It is closed, and its connections have ended.</summary>
    public bool IsOver
    {
        get
        {
            lock (_lock) return _isClosed && _open.Count == 0;
        }
    }

    public void Begin() => _accepting = Task.Run(AcceptAsync);

    /// <inheritdoc/>
    public void Hold() => _isHeld = true;

    /// <inheritdoc/>
    public void LetGo()
    {
        _isHeld = false;
        _mayAccept.Set();
    }

    /// <inheritdoc/>
    public void Close()
    {
        if (_isClosed) return;
        LetIn();
        _isClosed = true;
        LetGo();
        _listener.Dispose();
    }

    /// <summary>Completes once all connections have ended; those that were not hung up are ended at once.</summary>
    public async Task EndAsync()
    {
        Close();
        await _accepting;
        List<ProgramConnection> open;
        lock (_lock) open = [.. _open];
        foreach (var connection in open) connection.Abandon();
        await Task.WhenAll(open.Select(connection => connection.Ended));
        _certificates?.Dispose();
    }

    /// <summary>To these programs their connections stand, and they may have sent.</summary>
    private void LetIn()
    {
        // The task that accepts may be quicker, and then nobody is left to wait for.
        _listener.Blocking = false;
        Backlog.Take(_listener.Accept, Admit);
    }

    private async Task AcceptAsync()
    {
        while (!_isClosed)
        {
            try
            {
                await AwaitLettingGoAsync();
                var socket = await _listener.AcceptAsync();
                await AwaitLettingGoAsync();
                Admit(socket);
            }
            catch (SocketException) when (!_isClosed)
            {
                // The program is already gone, or the process has no free handle; the pause lets others close theirs.
                await Task.Delay(_pause, _time);
            }
            catch (Exception e) when (e is SocketException or ObjectDisposedException)
            {
                // The door is closed.
            }
        }

        _queue.Post(_visitors.OnDoorClosed);
    }

    /// <summary>One that was accepted as the door was held waits too; a door that closes lets it in.</summary>
    private async ValueTask AwaitLettingGoAsync()
    {
        while (_isHeld && !_isClosed) await _mayAccept.WaitAsync(CancellationToken.None);
    }

    private void Admit(Socket socket)
    {
        // One of a listener that does not block does not either, and a stream wants one that does.
        socket.Blocking = true;
        var remote = socket.RemoteEndPoint is IPEndPoint end ? HostPort.Plain(end) : null;
        var address = CountedAddress.Of(remote?.Address);
        if (!_places.TryEnter(address))
        {
            socket.Close(timeout: 0);
            OnRefused();
            return;
        }

        var connection = new ProgramConnection(_settings, socket, remote, _visitors, _queue, _memory, _time);
        lock (_lock) _open.Add(connection);
        _ = ServeAsync(connection, address);
    }

    private async Task ServeAsync(ProgramConnection connection, IPAddress address)
    {
        try
        {
            if (!await connection.RunAsync(_certificates)) OnRefused();
        }
        finally
        {
            _places.Leave(address);
            lock (_lock) _open.Remove(connection);
        }
    }

    /// <summary>One report stands for all refusals until the loop takes it.</summary>
    private void OnRefused()
    {
        if (Interlocked.Increment(ref _refused) == 1) _queue.Post(() => _visitors.OnRefused(Interlocked.Exchange(ref _refused, 0)));
    }
}
