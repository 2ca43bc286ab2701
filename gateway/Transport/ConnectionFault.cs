namespace Gateway.Transport;

/// <summary>Why the front door refused or cut a connection. The names appear in the log and as counters in the status.</summary>
internal enum ConnectionFault
{
    /// <summary>No fault.</summary>
    None,

    /// <summary>The first ten bytes are not a ZMTP signature: another protocol, such as HTTP or TLS, or noise.</summary>
    NotZmtp,

    /// <summary>The signature is that of ZMTP 1 or 2, which have no verifiable handshake.</summary>
    OldVersion,

    /// <summary>A security mechanism other than NULL.</summary>
    Mechanism,

    /// <summary>Bytes of the greeting that must be zero are not zero.</summary>
    GreetingFiller,

    /// <summary>Something other than a READY command follows the greeting.</summary>
    NotReady,

    /// <summary>The peer answered the greeting with an ERROR command.</summary>
    PeerError,

    /// <summary>A READY or another command is larger than any valid one.</summary>
    CommandTooLarge,

    /// <summary>The properties of a READY do not fill it exactly, have an invalid name, or occur twice.</summary>
    MalformedReady,

    /// <summary>The READY names no socket type, or one that this endpoint does not serve.</summary>
    SocketType,

    /// <summary>A frame's flags set reserved bits or contradictory bits.</summary>
    FrameFlags,

    /// <summary>The name or the content of a command does not fit its length.</summary>
    MalformedCommand,

    /// <summary>A command that has no meaning on this endpoint.</summary>
    UnknownCommand,

    /// <summary>A frame is larger than the limit.</summary>
    FrameTooLarge,

    /// <summary>The frames of one message are together larger than the limit.</summary>
    MessageTooLarge,

    /// <summary>A message has more frames than the limit.</summary>
    TooManyParts,

    /// <summary>The peer, or the stopping gateway, closed the connection before the handshake was complete.</summary>
    HandshakeCut,

    /// <summary>The handshake was not complete in time.</summary>
    HandshakeTimeout,

    /// <summary>The endpoint requires TLS, and the peer did not start it.</summary>
    NotTls,

    /// <summary>The two sides could not agree on TLS, or the peer rejected this gateway's certificate.</summary>
    TlsFailed,

    /// <summary>The peer sent no certificate.</summary>
    NoCertificate,

    /// <summary>The peer's certificate is untrusted, expired or not yet valid, or belongs to another peer.</summary>
    CertificateRefused,

    /// <summary>The peer did not identify itself in time after the handshake.</summary>
    NoHello,

    /// <summary>A message or command was begun and not completed in time.</summary>
    Trickle,

    /// <summary>The peer does not read, although bytes wait for it.</summary>
    SlowReader,

    /// <summary>The peer is silent even after a PING.</summary>
    Silent,

    /// <summary>The peer sends more commands, such as PING, in a second than any heartbeat needs.</summary>
    CommandFlood,

    /// <summary>It had not identified itself, and another connection needed its place, at the maximum of the endpoint or address.</summary>
    MadeRoom,

    /// <summary>The endpoint already serves its maximum of connections, all of them known.</summary>
    TooManyConnections,

    /// <summary>The address already has its maximum of connections, all of them known.</summary>
    TooManyFromAddress,

    /// <summary>The gateway gave the connection up: the peer does not read its answers.</summary>
    GivenUp,

    /// <summary>A process of this host other than the gateway itself connected to the gateway's inner port and was turned away.</summary>
    Impostor,

    /// <summary>Frames stopped moving over loopback inside the gateway's own process: its host cuts connections there.</summary>
    OwnLoopback,
}
