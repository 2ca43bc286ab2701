using System.Net;
using System.Net.Sockets;

namespace Gateway.Transport.Dialing;

/// <summary>
/// Connects a socket and returns the result as an error code. A link calls an absent peer again and again, and an exception that propagates
/// through a chain of tasks costs more processor time than all the rest of an attempt.
/// </summary>
internal static class QuietConnect
{
    /// <remarks>
    /// By chance, a connection to a free port of this host's ephemeral range can be its own other end (RFC 9293, 3.5: simultaneous open).
    /// No program listens there, and the connection would take the port from the program that should. It is therefore reset and reported as
    /// refused.
    /// </remarks>
    /// <exception cref="OperationCanceledException">The attempt was cancelled; the socket is unusable.</exception>
    public static async ValueTask<SocketError> ConnectAsync(Socket socket, EndPoint address, CancellationToken cancellationToken)
    {
        var connected = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var attempt = new SocketAsyncEventArgs { RemoteEndPoint = address };
        attempt.Completed += (_, _) => connected.SetResult();
        if (!socket.ConnectAsync(attempt)) return Outcome(socket, attempt);
        await using (cancellationToken.UnsafeRegister(state => Socket.CancelConnectAsync((SocketAsyncEventArgs)state!), attempt))
            await connected.Task;
        cancellationToken.ThrowIfCancellationRequested();
        return Outcome(socket, attempt);
    }

    private static SocketError Outcome(Socket socket, SocketAsyncEventArgs attempt)
    {
        if (attempt.SocketError != SocketError.Success || !socket.LocalEndPoint!.Equals(socket.RemoteEndPoint)) return attempt.SocketError;
        socket.LingerState = new LingerOption(true, 0);
        socket.Dispose();
        return SocketError.ConnectionRefused;
    }
}
