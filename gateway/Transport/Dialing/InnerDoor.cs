using System.Net;
using System.Net.Sockets;

namespace Gateway.Transport.Dialing;

/// <summary>
/// The loopback port on which the gateway takes the connections of its own NetMQ sockets, those of the links that it dials. It is open as
/// long as the gateway runs, so that no other process of the host gets the port in between; it takes all who come, so that none fills its
/// queue; and it hands out a connection only to the one in this process who knows the address from which it was made. Nothing is said on it
/// before. Any thread.
/// </summary>
internal sealed class InnerDoor : IDisposable
{
    /// <summary>
    /// For the ReconnectInterval of a socket that is connected to the inner door. The -1 for which NetMQ documents "never" ends the process
    /// when a socket handle cannot be had: the delay of the next attempt is then drawn from a negative range, on a thread of NetMQ's own.
    /// The connection is disconnected long before this is over.
    /// </summary>
    public static readonly TimeSpan Never = TimeSpan.FromDays(1);

    private const int Backlog = 128;

    /// <summary>Connections that nobody has asked for. The oldest makes room: this process asks for its own at once.</summary>
    private const int UnclaimedMax = 128;

    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan _pause = TimeSpan.FromMilliseconds(100);

    private readonly Socket _listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private readonly Lock _lock = new();
    private readonly List<(EndPoint From, Socket Socket)> _unclaimed = [];
    private readonly Dictionary<EndPoint, TaskCompletionSource<Socket>> _claims = [];
    /// <summary>Not disposed of: what was accepted last may still look at it.</summary>
    private readonly CancellationTokenSource _closed = new();
    private readonly FrontDoorCounters _counters;
    private readonly TimeProvider _time;

    /// <param name="counters">Count those who came and were turned away.</param>
    public InnerDoor(FrontDoorCounters counters, TimeProvider time)
    {
        _counters = counters;
        _time = time;
        PortClaim.Take(_listener);
        _listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _listener.Listen(Backlog);
        _ = AcceptAllAsync();
    }

    /// <summary>Where NetMQ's sockets connect.</summary>
    public string Address => $"tcp://{_listener.LocalEndPoint}";

    /// <summary>The connection that was made from this address, by whoever in this process made it.</summary>
    /// <exception cref="OperationCanceledException">It did not come before this was cancelled.</exception>
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
                // It is gone already, or the process has no handle left: then others have to close theirs first.
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
