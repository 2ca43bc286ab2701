using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Text;

namespace Gateway.Tests.Crash;

/// <summary>A program that sends lines to an inlet, and knows nothing of the gateway. For one caller at a time.</summary>
internal sealed class LineProgram : IDisposable
{
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan _pause = TimeSpan.FromMilliseconds(20);

    private readonly Socket _socket;
    private readonly Stream _stream;
    private readonly StreamReader _reader;

    private LineProgram(Socket socket, Stream stream)
    {
        (_socket, _stream) = (socket, stream);
        _reader = new StreamReader(stream, Encoding.UTF8);
    }

    /// <summary>Connects, as often as it takes.</summary>
    public static async Task<LineProgram> ConnectAsync(int port, bool isSecured = false)
    {
        using var limit = new CancellationTokenSource(_patience);
        while (true)
        {
            var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            try
            {
                await socket.ConnectAsync(new IPEndPoint(IPAddress.Loopback, port), limit.Token);
                var stream = new NetworkStream(socket, ownsSocket: true);
                return new LineProgram(socket, isSecured ? await SecureAsync(stream, limit.Token) : stream);
            }
            catch (SocketException)
            {
                socket.Dispose();
                await Task.Delay(_pause, limit.Token);
            }
        }
    }

    public async Task SendAsync(string text) => await _stream.WriteAsync(Encoding.UTF8.GetBytes(text)).AsTask().WaitAsync(_patience);

    public async Task SendAsync(byte[] bytes) => await _stream.WriteAsync(bytes).AsTask().WaitAsync(_patience);

    /// <summary>The next line from the other side; null at the end of the connection, in whatever way it ended.</summary>
    public async Task<string?> LineAsync()
    {
        try
        {
            return await _reader.ReadLineAsync().WaitAsync(_patience);
        }
        catch (IOException)
        {
            return null;
        }
    }

    /// <summary>Sends a line and waits for the answer; false if the connection ended before that.</summary>
    public async Task<bool> IsAnsweredAsync(string line)
    {
        try
        {
            await SendAsync(line + "\n");
        }
        catch (IOException)
        {
            return false;
        }

        return await LineAsync() is not null;
    }

    /// <summary>Sends nothing more, and still reads.</summary>
    public void Finish() => _socket.Shutdown(SocketShutdown.Send);

    /// <summary>Ends as a killed program does that has not read everything.</summary>
    public void Reset() => _socket.Close(timeout: 0);

    public void Dispose() => _stream.Dispose();

    private static async Task<Stream> SecureAsync(Stream stream, CancellationToken cancellationToken)
    {
        var secured = new SslStream(stream);
        // The certificate is the test's own.
        await secured.AuthenticateAsClientAsync(
            new SslClientAuthenticationOptions { TargetHost = "shop", RemoteCertificateValidationCallback = (_, _, _, _) => true },
            cancellationToken);
        return secured;
    }
}
