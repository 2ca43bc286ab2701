using Gateway.Client.Wire;

namespace Gateway.Client;

/// <summary>
/// A call that the gateway refused, or whose answer never came. The one exception of this library beside argument errors and cancellation.
/// </summary>
public sealed class GatewayException : Exception
{
    /// <summary>For the library, and for applications that test how they handle a failure.</summary>
    public GatewayException(GatewayError reason, string message, IReadOnlyList<MessageId>? messageIds = null,
        Exception? innerException = null)
        : base(message, innerException)
    {
        Reason = reason;
        MessageIds = messageIds ?? [];
    }

    /// <summary>What happened, and so what to do.</summary>
    public GatewayError Reason { get; }

    /// <summary>
    /// The ids of the Enqueue's messages, in its order; empty for other calls. Repeat with these after
    /// <see cref="GatewayError.PossiblyAccepted"/>.
    /// </summary>
    public IReadOnlyList<MessageId> MessageIds { get; }

    /// <summary>True when the same call may succeed later without anything being mended.</summary>
    public bool IsTransient => Reason is GatewayError.HelloRequired or GatewayError.Busy or GatewayError.StoreFull or GatewayError.Stopping
        or GatewayError.TimedOut or GatewayError.Unavailable or GatewayError.PossiblyAccepted;

    /// <summary>The member of <see cref="GatewayError"/> with the code's name; a test holds the two lists together.</summary>
    internal static GatewayError ReasonOf(WireCode code) => Enum.Parse<GatewayError>(code.ToString());
}
