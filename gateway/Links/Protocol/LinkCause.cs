namespace Gateway.Links.Protocol;

/// <summary>Why a link is not up, or was not when it last changed: a closed list. The numbers are part of the protocol.</summary>
internal enum LinkCause : byte
{
    None = 0,

    /// <summary>The connection ended, and the peer returned with a new incarnation.</summary>
    PeerRestarted,

    /// <summary>Nothing listens on the peer's port.</summary>
    Refused,

    /// <summary>There is no route to the peer's host or network.</summary>
    Unreachable,

    /// <summary>The connect was not answered within the limit.</summary>
    ConnectTimeout,

    /// <summary>TCP considers the connection open, but nothing is heard from the peer.</summary>
    HalfOpen,

    /// <summary>The connection was reset.</summary>
    ResetByPeer,

    /// <summary>The peer closed the connection without a goodbye.</summary>
    ClosedByPeer,

    /// <summary>This host has no local port or buffer left for a new connection.</summary>
    PortsExhausted,

    /// <summary>The peer's host name has no address.</summary>
    NameNotResolved,

    /// <summary>The remote end is not a gateway, or one that violates the protocol.</summary>
    WrongService,

    /// <summary>The peer does not know this gateway, or is not the intended one.</summary>
    NotAuthorised,

    /// <summary>The peer speaks another version of the protocol.</summary>
    VersionMismatch,

    /// <summary>The peer answers but does not acknowledge.</summary>
    PeerStuck,

    /// <summary>The peer reports that it has no room for messages of a queue.</summary>
    PeerRefuses,

    /// <summary>Another gateway of the same name took this gateway's place at the peer.</summary>
    DuplicateName,

    /// <summary>
    /// Our own store accepts no more messages for the peer: its disk has no space, denies access, or does not answer at all.
    /// </summary>
    LocalDisk,

    /// <summary>The peer said goodbye: it is stopping in an orderly way.</summary>
    GoingAway,

    /// <summary>Connections end after a certain time without traffic: something between the hosts cuts them.</summary>
    IdleCut,

    /// <summary>The two sides could not agree on TLS: a certificate was rejected, or only one side uses TLS.</summary>
    TlsFailed,

    /// <summary>The peer's host name resolves to another address than before.</summary>
    AddressChanged,

    /// <summary>An operator ordered that nothing be sent.</summary>
    PausedByOperator,

    /// <summary>Our own store accepts no more messages for the peer: the store, or a queue, has reached its configured limit.</summary>
    LocalQuota,

    /// <summary>Messages wait for a peer that is not configured.</summary>
    NoRoute,

    /// <summary>The peer knows another history of our store: this store was restored, or a copy of it has diverged.</summary>
    StoreForked = 24,

    /// <summary>Another gateway that runs on our store, or on a copy of it, is connected to the peer.</summary>
    StoreTwice = 25,

    /// <summary>The peer's store was restored to a state before its own acknowledgements.</summary>
    PeerWentBack = 26,

    /// <summary>
    /// This host itself prevents the gateway from connecting: its firewall or security software, or a permission that the process lacks.
    /// </summary>
    LocalPolicy = 27,

    /// <summary>This gateway itself was suspended, and the peer gave it up.</summary>
    OwnPause = 28,

    /// <summary>Messages wait because they are acknowledged slowly.</summary>
    SlowLine = 29,

    /// <summary>Small packets pass between the hosts, large ones do not.</summary>
    LargePacketsLost = 30,

    /// <summary>The peer's host took the connection, and nothing there spoke as a gateway within the limit.</summary>
    PeerSilent = 31,

    /// <summary>This host itself ended the connection, or one inside the gateway's process, and not the gateway.</summary>
    AbortedHere = 32,

    /// <summary>Two gateways of the peer's name are running: their incarnations take turns.</summary>
    PeerTwice = 33,

    /// <summary>The connection ended, and another process answers on the peer's store, at another of its addresses.</summary>
    PeerTookOver = 34,

    /// <summary>At each of the peer's addresses a process stands by, or nothing answers: none holds the peer's store yet.</summary>
    PeerStandby = 35,

    /// <summary>A piece of a stream of plain TCP is missing, so that the stream could not go on.</summary>
    PieceMissing = 36,

    /// <summary>
    /// Another process may have taken over our own store: the peer knows another one, and ours has not proven since that it is still held.
    /// </summary>
    HoldInDoubt = 37,
}
