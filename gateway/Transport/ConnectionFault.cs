namespace Gateway.Transport;

/// <summary>Why the front door refused or cut a connection. The names appear in the log and as counters in the status.</summary>
internal enum ConnectionFault
{
    /// <summary>There is none.</summary>
    None,

    /// <summary>The first ten bytes are not the signature of ZMTP: another protocol, such as HTTP or TLS, or noise.</summary>
    NotZmtp,

    /// <summary>The signature is that of ZMTP 1 or 2, which have no handshake that could be checked.</summary>
    OldVersion,

    /// <summary>A security mechanism other than NULL.</summary>
    Mechanism,

    /// <summary>Bytes of the greeting that must be zero are not.</summary>
    GreetingFiller,

    /// <summary>Something other than a READY command follows the greeting.</summary>
    NotReady,

    /// <summary>The peer answered the greeting with an ERROR command.</summary>
    PeerError,

    /// <summary>A READY or another command is larger than any that has a meaning here.</summary>
    CommandTooLarge,

    /// <summary>The properties of a READY do not fill it exactly, have a name that is none, or come twice.</summary>
    MalformedReady,

    /// <summary>The READY names no socket type, or one that this endpoint does not serve.</summary>
    SocketType,

    /// <summary>A frame's flags have reserved bits, or bits that exclude each other.</summary>
    FrameFlags,

    /// <summary>A command whose name, or what belongs to it, does not fit its length.</summary>
    MalformedCommand,

    /// <summary>A command that has no meaning on this endpoint.</summary>
    UnknownCommand,

    /// <summary>A frame is larger than the limit.</summary>
    FrameTooLarge,

    /// <summary>The frames of one message are together larger than the limit.</summary>
    MessageTooLarge,

    /// <summary>A message has more frames than the limit.</summary>
    TooManyParts,

    /// <summary>The peer, or the gateway because it stops, closed before the handshake was complete.</summary>
    HandshakeCut,

    /// <summary>The handshake was not complete in time.</summary>
    HandshakeTimeout,

    /// <summary>The endpoint wants TLS, and something else came.</summary>
    NotTls,

    /// <summary>The two sides could not agree on TLS, or the peer did not take this gateway's certificate.</summary>
    TlsFailed,

    /// <summary>The peer showed no certificate.</summary>
    NoCertificate,

    /// <summary>The peer's certificate is not trusted, is out of its time, or is another's.</summary>
    CertificateRefused,

    /// <summary>Nothing that says who connects has followed the handshake in time.</summary>
    NoHello,

    /// <summary>A message or command was begun and not completed in time.</summary>
    Trickle,

    /// <summary>The peer takes nothing, though bytes wait for it.</summary>
    SlowReader,

    /// <summary>The peer gives no sign of life, though it was asked with a PING.</summary>
    Silent,

    /// <summary>More commands, such as PING, in a second than any heartbeat needs.</summary>
    CommandFlood,

    /// <summary>As many connections as this endpoint serves.</summary>
    TooManyConnections,

    /// <summary>As many connections as one address may have.</summary>
    TooManyFromAddress,

    /// <summary>The gateway gave the connection up: it takes no more answers.</summary>
    GivenUp,

    /// <summary>A process of this host other than the gateway itself spoke to the gateway's inner port; it was turned away.</summary>
    Impostor,
}
