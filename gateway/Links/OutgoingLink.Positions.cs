using Gateway.Store;
using Gateway.Store.Commands;

namespace Gateway.Links;

/// <summary>
/// The receiver's positions: they are requested for some queues at a time, and each queue continues once its position is known. A queue
/// that begins while the link is up is not asked for; a queue forgotten by the store is forgotten here.
/// </summary>
internal sealed partial class OutgoingLink
{
    private const int NotesAtOnce = 1000;

    private readonly Queue<OutgoingQueue> _toAsk = [];
    private readonly HashSet<OutgoingQueue> _toForget = [];
    private readonly List<InDoubt> _resolved = [];
    private readonly Queue<OutgoingQueue> _toNote = [];
    private int _noting;
    private int _asked;
    private TimeSpan? _askedSince;
    private long _askedPlace;
    private long _forgottenUpTo;
    private bool _peerKnowsThisRun;
    private ComparePositionsCommand? _comparing;

    /// <summary>The store has forgotten the empty queue, whose last assigned number is given.</summary>
    public void OnForgotten(QueueId id, long lastNumber)
    {
        if (_queues.Find(id.LocalName) is not { } queue) return;
        queue.OnForgotten(lastNumber);
        if (!queue.IsForgotten) return;
        _forgottenUpTo = Math.Max(_forgottenUpTo, lastNumber);
        _toForget.Add(queue);
    }

    /// <summary>All queues forgotten by the store have been reported: forgets those with nothing under way.</summary>
    public void Forget()
    {
        if (_toForget.Count == 0) return;
        foreach (var queue in _toForget.Where(queue => !queue.IsForgotten || queue.IsIdle).ToList())
        {
            _toForget.Remove(queue);
            if (!queue.IsForgotten) continue;
            LeaveRoomLine(queue);
            _queues.Remove(queue);
        }
    }

    /// <summary>Answers given before the queue was forgotten may arrive afterwards.</summary>
    private bool IsOfForgotten(string queue, long number) => _forgottenUpTo > 0 && number <= _forgottenUpTo && _queues.Find(queue) is null;

    /// <summary>
    /// The time since which the peer has had an unanswered Ask; null without one, or while the answer is being compared here.
    /// </summary>
    private TimeSpan? UnansweredSince => _askedSince is null || _comparing is not null ? null : _arrivals.Since(_askedPlace);

    /// <summary>The link has just come up.</summary>
    private void BeginToAsk()
    {
        _toNote.Clear();
        foreach (var queue in _queues.All)
        {
            if (queue.Tail > 0) _toAsk.Enqueue(queue);
            else queue.OpenWhenStored();
        }

        AskNext();
    }

    /// <summary>
    /// The connection is lost: records how far each queue may have been sent, some queues at a time. Until that is durable, a restart
    /// assumes that everything was sent.
    /// </summary>
    private void BeginToNote()
    {
        _toNote.Clear();
        foreach (var queue in _queues.All) _toNote.Enqueue(queue);
        if (_noting == 0) NoteNext();
    }

    private void NoteNext()
    {
        while (_noting < NotesAtOnce && _toNote.TryDequeue(out var queue))
        {
            if (_queues.Find(queue.Name) == queue && queue.Note(OnNoted)) _noting++;
        }
    }

    private void OnNoted()
    {
        if (--_noting == 0) NoteNext();
    }

    private void ForgetQuestions()
    {
        _comparing = null;
        _toAsk.Clear();
        _resolved.Clear();
        _lost.Clear();
        _asked = 0;
        _askedSince = null;
    }

    private void AskNext()
    {
        var names = new List<string>();
        while (names.Count < LinkCodec.AskQueuesMax && _toAsk.TryDequeue(out var queue))
        {
            // Some queues may have been forgotten while waiting.
            if (_queues.Find(queue.Name) != queue) continue;
            queue.IsAsked = true;
            names.Add(queue.Name);
        }

        _asked = names.Count;
        _askedSince = _asked > 0 ? _clock.Uptime : null;
        if (_asked == 0)
        {
            TellResolved();
            return;
        }

        _askedPlace = _arrivals.Next();
        Send(new LinkFrame.Ask(names));
    }

