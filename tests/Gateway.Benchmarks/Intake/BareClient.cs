using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Gateway.Transport.Zmtp;

namespace Gateway.Benchmarks.Intake;

/// <summary>
/// An application on a bare socket: it says what ZMTP and the local protocol need, one request at a time, on its caller's thread. So what
/// is measured is the gateway, and not a library on this side.
/// </summary>
internal sealed class BareClient : IDisposable
{
    private const byte More = 1;
    private const byte Long = 2;
    private const byte Command = 4;

    private static readonly byte[] _messageStart = [.. Frame("ENQUEUE"u8, More), .. Frame("r"u8, More)];

    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
    private readonly byte[] _received = new byte[64 * 1024];
    private int _start;
    private int _end;

    /// <summary>Connects, makes the handshake and is welcome.</summary>
    public BareClient(int port)
    {
        _socket.Connect(IPAddress.Loopback, port);
        _socket.Send(ZmtpGreeting.Bytes.Span);
        _socket.Send(Frame([5, .. "READY"u8, 11, .. "Socket-Type"u8, 0, 0, 0, 6, .. "DEALER"u8], Command));
        Take(ZmtpGreeting.Size);
        _socket.Send([.. Frame("HELLO"u8, More), .. Frame("1"u8, More), .. Frame("benchmark"u8, 0)]);
        Expect("WELCOME");
    }

    /// <summary>All bytes of a request to store one message.</summary>
    public static byte[] Enqueue(string destination, byte[] body)
    {
        var none = Frame([], More);
        return [.. _messageStart, .. Frame(Encoding.UTF8.GetBytes(destination), More), .. none, .. none, .. none, .. Frame(body, 0)];
    }

    /// <summary>PING and its PONG.</summary>
    public void Ping()
    {
        _socket.Send([.. Frame("PING"u8, More), .. Frame([], 0)]);
        Expect("PONG");
    }

    /// <summary>Sends a request that <see cref="Enqueue(string, byte[])"/> made; returns when its message is durable.</summary>
    public void Enqueue(byte[] request)
    {
        _socket.Send(request);
        Expect("ACCEPTED");
    }

    public void Dispose() => _socket.Dispose();

    /// <summary>Takes one message; commands, as heartbeats, are passed over.</summary>
    private void Expect(string verb)
    {
        var frames = new List<string>();
        while (true)
        {
            var flags = Take(1)[0];
            var size = (flags & Long) != 0 ? checked((int)BinaryPrimitives.ReadInt64BigEndian(Take(8))) : Take(1)[0];
            var body = Take(size);
            if ((flags & Command) != 0) continue;
            frames.Add(Encoding.UTF8.GetString(body));
            if ((flags & More) == 0) break;
        }

        if (frames[0] != verb) throw new InvalidOperationException($"The gateway answered {string.Join(" | ", frames)} instead of {verb}.");
    }

    /// <summary>The next bytes, valid until the next call.</summary>
    private ReadOnlySpan<byte> Take(int count)
    {
        if (_end - _start < count)
        {
            _received.AsSpan(_start, _end - _start).CopyTo(_received);
            (_start, _end) = (0, _end - _start);
            while (_end < count)
            {
                var received = _socket.Receive(_received.AsSpan(_end));
                if (received == 0) throw new IOException("The gateway has ended the connection.");
                _end += received;
            }
        }

        _start += count;
        return _received.AsSpan(_start - count, count);
    }

    private static byte[] Frame(ReadOnlySpan<byte> body, byte flags)
    {
        if (body.Length <= byte.MaxValue) return [flags, (byte)body.Length, .. body];
        var frame = new byte[9 + body.Length];
        frame[0] = (byte)(flags | Long);
        BinaryPrimitives.WriteInt64BigEndian(frame.AsSpan(1), body.Length);
        body.CopyTo(frame.AsSpan(9));
        return frame;
    }
}
