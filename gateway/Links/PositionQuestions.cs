using Gateway.Links.Causes;
using Gateway.Links.Protocol;
using Gateway.Links.Sending;
using Gateway.Store;
using Gateway.Store.Commands;
using Gateway.Store.Messages;

namespace Gateway.Links;

/// <summary>
/// Asks the receiver for its positions when a link has come up: for some queues at a time, and each queue continues once its position is
/// known. A queue that begins while the link is up is not asked for. Owned by its link.
/// </summary>
internal sealed class PositionQuestions(
    LoopClock clock,
    IStoreInput store,
    OutgoingQueues queues,
    LinkSender sender,
    OutgoingConnection connection,
    PeerPresence peer,
    PeerPast past,
    LostMessages lost,
    LinkStanding standing,
    ILinkEnd link)
{
    /// <summary>Queues that a change of the history lists individually.</summary>
    public const int InDoubtQueuesMax = 40;

    private readonly QueueWalk _walk = queues.NewWalk();
    private readonly List<InDoubt> _resolved = [];
    private int _asked;
    private long _askedPlace;
    private bool _peerKnowsThisRun;
    private ComparePositionsCommand? _comparing;

    /// <summary>When the receiver was last asked; null once it has answered everything.</summary>
    public TimeSpan? AskedSince { get; private set; }

    /// <summary>
    /// The time since which the peer has had an unanswered Ask; null without one, or while the answer is being compared here.
    /// </summary>
    public TimeSpan? UnansweredSince => AskedSince is null || _comparing is not null ? null : connection.Arrivals.Since(_askedPlace);

    /// <summary>The walk over all queues waits for no answer and goes on with <see cref="WalkOn"/>.</summary>
    public bool IsWalkDue => _walk.IsUnderWay && AskedSince is null;

    /// <summary>The receiver has answered for all queues.</summary>
    public bool IsDone => !_walk.IsUnderWay && AskedSince is null;

    /// <summary>The link has just come up.</summary>
    /// <param name="peerKnowsThisRun">The receiver has, or may have, messages of this run.</param>
    public void Begin(bool peerKnowsThisRun)
    {
        _peerKnowsThisRun = peerKnowsThisRun;
        _walk.Begin();
        WalkOn();
    }

    /// <summary>The connection is lost.</summary>
    public void Forget()
    {
        _comparing = null;
        _walk.Stop();
        _resolved.Clear();
        lost.ForgetTolerated();
        _asked = 0;
        AskedSince = null;
    }

    /// <summary>
    /// Checks positions above the known acknowledgements before messages are dropped for them. A machine restored within its run may have
    /// assigned the same numbers twice, which nothing else reveals, so the message at each position is compared first.
    /// </summary>
    public void OnPositions(LinkFrame.Positions positions)
    {
        standing.OnStoreAnswers();
        var claims = new List<ClaimedPosition>();
        foreach (var (name, number, check) in positions.Queues)
        {
            if (queues.Find(name) is not { IsAsked: true } queue) continue;
            // The number alone shows that the position is impossible.
            if (!queue.CanHave(number, _peerKnowsThisRun) && !OnPosition(queue, number, check)) return;
            if (number > queue.Acknowledged && check != 0) claims.Add(new ClaimedPosition(queue.Id, new StoredPosition(number, check)));
        }

        if (claims.Count == 0)
        {
            Take(positions);
            return;
        }

        if (_comparing is not null)
        {
            link.GiveUp(LinkCause.WrongService, "the peer answers a question twice");
            return;
        }

        ComparePositionsCommand? comparing = null;
        comparing = _comparing = new ComparePositionsCommand(claims, verdicts =>
        {
            if (comparing != _comparing) return;
            _comparing = null;
            if (!HasOtherMessages(claims, verdicts)) Take(positions);
        });
        store.Submit(comparing);
    }

    /// <summary>Asks for the next queues.</summary>
    public void WalkOn()
    {
        var names = new List<string>();
        var looks = 0;
        while (looks++ < QueueWalk.AtOnce && names.Count < LinkCodec.AskQueuesMax && _walk.Next() is { } queue)
        {
            if (queue.Tail == 0) queue.OpenWhenStored();
            if (!queue.MustAsk) continue;
            queue.IsAsked = true;
            names.Add(queue.Name);
        }

        _asked = names.Count;
        AskedSince = _asked > 0 ? clock.Uptime : null;
        if (_asked == 0)
        {
            if (!_walk.IsUnderWay) TellOutcome();
            return;
        }

        _askedPlace = connection.Arrivals.Next();
        connection.Send(new LinkFrame.Ask(names));
    }

    /// <summary>The peer has other messages than this history: nothing is dropped, and the connection is given up.</summary>
    private bool HasOtherMessages(List<ClaimedPosition> claims, IReadOnlyList<PositionVerdict> verdicts)
    {
        for (var i = 0; i < claims.Count; i++)
        {
            var (queue, there) = claims[i];
            // A message that a repair could not save is missing although it was sent.
            var isForeign = verdicts[i] == PositionVerdict.Other || (verdicts[i] == PositionVerdict.NeverSent && !past.Own.Runs.HasRepair);
            if (!isForeign) continue;
            GiveUpAsForked($"number {there.Number} of queue {queue.LocalName} is another message at the peer than here"
                + (verdicts[i] == PositionVerdict.NeverSent ? ", where it was never sent" : ""));
            return true;
        }

        return false;
    }

    private void GiveUpAsForked(string evidence)
    {
        past.OnForked();
        link.GiveUp(LinkCause.StoreForked, $"{evidence}: it came from another history of this store");
    }

    private void Take(LinkFrame.Positions positions)
    {
        foreach (var (name, number, check) in positions.Queues)
        {
            if (queues.Find(name) is not { } queue)
            {
                link.GiveUp(LinkCause.WrongService, $"the peer tells how far it has stored queue {name}, for which it was not asked");
                return;
            }

            if (queue is { IsAsked: false, OpenedAfter: null })
            {
                GiveUpAsForked(
                    $"the peer stands at number {number} of queue {name}, which is another message there than here, and does not "
                    + $"take what follows on it");
                return;
            }

            if (!OnPosition(queue, number, check)) return;
        }

        if (_asked == 0) connection.Arrivals.OnAnswered(_askedPlace, clock.Uptime);
        sender.Pump();
        if (_asked == 0 && AskedSince is not null) WalkOn();
    }

    /// <summary>Takes the receiver's position in the queue. False if it is impossible; the connection is then given up.</summary>
    private bool OnPosition(OutgoingQueue queue, long number, uint check)
    {
        var given = queue.OpenedAfter;
        if (queue.IsAsked ? !queue.CanHave(number, _peerKnowsThisRun) : number > given)
        {
            var reach = queue.IsAsked ? queue.DescribeReach(_peerKnowsThisRun) : $"only up to {given}";
            link.GiveUp(
                LinkCause.StoreForked, $"the peer has number {number} of queue {queue.Name}, and this store can have sent it numbers "
                + $"{reach}");
            return false;
        }

        if (number < queue.AcknowledgedHere && !past.ToleratesLoss)
        {
            past.OnWentBack(peer.Welcomed?.StoreId);
            link.GiveUp(LinkCause.PeerWentBack, $"the peer's store was put back: it stands at number {number} of queue {queue.Name}; "
                + $"acknowledged and gone there are the numbers {LostMessages.RangeOf(queue, number)}");
            lost.List(queue, number);
            return false;
        }

        if (!queue.IsAsked)
        {
            link.GiveUp(
                LinkCause.WrongService, $"the peer does not take queue {queue.Name} from after number {given} on, although it stands "
                + $"at {number}");
            return false;
        }

        _asked--;
        if (number < queue.Acknowledged) lost.Tolerate(queue, number);
        if (queue.ResolveDoubt(number) is { } doubt && _resolved.Count < InDoubtQueuesMax) _resolved.Add(doubt);
        queue.StartAfter(number, check);
        queues.GiveTurn(queue);
        return true;
    }

    /// <summary>
    /// Records the outcome of the messages that were under way when the last connection ended, once it is known for all queues.
    /// </summary>
    private void TellOutcome()
    {
        lost.TellTolerated();
        if (_resolved.Count == 0) return;
        standing.NoteResolved([.. _resolved]);
        _resolved.Clear();
    }
}
