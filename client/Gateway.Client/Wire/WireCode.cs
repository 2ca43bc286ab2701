namespace Gateway.Client.Wire;

/// <summary>Why the gateway refuses a request. The member's name is the code on the wire; PROTOCOL.md tells how to react to each.</summary>
internal enum WireCode
{
    BadRequest,
    HelloRequired,
    UnsupportedVersion,
    BadDestination,
    NoRoute,
    BadMessageId,
    BadHeaders,
    NoKey,
    TooLarge,
    IdConflict,
    LeaseLost,
    TooManySubscriptions,
    Busy,
    StoreFull,
    Stopping,
    NotAuthorised,
    Standby,
}
