using Gateway.Links.Causes;
using Gateway.Links.Protocol;
using Gateway.Links.Sending;

namespace Gateway.Links;

/// <summary>
/// Completes the cause and the evidence of an end, or of a return, by the state of the other parts of the link. Keeps nothing.
/// </summary>
internal sealed class LinkEvidence(
    LoopClock clock,
    LinkStanding standing,
    PeerPresence peer,
    PeerAddresses addresses,
    LinkAttempts attempts,
    OutgoingConnection connection)
{
    /// <summary>The connection, or the attempt to make one, has failed in this way.</summary>
    public (LinkCause Cause, string Evidence) OfLoss(LinkCause cause, string evidence)
    {
        var isUnanswered = IsUnanswered(cause);
        if (isUnanswered && connection.WelcomeDue is not null)
            evidence = $"{evidence}, after the hello was sent and before an answer to it";
        if (isUnanswered || cause == LinkCause.PeerSilent) evidence = $"{evidence}; {peer.AnsweredBefore}";
        // A changed address explains why an attempt fails, but not the end of a connection made before.
        return standing.Status.State == LinkState.Connecting && LinkCauses.CanBeOfPlace(cause) && addresses.Change is { } change
            ? (LinkCause.AddressChanged, $"{change}; there: {evidence} ({cause})")
            : (cause, evidence);
    }

    /// <summary>The peer ended an attempt without an answer to the hello.</summary>
    public bool IsUnanswered(LinkCause cause) =>
        standing.Status.State == LinkState.Connecting && cause is LinkCause.ResetByPeer or LinkCause.ClosedByPeer;

    /// <summary>The link leaves its present state for this one.</summary>
    public (LinkCause Cause, string Evidence) OfEnd(LinkState next, LinkCause cause, string evidence)
    {
        var now = standing.Status;
        if (now.Cause == cause) evidence = peer.AddPresence(cause, evidence);
        if (standing.IsUp)
        {
            return attempts.OwnPause is { } pause
                ? (cause, $"{evidence}; this gateway itself had stood still for {Figures.Span(pause)} before")
                : (cause, evidence);
        }

        // A failed attempt does not replace a contradiction between the histories, which only an operator can resolve.
        return next == LinkState.Down && LinkCauses.IsOfHistory(now.Cause) && !LinkCauses.IsOfHistory(cause)
            ? (now.Cause, now.Evidence)
            : (cause, evidence);
    }

    /// <summary>The link comes up; the run that answered is known to its presence, the address not yet as the last one.</summary>
    /// <param name="isAccepted">An operator has accepted the peer as it stands.</param>
    /// <param name="history">The findings of the two histories, in words.</param>
    public (LinkCause Cause, string Evidence) OfReturn(LinkReturn back, GatewayIdentity from, bool isAccepted, string history)
    {
        var (cause, evidence) = isAccepted
            ? (LinkCause.None, "") : back.Explain(
                from, addresses.Change, addresses.Move, peer, standing, connection.Tally, clock.Uptime);
        if (history.Length > 0) evidence = evidence.Length > 0 ? $"{evidence}; {history}" : history;
        return (cause, evidence);
    }
}
