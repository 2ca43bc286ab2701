using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using Gateway.Tests.Transport.Zmtp;
using Shouldly;

namespace Gateway.Tests.Transport;

/// <summary>A peer that sends whatever bytes a test wants, over a plain socket.</summary>
internal sealed class RawPeer : IDisposable
{
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(30);

    private readonly Socket _socket;
    private readonly CancellationToken _cancellationToken;

    private RawPeer(Socket socket, CancellationToken cancellationToken)
    {
        _socket = socket;
        _socket.NoDelay = true;
        _cancellationToken = cancellationToken;
    }

    /// <summary>It may have been cut at once: that shows when it is used.</summary>
    public static async Task<RawPeer> ConnectAsync(IPEndPoint to, CancellationToken cancellationToken)
    {
        var peer = new RawPeer(new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp), cancellationToken);
        try
        {
            await peer._socket.ConnectAsync(to, cancellationToken);
        }
        catch (SocketException e) when (e.SocketErrorCode == SocketError.ConnectionReset)
        {
            // Taken and refused before this side knew that it was taken.
        }

        return peer;
    }

    /// <summary>With the handshake of a DEALER made.</summary>
    public static async Task<RawPeer> ConnectReadyAsync(IPEndPoint to, CancellationToken cancellationToken)
    {
        var peer = await ConnectAsync(to, cancellationToken);
        await peer.SendAsync(ZmtpBytes.Handshake);
        var answer = await peer.ReceiveAsync(64 + ZmtpBytes.Router.Length);
        answer[64..].ShouldBe(ZmtpBytes.Router);
        return peer;
    }

    /// <summary>Takes the next connection, with the handshake of a ROUTER made.</summary>
    public static async Task<RawPeer> AcceptReadyAsync(TcpListener listener, CancellationToken cancellationToken)
    {
        var peer = new RawPeer(await listener.AcceptSocketAsync(cancellationToken), cancellationToken);
        await peer.SendAsync(ZmtpBytes.Greeting);
        await peer.ReceiveAsync(64);
        // The other side's READY is a command, and passed over with the first message.
        await peer.SendAsync(ZmtpBytes.Router);
        return peer;
    }

    public async Task SendAsync(byte[] bytes)
    {
        for (var sent = 0; sent < bytes.Length;) sent += await _socket.SendAsync(bytes.AsMemory(sent), _cancellationToken);
    }

    public async Task<byte[]> ReceiveAsync(int count)
    {
        var bytes = new byte[count];
        for (var received = 0; received < count;)
        {
            var more = await _socket.ReceiveAsync(bytes.AsMemory(received), _cancellationToken).AsTask()
                .WaitAsync(_patience, _cancellationToken);
            more.ShouldBeGreaterThan(0, "the connection has ended");
            received += more;
        }

        return bytes;
    }

    /// <summary>Receives the frames of one message; commands, as heartbeats, before and between them are passed over.</summary>
    public async Task<List<byte[]>> ReceiveMessageAsync()
    {
        var frames = new List<byte[]>();
        while (true)
        {
            var flags = (await ReceiveAsync(1))[0];
            var size = (flags & 2) != 0 ? (int)BinaryPrimitives.ReadInt64BigEndian(await ReceiveAsync(8)) : (await ReceiveAsync(1))[0];
            var body = await ReceiveAsync(size);
            if ((flags & 4) != 0) continue;
            frames.Add(body);
            if ((flags & 1) == 0) return frames;
        }
    }

    /// <summary>Ends the connection with a reset.</summary>
    public void Reset() => _socket.Close(timeout: 0);

    /// <summary>Sends no more.</summary>
    public void Finish()
    {
        try
        {
            _socket.Shutdown(SocketShutdown.Send);
        }
        catch (SocketException)
        {
            // The other side was faster.
        }
    }

    /// <summary>Reads until the other side has ended the connection, in whichever way.</summary>
    /// <returns>Whether it has closed it; otherwise it has reset it.</returns>
    public async Task<bool> EndAsync()
    {
        var bytes = new byte[64 * 1024];
        try
        {
            while (await _socket.ReceiveAsync(bytes, _cancellationToken).AsTask().WaitAsync(_patience, _cancellationToken) > 0)
            {
                // Its earlier bytes do not matter.
            }

            return true;
        }
        catch (SocketException e)
        {
            e.SocketErrorCode.ShouldBeOneOf(SocketError.ConnectionReset, SocketError.Shutdown, SocketError.ConnectionAborted,
                SocketError.NotConnected);
            return false;
        }
    }

    /// <summary>As <see cref="SendAsync"/>; false when the other side has ended the connection.</summary>
    public async Task<bool> TrySendAsync(byte[] bytes)
    {
        try
        {
            await SendAsync(bytes);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    /// <summary>Receives a greeting and more; false when the other side has ended the connection.</summary>
    public async Task<bool> TryReceiveAsync()
    {
        try
        {
            return (await ReceiveAsync(65)).Length > 0;
        }
        catch (Exception e) when (e is SocketException or ShouldAssertException)
        {
            return false;
        }
    }

    public void Dispose() => _socket.Dispose();
}
