using System.Net;
using System.Net.Sockets;

namespace Gateway.Tests.Crash;

/// <summary>
/// Stands between two gateways as a firewall does: passes bytes on, cuts connections with a reset, and is as slow as it is told.
/// </summary>
internal sealed class TcpProxy : IAsyncDisposable
{
    private const int BufferBytes = 16 * 1024;

    private readonly Socket _listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private readonly Func<Socket> _connect;
    private readonly CancellationTokenSource _stop = new();
    private readonly Lock _gate = new();
    private readonly List<(Socket Near, Socket Far)> _pairs = [];
    private readonly Task _accepting;
    private bool _swallowsAnswers;
    private bool _isDead;

    private TcpProxy(int port, Func<Socket> connect)
    {
        _connect = connect;
        _listener.Bind(new IPEndPoint(IPAddress.Loopback, port));
        _listener.Listen();
        _accepting = AcceptAsync();
    }

    public string Address => $"tcp://{_listener.LocalEndPoint}";

    /// <summary>Each direction of each connection; 0 for as fast as it goes.</summary>
    public int BytesPerSecond { get; init; }

    /// <summary>A connection over which nothing has passed for so long is reset on both sides; null for never.</summary>
    public TimeSpan? CutsAfterSilence { get; init; }

    /// <summary>Bytes from behind it do not pass, although the connections stand.</summary>
    public bool SwallowsAnswers { get => Volatile.Read(ref _swallowsAnswers); set => Volatile.Write(ref _swallowsAnswers, value); }

    /// <summary>Nothing passes in either direction, although the connections stand, and new ones are made.</summary>
    public bool IsDead { get => Volatile.Read(ref _isDead); set => Volatile.Write(ref _isDead, value); }

    public static TcpProxy To(int port, int bytesPerSecond = 0, TimeSpan? cutsAfterSilence = null) => new(0, () =>
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Connect(IPAddress.Loopback, port);
        return socket;
    })
    {
        BytesPerSecond = bytesPerSecond,
        CutsAfterSilence = cutsAfterSilence,
    };

    /// <param name="port">Where it listens.</param>
    /// <param name="connect">Makes a connection to what is behind it.</param>
    public static TcpProxy On(int port, Func<Socket> connect) => new(port, connect);

    /// <summary>Resets every connection on both sides; gives how many.</summary>
    public int Reset()
    {
        lock (_gate)
        {
            foreach (var (near, far) in _pairs)
            {
                // With no time to linger a close is a reset.
                near.Close(timeout: 0);
                far.Close(timeout: 0);
            }

            var count = _pairs.Count;
            _pairs.Clear();
            return count;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Dispose();
        await _accepting;
        Reset();
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        var carrying = new List<Task>();
        try
        {
            while (true)
            {
                var near = await _listener.AcceptAsync(_stop.Token);
                if (TryConnect(near) is not { } far) continue;
                lock (_gate) _pairs.Add((near, far));
                var silence = CutsAfterSilence is { } limit ? TimeProvider.System.CreateTimer(
                    _ => Cut(near, far), null, limit, Timeout.InfiniteTimeSpan) : null;
                carrying.Add(CarryAsync(near, far, silence, isAnswer: false));
                carrying.Add(CarryAsync(far, near, silence, isAnswer: true));
            }
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            Reset();
        }

        await Task.WhenAll(carrying);
    }

    private Socket? TryConnect(Socket near)
    {
        try
        {
            return _connect();
        }
        catch (SocketException)
        {
            near.Close(timeout: 0);
            return null;
        }
    }

    private void Cut(Socket near, Socket far)
    {
        lock (_gate) _pairs.Remove((near, far));
        near.Close(timeout: 0);
        far.Close(timeout: 0);
    }

    private async Task CarryAsync(Socket from, Socket to, ITimer? silence, bool isAnswer)
    {
        var buffer = new byte[BufferBytes];
        try
        {
            while (await from.ReceiveAsync(buffer, _stop.Token) is > 0 and var count)
            {
                silence?.Change(CutsAfterSilence!.Value, Timeout.InfiniteTimeSpan);
                if (IsDead || (isAnswer && SwallowsAnswers)) continue;
                for (var sent = 0; sent < count;) sent += await to.SendAsync(buffer.AsMemory(sent, count - sent), _stop.Token);
                if (BytesPerSecond > 0) await Task.Delay(TimeSpan.FromSeconds((double)count / BytesPerSecond), _stop.Token);
            }

            to.Shutdown(SocketShutdown.Send);
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException or OperationCanceledException)
        {
            lock (_gate) _pairs.RemoveAll(pair => pair.Near == from || pair.Far == from);
            from.Close(timeout: 0);
            to.Close(timeout: 0);
        }
    }
}
