using Gateway.Links.Causes;
using Gateway.Links.Protocol;
using Gateway.Links.Sending;

namespace Gateway.Links;

/// <summary>
/// A connection to a restored peer that is used only to find out which messages the peer has lost, and is then given up. The peer is asked
/// for some queues at a time. Owned by its link.
/// </summary>
internal sealed class LossExamination(
    OutgoingQueues queues, PeerPast past, LostMessages lost, OutgoingConnection connection, ILinkEnd link)
{
    /// <summary>The peer is asked for no more queues on one connection.</summary>
    public const int AskedMax = 100_000;

    private readonly QueueWalk _walk = queues.NewWalk();

    /// <summary>The first losses, as many as are listed.</summary>
    private readonly List<(OutgoingQueue Queue, long Position)> _losses = [];
    private int _moreLosses;
    private int _asked;
    private bool _isAnswerDue;

    /// <summary>The peer is asked for its positions.</summary>
    public bool IsUnderWay { get; private set; }

    /// <summary>The walk over all queues waits for no answer and goes on with <see cref="WalkOn"/>.</summary>
    public bool IsWalkDue => IsUnderWay && !_isAnswerDue;

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

    /// <summary>The peer has reported the positions that it was asked for.</summary>
    public void OnPositions(LinkFrame.Positions positions)
    {
        if (!_isAnswerDue) return;
        _isAnswerDue = false;
        foreach (var (name, number, _) in positions.Queues)
        {
            if (queues.Find(name) is not { } queue || number >= queue.Acknowledged) continue;
            if (_losses.Count < LostMessages.RangesMax) _losses.Add((queue, number));
            else _moreLosses++;
        }

        WalkOn();
    }

    /// <summary>Asks for the next queues of which the peer has acknowledged something.</summary>
    public void WalkOn()
    {
        var names = new List<string>();
        var asksAtMost = Math.Min(LinkCodec.AskQueuesMax, AskedMax - _asked);
        for (var looks = 0; looks < QueueWalk.AtOnce && names.Count < asksAtMost && _walk.Next() is { } queue; looks++)
        {
            if (queue.Acknowledged > 0) names.Add(queue.Name);
        }

        if (names.Count > 0)
        {
            _asked += names.Count;
            _isAnswerDue = true;
            connection.OnAsked();
            connection.Send(new LinkFrame.Ask(names));
        }
        else if (!_walk.IsUnderWay || asksAtMost == 0) Conclude();
    }

    /// <summary>
    /// The connection has ended. If it did so while the peer was asked for its losses, it has already shown that there are some.
    /// </summary>
    public (LinkCause Cause, string Evidence) Explain(LinkCause cause, string evidence) =>
        !IsUnderWay || LinkCauses.IsOfHistory(cause)
            ? (cause, evidence)
            : (LinkCause.PeerWentBack, _losses.Count == 0
                ? $"{past.WentBack}; which messages it has lost it did not tell before the connection ended ({cause}: {evidence})"
                : $"{past.WentBack}; {Found}; of more queues it did not tell before the connection ended ({cause}: {evidence})");

    public void End()
    {
        IsUnderWay = _isAnswerDue = false;
        _walk.Stop();
        _losses.Clear();
        _moreLosses = _asked = 0;
    }

    /// <summary>The losses found, in words.</summary>
    private string Found =>
        $"acknowledged and gone there are the numbers "
            + string.Join(", ", _losses.Select(loss => LostMessages.RangeOf(loss.Queue, loss.Position)))
            + (_moreLosses > 0 ? $" and those of {_moreLosses} more queues" : "");

    private void Begin()
    {
        IsUnderWay = true;
        _walk.Begin();
        WalkOn();
    }

    /// <summary>The peer has told all that it is asked for.</summary>
    private void Conclude()
    {
        var losses = _losses.ToList();
        var unasked = _walk.IsUnderWay ? $"; it was asked for {Figures.Counted(AskedMax, "queue")}, and not for the others" : "";
        if (losses.Count == 0 && !_walk.IsUnderWay) past.OnNothingLost();
        var finding = losses.Count == 0 ? "which messages it had acknowledged since then is not known here any more" : Found;
        link.GiveUp(LinkCause.PeerWentBack, $"{past.WentBack}; {finding}{unasked}");
        foreach (var (queue, position) in losses) lost.List(queue, position);
    }
}
