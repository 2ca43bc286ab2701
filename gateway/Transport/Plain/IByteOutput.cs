using System.Net.Security;
using System.Net.Sockets;

namespace Gateway.Transport.Plain;

/// <summary>Where the bytes of a <see cref="TargetWriter"/> go. One call at a time.</summary>
internal interface IByteOutput
{
    /// <summary>Returns how many of the bytes the system has taken.</summary>
    ValueTask<int> SendAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken);

    /// <summary>Ends this direction.</summary>
    ValueTask FinishAsync();
}

/// <summary>A socket.</summary>
internal sealed class SocketOutput(Socket socket) : IByteOutput
{
    public ValueTask<int> SendAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken) =>
        socket.SendAsync(bytes, SocketFlags.None, cancellationToken);

    public ValueTask FinishAsync()
    {
        socket.Shutdown(SocketShutdown.Send);
        return ValueTask.CompletedTask;
    }
}

/// <summary>TLS on a socket.</summary>
internal sealed class TlsOutput(SslStream stream, Socket socket) : IByteOutput
{
    public async ValueTask<int> SendAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        await stream.WriteAsync(bytes, cancellationToken);
        return bytes.Length;
    }

    public async ValueTask FinishAsync()
    {
        await stream.ShutdownAsync();
        socket.Shutdown(SocketShutdown.Send);
    }
}
