using Gateway.Client.Wire;

namespace Gateway.Client;

/// <summary>
/// A call that the gateway refused or did not answer, or a request without a reply. Apart from argument errors and cancellation, this
/// library throws no other exception.
/// </summary>
public sealed class GatewayException : Exception
{
    /// <summary>Creates an exception. Public so that applications can test their error handling.</summary>
    public GatewayException(GatewayError reason, string message, IReadOnlyList<MessageId>? messageIds = null,
        Exception? innerException = null)
        : base(message, innerException)
    {
        Reason = reason;
        MessageIds = messageIds ?? [];
    }

    /// <summary>The reason, which determines how to react.</summary>
    public GatewayError Reason { get; }

    /// <summary>
    /// The ids of the Enqueue's messages, in order; empty for other calls. After <see cref="GatewayError.PossiblyAccepted"/>, retry with
    /// these ids.
    /// </summary>
    public IReadOnlyList<MessageId> MessageIds { get; }

    /// <summary>True when the same call may succeed later without intervention.</summary>
    public bool IsTransient => Reason is GatewayError.HelloRequired or GatewayError.Busy or GatewayError.StoreFull or GatewayError.Stopping
        or GatewayError.TimedOut or GatewayError.Unavailable or GatewayError.PossiblyAccepted or GatewayError.NoReply;

    /// <summary>The member of <see cref="GatewayError"/> with the same name as the code; a test keeps the two lists in step.</summary>
    internal static GatewayError ReasonOf(WireCode code) => Enum.Parse<GatewayError>(code.ToString());
}