    /// <summary>
    /// Checks positions above the known acknowledgements before messages are dropped for them. A machine restored within its run may have
    /// assigned the same numbers twice, which nothing else reveals, so the message at each position is compared first.
    /// </summary>
    private void OnPositions(LinkFrame.Positions positions)
    {
        OnStoreAnswers();
        var claims = new List<ClaimedPosition>();
        foreach (var (name, number, check) in positions.Queues)
        {
            if (_queues.Find(name) is not { IsAsked: true } queue) continue;
            // The number alone shows that the position is impossible.
            if (!queue.CanHave(number, _peerKnowsThisRun) && !OnPosition(queue, number, check)) return;
            if (number > queue.Acknowledged && check != 0) claims.Add(new ClaimedPosition(queue.Id, new StoredPosition(number, check)));
        }

        if (claims.Count == 0)
        {
            TakePositions(positions);
            return;
        }

        if (_comparing is not null)
        {
            Drop(LinkCause.WrongService, "the peer answers a question twice");
            return;
        }

        ComparePositionsCommand? comparing = null;
        comparing = _comparing = new ComparePositionsCommand(claims, verdicts =>
        {
            if (comparing != _comparing) return;
            _comparing = null;
            if (!HasOtherMessages(claims, verdicts)) TakePositions(positions);
        });
        _store.Submit(comparing);
    }

    /// <summary>The peer has other messages than this history: nothing is dropped, and the connection is given up.</summary>
    private bool HasOtherMessages(List<ClaimedPosition> claims, IReadOnlyList<PositionVerdict> verdicts)
    {
        for (var i = 0; i < claims.Count; i++)
        {
            var (queue, there) = claims[i];
            // A message that a repair could not save is missing although it was sent.
            var isForeign = verdicts[i] == PositionVerdict.Other || (verdicts[i] == PositionVerdict.NeverSent && !Past.Runs.HasRepair);
            if (!isForeign) continue;
            DropAsForked($"number {there.Number} of queue {queue.LocalName} is another message at the peer than here"
                + (verdicts[i] == PositionVerdict.NeverSent ? ", where it was never sent" : ""));
            return true;
        }

        return false;
    }

    private void TakePositions(LinkFrame.Positions positions)
    {
        foreach (var (name, number, check) in positions.Queues)
        {
            if (_queues.Find(name) is not { } queue)
            {
                Drop(LinkCause.WrongService, $"the peer tells how far it has stored queue {name}, for which it was not asked");
                return;
            }

            if (queue is { IsAsked: false, OpenedAfter: null })
            {
                DropAsForked($"the peer stands at number {number} of queue {name}, which is another message there than here, and does not "
                    + $"take what follows on it");
                return;
            }

            if (!OnPosition(queue, number, check)) return;
        }

        if (_asked == 0) _arrivals.OnAnswered(_askedPlace, _clock.Uptime);
        Pump();
        if (_asked == 0 && _askedSince is not null) AskNext();
    }

    /// <summary>Takes the receiver's position in the queue. False if it is impossible; the connection is then given up.</summary>
    private bool OnPosition(OutgoingQueue queue, long number, uint check)
    {
        var given = queue.OpenedAfter;
        if (queue.IsAsked ? !queue.CanHave(number, _peerKnowsThisRun) : number > given)
        {
            var reach = queue.IsAsked ? queue.DescribeReach(_peerKnowsThisRun) : $"only up to {given}";
            Drop(LinkCause.StoreForked, $"the peer has number {number} of queue {queue.Name}, and this store can have sent it numbers "
                + $"{reach}");
            return false;
        }

        if (number < queue.AcknowledgedHere && !_toleratesLoss)
        {
            _wentBack = _peer?.StoreId;
            Drop(LinkCause.PeerWentBack, $"the peer's store was put back: it stands at number {number} of queue {queue.Name}; acknowledged "
                + $"and gone there are the numbers {LostOf(queue, number)}");
            ListLost(queue, number);
            return false;
        }

        if (!queue.IsAsked)
        {
            Drop(LinkCause.WrongService, $"the peer does not take queue {queue.Name} from after number {given} on, although it stands "
                + $"at {number}");
            return false;
        }

        _asked--;
        if (number < queue.Acknowledged && _lost.Count < RangesMax) _lost.Add(LostOf(queue, number));
        if (queue.ResolveDoubt(number) is { } doubt && _resolved.Count < InDoubtQueuesMax) _resolved.Add(doubt);
        queue.StartAfter(number, check);
        _queues.GiveTurn(queue);
        return true;
    }

    /// <summary>
    /// Records the outcome of the messages that were under way when the last connection ended, once it is known for all queues.
    /// </summary>
    private void TellResolved()
    {
        TellLost();
        if (_resolved.Count == 0) return;
        var change = new LinkChange(_clock.Now, Status.State, Status.Cause, "the peer told what had arrived of the messages in doubt");
        History.AddRepeatable(change with { InDoubt = [.. _resolved] }, "doubt");
        _resolved.Clear();
    }
}
