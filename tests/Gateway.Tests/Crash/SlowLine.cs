using System.Net;
using System.Net.Sockets;

namespace Gateway.Tests.Crash;

/// <summary>
/// A line between two gateways that carries so many bytes a second in each direction, and holds little of what waits for it.
/// </summary>
internal sealed class SlowLine : IAsyncDisposable
{
    /// <summary>It carries something as often.</summary>
    private static readonly TimeSpan _beat = TimeSpan.FromMilliseconds(50);

    private const int BufferBytes = 4 * 1024;

    private readonly Socket _listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private readonly int _port;
    private readonly int _bytesPerSecond;
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _accepting;
    private long _carried;

    /// <param name="port">Where it leads to.</param>
    public SlowLine(int port, int bytesPerSecond)
    {
        _port = port;
        _bytesPerSecond = bytesPerSecond;
        // Before it listens: the window of a connection is made of it.
        _listener.ReceiveBufferSize = BufferBytes;
        _listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _listener.Listen();
        _accepting = AcceptAsync();
    }

    public string Address => $"tcp://{_listener.LocalEndPoint}";

    /// <summary>Bytes that went from whoever connected to where it leads.</summary>
    public long Carried => Volatile.Read(ref _carried);

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Dispose();
        await _accepting;
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        var serving = new List<Task>();
        try
        {
            while (true) serving.Add(ServeAsync(await _listener.AcceptAsync(_stop.Token)));
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // It is taken down.
        }

        await Task.WhenAll(serving);
    }

    private async Task ServeAsync(Socket near)
    {
        using var far = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { ReceiveBufferSize = BufferBytes };
        using (near)
        {
            try
            {
                await far.ConnectAsync(IPAddress.Loopback, _port, _stop.Token);
                await Task.WhenAll(CarryAsync(near, far, isForward: true), CarryAsync(far, near, isForward: false));
            }
            catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
            {
                near.Close(timeout: 0);
                far.Close(timeout: 0);
            }
        }
    }

    private async Task CarryAsync(Socket from, Socket to, bool isForward)
    {
        var buffer = new byte[Math.Clamp((int)(_bytesPerSecond * _beat.TotalSeconds), 1, BufferBytes)];
        try
        {
            while (await from.ReceiveAsync(buffer, _stop.Token) is > 0 and var count)
            {
                await Task.Delay(TimeSpan.FromSeconds((double)count / _bytesPerSecond), _stop.Token);
                for (var sent = 0; sent < count;) sent += await to.SendAsync(buffer.AsMemory(sent, count - sent), _stop.Token);
                if (isForward) Interlocked.Add(ref _carried, count);
            }

            to.Shutdown(SocketShutdown.Send);
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            from.Close(timeout: 0);
            to.Close(timeout: 0);
        }
    }
}
