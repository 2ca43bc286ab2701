using System.Net;
using System.Net.Sockets;
using Gateway.Tests.Transport.Zmtp;

namespace Gateway.Tests.Crash;

/// <summary>A listener that is no gateway: what it does with each connection, one after the other, a test tells.</summary>
internal sealed class FakePeer : IAsyncDisposable
{
    private readonly Socket _listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private readonly Func<Socket, Task> _serve;
    private readonly Task _serving;

    public FakePeer(Func<Socket, Task> serve)
    {
        _serve = serve;
        _listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _listener.Listen();
        _serving = ServeAsync();
    }

    public string Address => $"tcp://{_listener.LocalEndPoint}";

    /// <summary>As a ROUTER does; returns when the first frame, the hello, is coming.</summary>
    public static async Task ShakeHandsAsync(Socket socket)
    {
        await socket.SendAsync(ZmtpBytes.Greeting.Concat(ZmtpBytes.Router).ToArray());
        await ReceiveAsync(socket, ZmtpBytes.Greeting.Length + ZmtpBytes.Dealer.Length);
        await ReceiveAsync(socket, 1);
    }

    /// <summary>Reads until the other side has ended the connection.</summary>
    public static async Task WaitForEndAsync(Socket socket)
    {
        while (await socket.ReceiveAsync(new byte[4096]) > 0)
        {
            // It may say what it likes.
        }
    }

    public async ValueTask DisposeAsync()
    {
        _listener.Dispose();
        await _serving;
    }

    private static async Task ReceiveAsync(Socket socket, int count)
    {
        for (var received = 0; received < count;)
        {
            var more = await socket.ReceiveAsync(new byte[count - received]);
            if (more == 0) throw new SocketException((int)SocketError.Shutdown);
            received += more;
        }
    }

    private async Task ServeAsync()
    {
        try
        {
            while (true)
            {
                using var socket = await _listener.AcceptAsync();
                await TryServeAsync(socket);
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // Disposed of.
        }
    }

    private async Task TryServeAsync(Socket socket)
    {
        try
        {
            await _serve(socket);
        }
        catch (SocketException)
        {
            // The gateway gave it up.
        }
    }
}
