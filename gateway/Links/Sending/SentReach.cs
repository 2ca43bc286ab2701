using Gateway.Store;
using Gateway.Store.Commands;
using Gateway.Store.Messages;

namespace Gateway.Links.Sending;

/// <summary>
/// How far an outgoing queue can have been sent, by this run or an earlier one, and the record of it that the store keeps while there is no
/// connection. Owned by the queue.
/// </summary>
/// <param name="turns">Called when the queue may be sent because no record is in the way any more.</param>
internal sealed class SentReach(OutgoingQueue queue, IStoreInput store, ISendTurns turns)
{
    private long _givenBefore;
    private SentNote? _noted;
    private int _unnoting;
    private (long After, long Last)? _opening;

    /// <summary>The highest number sent by this run, or perhaps by an earlier one.</summary>
    public long EverSent { get; private set; }

    /// <summary>
    /// Messages up to this number may have arrived although unacknowledged; resolved only when the receiver reports its position. 0 if none
    /// is.
    /// </summary>
    public long InDoubtUpTo { get; private set; }

    /// <summary>The highest number that can have left the store before this run, or before the queue was created in it.</summary>
    public long GivenBefore => _givenBefore;

    /// <summary>The removal of the record is not durable yet, and nothing may be sent before.</summary>
    public bool IsUnnoting => _unnoting > 0;

    /// <summary>The queue was opened with a batch that nothing has answered.</summary>
    public bool IsOpening => _opening is not null;

    /// <summary>
    /// The highest number that the receiver can have: those that can have left the store before this run, or before the queue was created
    /// in it, and those sent by this run. Messages that were only accepted do not count.
    /// </summary>
    private long GivenUpTo => Math.Max(_givenBefore, EverSent);

    /// <summary>Whether this number is a possible position of the receiver.</summary>
    /// <param name="knowsThisRun">The receiver has, or may have, got messages of this run.</param>
    public bool CanBe(long number, bool knowsThisRun)
    {
        if (number <= _givenBefore) return true;
        if (!knowsThisRun || number > GivenUpTo) return false;
        // Of a queue opened and never answered only one batch was sent, which is stored whole or not at all.
        return _opening is not { } opening || number == opening.Last;
    }

    /// <summary>The possible positions of the receiver, in words.</summary>
    public string Describe(bool knowsThisRun) => (knowsThisRun, _opening) switch
    {
        (false, _) => $"only up to {_givenBefore}, since the peer has taken nothing of this run yet",
        (true, { } opening) => $"only up to {opening.After}, or one batch up to {opening.Last}",
        _ => $"only up to {GivenUpTo}",
    };

    /// <summary>Sets the state of the queue in the store at the start of the gateway.</summary>
    /// <param name="sent">How far earlier runs may have sent the queue; null if not recorded, so that any of it may have been sent.</param>
    public void Restore(long tail, SentNote? sent)
    {
        _givenBefore = sent?.Reach ?? tail;
        _noted = sent;
        EverSent = sent?.InDoubtUpTo ?? 0;
        InDoubtUpTo = sent?.InDoubtUpTo ?? tail;
    }

    /// <summary>The queue begins with this number: all messages before it have left the queue, in whatever run.</summary>
    public void BeginWith(long number) => _givenBefore = number - 1;

    /// <summary>A batch was sent.</summary>
    /// <param name="opens">It is the first of a queue whose position the receiver was not asked for.</param>
    public void OnSent(long previous, long last, bool opens)
    {
        InDoubtUpTo = last;
        EverSent = Math.Max(EverSent, last);
        if (opens) _opening = (previous, last);
    }

    /// <summary>The receiver has answered on this connection.</summary>
    public void OnAnswered() => _opening = null;

    /// <summary>No message is in doubt any more.</summary>
    public void Resolve() => InDoubtUpTo = 0;

    /// <summary>
    /// Records how far the queue was sent. Without a connection nothing more is sent, so after a restart it will be known which messages
    /// cannot have arrived, and which the receiver cannot have from this history.
    /// </summary>
    /// <param name="done">Called on the loop once it is durable; null if no caller waits.</param>
    /// <returns>False if there is nothing new to record.</returns>
    public bool Note(Action? done = null)
    {
        var note = new SentNote(InDoubtUpTo, GivenUpTo);
        if (_noted == note || queue.Tail == 0) return false;
        _noted = note;
        store.Submit(new NoteSentCommand(queue.Id, note, done));
        return true;
    }

    /// <summary>Removes the record; nothing is sent before that is durable.</summary>
    public void Unnote()
    {
        if (_noted is null) return;
        _noted = null;
        _unnoting++;
        store.Submit(new NoteSentCommand(queue.Id, note: null, () =>
        {
            if (--_unnoting == 0) turns.OnMore(queue);
        }));
    }
}
