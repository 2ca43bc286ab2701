using Gateway.Links.Causes;
using Gateway.Links.Protocol;
using Gateway.Links.Sending;

namespace Gateway.Links;

/// <summary>
/// A connection to a restored peer that is used only to find out which messages the peer has lost, and is then given up. Owned by its link.
/// </summary>
internal sealed class LossExamination(OutgoingQueues queues, PeerPast past, LostMessages lost, ILinkOutput output, ILinkEnd link)
{
    /// <summary>The queues searched for those of which the peer has acknowledged something.</summary>
    private const int SearchedMax = 50_000;

    /// <summary>The peer was asked for its positions.</summary>
    public bool IsUnderWay { get; private set; }

    /// <summary>
    /// Whether nothing may be sent to the peer as it stands; the connection is then given up, or used only to find out what is lost.
    /// </summary>
    public bool FindsContradiction(LinkFrame.Welcome welcome)
    {
        if (past.FindFork(welcome) is { } fork) link.GiveUp(LinkCause.StoreForked, fork);
        else if (past.HasGoneBack(welcome)) Begin();
        else return false;
        return true;
    }

    /// <summary>The peer has reported its positions.</summary>
    public void OnPositions(LinkFrame.Positions positions)
    {
        var losses = positions.Queues
            .Select(position => (Queue: queues.Find(position.Queue), position.Number))
            .Where(position => position.Queue is not null && position.Number < position.Queue.Acknowledged).ToList();
        if (losses.Count == 0) past.OnNothingLost();
        var ranges = losses.Take(LostMessages.RangesMax).Select(position => LostMessages.RangeOf(position.Queue!, position.Number));
        var finding = losses.Count == 0
            ? "which messages it had acknowledged since then is not known here any more"
            : $"acknowledged and gone there are the numbers {string.Join(", ", ranges)}"
                + (losses.Count > LostMessages.RangesMax ? $" and those of {losses.Count - LostMessages.RangesMax} more queues" : "");
        link.GiveUp(LinkCause.PeerWentBack, $"{past.WentBack}; {finding}");
        foreach (var position in losses.Take(LostMessages.RangesMax)) lost.List(position.Queue!, position.Number);
    }

    /// <summary>
    /// The connection has ended. If it did so while the peer was asked for its losses, it has already shown that there are some.
    /// </summary>
    public (LinkCause Cause, string Evidence) Explain(LinkCause cause, string evidence) =>
        !IsUnderWay || LinkCauses.IsOfHistory(cause)
            ? (cause, evidence)
            : (LinkCause.PeerWentBack, $"{past.WentBack}; which messages it has lost it did not tell before the connection ended ({cause}: "
                + $"{evidence})");

    public void End() => IsUnderWay = false;

    private void Begin()
    {
        var names = queues.All.Take(SearchedMax).Where(queue => queue.Acknowledged > 0).Take(LinkCodec.AskQueuesMax)
            .Select(queue => queue.Name).ToList();
        IsUnderWay = true;
        if (names.Count > 0) output.Send(new LinkFrame.Ask(names));
        else OnPositions(new LinkFrame.Positions([]));
    }
}
