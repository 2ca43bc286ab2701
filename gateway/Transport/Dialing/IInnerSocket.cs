namespace Gateway.Transport.Dialing;

/// <summary>The NetMQ socket of a link, as the dialer sees it: bytes that come out of it, and go into it, over loopback.</summary>
internal interface IInnerSocket
{
    /// <summary>Makes the socket and connects it, once.</summary>
    /// <returns>The gateway's end of its connection, on which the socket has said its READY and waits for the other.</returns>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    /// <exception cref="System.Net.Sockets.SocketException">No socket can be had.</exception>
    /// <exception cref="IOException">The socket was closed in the meantime.</exception>
    Task<StreamPipes> OpenAsync(CancellationToken cancellationToken);
}
