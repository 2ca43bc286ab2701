using System.Net;
using System.Net.Sockets;

namespace Gateway.Transport;

/// <summary>
/// Connects a socket, and says by a code how that went. A peer that is not there is called again and again, and an exception that goes up
/// through a row of tasks costs more of the processor than all the rest of an attempt.
/// </summary>
internal static class QuietConnect
{
    /// <exception cref="OperationCanceledException">It was cancelled; the socket is of no use any more.</exception>
    public static async ValueTask<SocketError> ConnectAsync(Socket socket, EndPoint address, CancellationToken cancellationToken)
    {
        var connected = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var attempt = new SocketAsyncEventArgs { RemoteEndPoint = address };
        attempt.Completed += (_, _) => connected.SetResult();
        if (!socket.ConnectAsync(attempt)) return attempt.SocketError;
        await using (cancellationToken.UnsafeRegister(state => Socket.CancelConnectAsync((SocketAsyncEventArgs)state!), attempt))
            await connected.Task;
        cancellationToken.ThrowIfCancellationRequested();
        return attempt.SocketError;
    }
}
