namespace Gateway.Transport.Dialing;

/// <summary>A link's NetMQ socket as seen by the dialer: bytes that flow out of it and into it over loopback.</summary>
internal interface IInnerSocket
{
    /// <summary>Creates the socket and connects it. Called once.</summary>
    /// <returns>The gateway's end of the connection. The socket has sent its READY and waits for the other.</returns>
    /// <exception cref="OperationCanceledException">The call was cancelled.</exception>
    /// <exception cref="System.Net.Sockets.SocketException">No socket is available.</exception>
    /// <exception cref="IOException">The socket was closed in the meantime.</exception>
    Task<StreamPipes> OpenAsync(CancellationToken cancellationToken);
}
