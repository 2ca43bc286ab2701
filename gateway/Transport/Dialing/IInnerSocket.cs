namespace Gateway.Transport.Dialing;

/// <summary>A link's NetMQ socket as seen by the dialer: bytes that flow out of it and into it over loopback.</summary>
internal interface IInnerSocket
{
    /// <summary>What enters the socket and leaves it.</summary>
    InnerFlow Flow { get; }

    /// <summary>The socket's thread waits for the loop, and moves nothing. Any thread.</summary>
    bool IsHeldUp { get; }

    /// <summary>Creates the socket and connects it. Called once.</summary>
    /// <returns>The gateway's end of the connection. The socket has sent its READY and waits for the other.</returns>
    /// <exception cref="OperationCanceledException">The call was cancelled.</exception>
    /// <exception cref="System.Net.Sockets.SocketException">No socket is available.</exception>
    /// <exception cref="IOException">The socket was closed in the meantime.</exception>
    Task<StreamPipes> OpenAsync(CancellationToken cancellationToken);
}
