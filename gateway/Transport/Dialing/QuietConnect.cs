using System.Net;
using System.Net.Sockets;

namespace Gateway.Transport.Dialing;

/// <summary>
/// Connects a socket, and says by a code how that went. A peer that is not there is called again and again, and an exception that goes up
/// through a row of tasks costs more of the processor than all the rest of an attempt.
/// </summary>
internal static class QuietConnect
{
    /// <remarks>
    /// A connection to a free port of this host's ephemeral range can, by chance, be its own other end (RFC 9293, 3.5: both sides open at
    /// once). Nobody listens there then, and it would keep the port from the program that is to: it is reset, and counts as refused.
    /// </remarks>
    /// <exception cref="OperationCanceledException">It was cancelled; the socket is of no use any more.</exception>
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
