namespace Gateway.Client;

/// <summary>
/// Why a call of <see cref="GatewayClient"/> failed. The first group are the gateway's own answers, named as in its protocol.
/// </summary>
public enum GatewayError
{
    /// <summary>
    /// The gateway did not understand the request, or refuses it with a code that this version does not know; the message says more.
    /// </summary>
    BadRequest,

    /// <summary>
    /// The gateway does not know the connection. The client says hello again by itself, so an application does not see this.
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

    /// <summary>A body, the headers or the whole batch is over the gateway's limit. Nothing was sent, or nothing was accepted.</summary>
    TooLarge,

    /// <summary>The message id was accepted before with another destination or body.</summary>
    IdConflict,

    /// <summary>
    /// The message is not held any more: its lease ran out, it was settled, or the connection to the gateway changed. Expect it again. When
    /// the connection broke under the call, the exception's text says that the decision may have been stored all the same.
    /// </summary>
    LeaseLost,

    /// <summary>The gateway allows no further subscription on this client's connection.</summary>
    TooManySubscriptions,

    /// <summary>Too much is unanswered or in flight. The client tries again by itself, so an application does not see this.</summary>
    Busy,

    /// <summary>
    /// The gateway's store, or the queue, is at its limit. Nothing was accepted; try again later, or look why it does not drain.
    /// </summary>
    StoreFull,

    /// <summary>The gateway is stopping. The client tries again by itself, so an application does not see this.</summary>
    Stopping,

    /// <summary>
    /// The gateway wants a token (<see cref="GatewayClientOptions.Token"/>), does not know the one it got, or its token lacks the right
    /// that the message names.
    /// </summary>
    NotAuthorised,

    /// <summary>No answer came in time though the gateway is connected. An Enqueue that fails so was not accepted.</summary>
    TimedOut,

    /// <summary>There was no connection to the gateway in all the time the call had. The request was not sent.</summary>
    Unavailable,

    /// <summary>
    /// The Enqueue was sent but no answer came, so the messages may have been accepted or not. Repeat it with the same message ids
    /// (<see cref="GatewayException.MessageIds"/>): the gateway accepts each id once.
    /// </summary>
    PossiblyAccepted,

    /// <summary>The client was disposed before the call was answered. An Enqueue that had been sent may have been accepted.</summary>
    Disposed,

    /// <summary>The client stopped because of an unexpected error, which is the inner exception. Make a new client.</summary>
    Failed,
}
