namespace Gateway.Client;

/// <summary>
/// Why a call of <see cref="GatewayClient"/> failed. The first group are the gateway's own answers, named as in its protocol.
/// </summary>
public enum GatewayError
{
    /// <summary>
    /// The gateway did not understand the request, or refused it with a code that this version does not know; the message gives details.
    /// </summary>
    BadRequest,

    /// <summary>
    /// The gateway does not know the connection. The client repeats the handshake by itself, so applications do not see this error.
    /// </summary>
    HelloRequired,

    /// <summary>The gateway speaks another version of the protocol. Update the older of the two.</summary>
    UnsupportedVersion,

    /// <summary>
    /// The destination or queue is not <c>queue@peer</c> or <c>queue</c> with names of 1 to 64 of <c>a-z A-Z 0-9 . _ -</c>.
    /// </summary>
    BadDestination,

    /// <summary>A bare queue without a route, or a peer that is not configured.</summary>
    NoRoute,

    /// <summary>A message id is not a UUID.</summary>
    BadMessageId,

    /// <summary>The headers are too many.</summary>
    BadHeaders,

    /// <summary>
    /// The destination is a route that chooses by a key, and a message has none: set <see cref="EnqueueOptions.Key"/>, or the header that
    /// the exception's text names.
    /// </summary>
    NoKey,

    /// <summary>A body, the headers or the whole batch is over the gateway's limit. Nothing was sent, or nothing was accepted.</summary>
    TooLarge,

    /// <summary>The message id was accepted before with another destination or body.</summary>
    IdConflict,

    /// <summary>
    /// The message is no longer held: its lease ran out, it was settled, or the connection to the gateway changed. It may be delivered
    /// again. If the connection broke during the call, the settlement may have been stored all the same; the exception's text says so.
    /// </summary>
    LeaseLost,

    /// <summary>The gateway allows no further subscription on this client's connection.</summary>
    TooManySubscriptions,

    /// <summary>
    /// Too many requests are unanswered or in flight. The client retries by itself, so applications do not see this error.
    /// </summary>
    Busy,

    /// <summary>
    /// The gateway's store, or the queue, is at its limit. Nothing was accepted; retry later, or find out why the queue does not drain.
    /// </summary>
    StoreFull,

    /// <summary>The gateway is stopping. The client retries by itself, so applications do not see this error.</summary>
    Stopping,

    /// <summary>
    /// The gateway requires a token (<see cref="GatewayClientOptions.Token"/>), does not know the given one, or the token lacks the right
    /// named in the message.
    /// </summary>
    NotAuthorised,

    /// <summary>
    /// The process at the address stands by for the gateway. The client tries the other addresses, and this one again, by itself, so
    /// applications do not see this error.
    /// </summary>
    Standby,

    /// <summary>No answer came in time although the gateway is connected. An Enqueue that fails with this error was not accepted.</summary>
    TimedOut,

    /// <summary>
    /// There was no connection to the gateway before the call timed out. The request was not sent. If a gateway answered and did not let
    /// this client in, as a standby does not, the inner exception has its answer.
    /// </summary>
    Unavailable,

    /// <summary>
    /// The Enqueue was sent but not answered, so the messages may or may not have been accepted. Retry with the same message ids
    /// (<see cref="GatewayException.MessageIds"/>): the gateway accepts each id once.
    /// </summary>
    PossiblyAccepted,

    /// <summary>The client was disposed before the call was answered. An Enqueue that had been sent may have been accepted.</summary>
    Disposed,

    /// <summary>The client stopped because of an unexpected error, given as the inner exception. Create a new client.</summary>
    Failed,

    /// <summary>
    /// A request had no reply in time. It may have been handled, be handled still until it expires, or have been rejected. A reply that
    /// comes later is kept in the queue that the message names.
    /// </summary>
    NoReply,
}
