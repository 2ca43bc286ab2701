using System.Net;
using System.Net.Sockets;

namespace Gateway.Transport.Dialing;

/// <summary>
/// The loopback port on which the gateway accepts the connections of its own NetMQ sockets, those of the dialed links. It stays open while
/// the gateway runs, so that no other process of the host can take the port; it accepts every connection, so that none can fill its
/// backlog; and it hands a connection only to the code in this process that knows the address it came from. Nothing is sent on it before.
/// Any thread.
/// </summary>
internal sealed class InnerDoor : IDisposable
{
    /// <summary>
    /// The ReconnectInterval of a socket that is connected to the inner door. The -1 that NetMQ documents as "never" ends the process when
    /// a socket handle is unavailable: the delay of the next attempt is then drawn from a negative range, on a thread of NetMQ's own. The
    /// connection is closed long before this interval ends.
    /// </summary>
    public static readonly TimeSpan Never = TimeSpan.FromDays(1);

    private const int Backlog = 128;

    /// <summary>
    /// The limit of connections that nobody has claimed; a new one displaces the oldest. This process claims its own at once.
    /// </summary>
    private const int UnclaimedMax = 128;

    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan _pause = TimeSpan.FromMilliseconds(100);

    private readonly Socket _listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private readonly Lock _lock = new();
    private readonly List<(EndPoint From, Socket Socket)> _unclaimed = [];
    private readonly Dictionary<EndPoint, TaskCompletionSource<Socket>> _claims = [];
    /// <summary>Not disposed of: the connection accepted last may still use it.</summary>
    private readonly CancellationTokenSource _closed = new();
    private readonly FrontDoorCounters _counters;
    private readonly TimeProvider _time;

    /// <param name="counters">Count the connections turned away.</param>
    public InnerDoor(FrontDoorCounters counters, TimeProvider time)
    {
        _counters = counters;
        _time = time;
        PortClaim.Take(_listener);
        _listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _listener.Listen(Backlog);
        _ = AcceptAllAsync();
    }

    /// <summary>The address to which NetMQ's sockets connect.</summary>
    public string Address => $"tcp://{_listener.LocalEndPoint}";

    /// <summary>Returns the connection made from this address by this process.</summary>
    /// <exception cref="OperationCanceledException">Cancelled before the connection arrived.</exception>
    public async Task<Socket> TakeAsync(EndPoint from, CancellationToken cancellationToken)
    {
        var claim = new TaskCompletionSource<Socket>(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_lock)
        {
            var place = _unclaimed.FindIndex(held => held.From.Equals(from));
            if (place >= 0)
            {
                var socket = _unclaimed[place].Socket;
                _unclaimed.RemoveAt(place);
                return socket;
            }

            _claims[from] = claim;
        }

        await using var cancelled = cancellationToken.UnsafeRegister(_ => claim.TrySetCanceled(cancellationToken), null);
        try
        {
            return await claim.Task;
        }
        finally
        {
            lock (_lock) _claims.Remove(from);
        }
    }

    public void Dispose()
    {
        if (_closed.IsCancellationRequested) return;
        _closed.Cancel();
        _listener.Dispose();
        lock (_lock)
        {
            foreach (var (_, socket) in _unclaimed) socket.Dispose();
            _unclaimed.Clear();
        }
    }

    private async Task AcceptAllAsync()
    {
        var closed = _closed.Token;
        while (!closed.IsCancellationRequested)
        {
            try
            {
                OnAccepted(await _listener.AcceptAsync(closed), closed);
            }
            catch (SocketException) when (!closed.IsCancellationRequested)
            {
                // The connection is already gone, or the process has no free handle; the pause lets others close theirs.
                await Task.Delay(_pause, _time, closed).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
            catch (Exception e) when (e is SocketException or ObjectDisposedException or OperationCanceledException)
            {
                return;
            }
        }
    }

    private void OnAccepted(Socket socket, CancellationToken closed)
    {
        var from = socket.RemoteEndPoint!;
        Socket? oldest = null;
        lock (_lock)
        {
            if (_claims.TryGetValue(from, out var claim) && claim.TrySetResult(socket)) return;
            _unclaimed.Add((from, socket));
            if (_unclaimed.Count > UnclaimedMax)
            {
                oldest = _unclaimed[0].Socket;
                _unclaimed.RemoveAt(0);
            }
        }

        if (oldest is not null) TurnAway(oldest);
        _ = HoldAsync(socket, closed);
    }

    private async Task HoldAsync(Socket socket, CancellationToken closed)
    {
        await Task.Delay(_patience, _time, closed).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        bool isHeld;
        lock (_lock) isHeld = _unclaimed.RemoveAll(held => held.Socket == socket) > 0;
        if (isHeld) TurnAway(socket);
    }

    private void TurnAway(Socket socket)
    {
        _counters.Count(ConnectionFault.Impostor);
        socket.Dispose();
    }
}
