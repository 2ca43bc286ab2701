using Gateway.Client.Wire;

namespace Gateway.Client.Session;

/// <summary>
/// The exceptions for calls that failed without an answer from the gateway. This class alone decides whether such a call may have had an
/// effect.
/// </summary>
internal static class CallFailure
{
    public static GatewayException Rejected(Call call, WireCode code, string text)
    {
        var ids = MessageIds(call);
        // The gateway checks for room before it checks for a known id, so StoreFull says nothing about an earlier attempt.
        return code == WireCode.StoreFull && call.LostOnce
            ? PossiblyAccepted(ids, $"was sent without an answer, and its repetition met {code}: {text}")
            : Refusal(code, text, ids);
    }

    /// <summary>An answer of the gateway, as an exception.</summary>
    public static GatewayException Refusal(WireCode code, string text, IReadOnlyList<MessageId>? ids = null) =>
        new(GatewayException.ReasonOf(code), $"The gateway answered {code}: {text}", ids);

    /// <param name="call">The call.</param>
    /// <param name="connected">Whether there is a connection.</param>
    /// <param name="refusal">What the gateway answered last in place of letting this client in; null if nothing.</param>
    public static GatewayException Expired(Call call, bool connected, GatewayException? refusal)
    {
        var sent = call.InFlight || call.LostOnce;
        if (sent && call.Request is Request.Enqueue)
            return PossiblyAccepted(MessageIds(call), "was sent but not answered in time");
        if (sent && IsSettlement(call))
            return new GatewayException(GatewayError.TimedOut,
                "The gateway did not answer in time; the decision may or may not have been stored.");
        return NotSent(connected, refusal, MessageIds(call));
    }

    /// <summary>The failure of a call that cannot have had an effect.</summary>
    public static GatewayException NotSent(bool connected, GatewayException? refusal, IReadOnlyList<MessageId>? ids = null) => connected
        ? new GatewayException(
            GatewayError.TimedOut, "The gateway is connected but took or answered nothing in time; nothing was accepted.", ids)
        : new GatewayException(
            GatewayError.Unavailable,
            refusal is null ? "There was no connection to the gateway in time; nothing was accepted."
                : $"The gateway did not let this client in, in time; nothing was accepted. {refusal.Message}",
            ids, refusal);

    public static GatewayException LeaseLost(Call call) => new(
        GatewayError.LeaseLost,
        call.InFlight
            ? "The connection to the gateway ended before its answer: the decision may or may not have been stored, and the message "
                + "may come again."
            : "The connection to the gateway on which the message was received has ended, so the message is free again; expect it again.");

    public static GatewayException Disposed(Call? call = null) => call is { Request: Request.Enqueue } && (call.InFlight || call.LostOnce)
        ? new GatewayException(
            GatewayError.Disposed,
            $"The client was disposed before the gateway's answer; the messages may have been accepted. {RepeatText(MessageIds(call))}",
            MessageIds(call))
        : new GatewayException(GatewayError.Disposed, "The client is disposed.");

    private static GatewayException PossiblyAccepted(IReadOnlyList<MessageId> ids, string what) => new(
        GatewayError.PossiblyAccepted, $"The Enqueue {what}; it may have been accepted. {RepeatText(ids)}", ids);

    private static string RepeatText(IReadOnlyList<MessageId> ids) =>
        $"Repeat it with the same message ids ({ids.Count}, the first is {ids[0]}); the gateway accepts each id once.";

    private static bool IsSettlement(Call call) => call.Connection != 0;

    private static MessageId[] MessageIds(Call call) =>
        call.Request is Request.Enqueue enqueue ? [.. enqueue.Items.Select(item => item.Id.GetValueOrDefault())] : [];
}
