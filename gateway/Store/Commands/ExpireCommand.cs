namespace Gateway.Store.Commands;

/// <summary>
/// Makes dead letters of the messages whose expiry has passed, in some queues, some thousands at a time; and finds the queues that are
/// next. So the loop says of no more queues than these what must not be touched, however many there are.
/// </summary>
/// <param name="now">The loop's time when it asked. Whoever sends or delivers a message checks its expiry against a later time of the same
/// clock, so none is both sent and expired here.</param>
/// <param name="due">The queues, as the command before found them; <see cref="DueQueues.None"/> to begin.</param>
/// <param name="protectedUpTo">Those of them in which the messages up to a number are not to be touched: they were sent and may have
/// arrived, or a consumer holds them.</param>
/// <param name="done">Called on the loop when it is durable.</param>
internal sealed class ExpireCommand(
    DateTimeOffset now, DueQueues due, IReadOnlyDictionary<QueueId, long> protectedUpTo, Action<ExpireCommand> done) : StoreCommand
{
    private const int MessagesMax = 4096;
    private const int QueuesMax = 256;
    private const string Text = "its expiry passed before it was delivered";

    /// <summary>How many expired.</summary>
    public int Expired { get; private set; }

    /// <summary>The queues that are next; empty when no more are due.</summary>
    public DueQueues Next { get; private set; } = DueQueues.None;

    /// <summary>
    /// The queues that the store has forgotten since the last such command, each with the last number that it had given; so that nobody
    /// else keeps them either.
    /// </summary>
    public IReadOnlyList<(QueueId Queue, long LastNumber)> Forgotten { get; private set; } = [];

    public override bool IsLazy => due.Queues.Count == 0;

    private bool IsFull => Expired >= MessagesMax;

    public override void Apply(StoreJournal journal, StoreReader reader)
    {
        Forgotten = journal.TakeForgotten();
        foreach (var id in due.Queues)
        {
            if (IsFull) return;
            if (journal.State.Find(id) is { } queue) Sweep(queue, journal, reader);
        }
    }

    public override void Read(StoreReader reader) =>
        Next = reader.State.Due(now.ToUnixTimeMilliseconds(), IsFull ? due.From : due.End, QueuesMax);

    public override void Complete() => done(this);

    private void Sweep(QueueState queue, StoreJournal journal, StoreReader reader)
    {
        var nowUnixMs = now.ToUnixTimeMilliseconds();
        var untouched = protectedUpTo.GetValueOrDefault(queue.Id);
        var earliest = long.MaxValue;
        foreach (var extent in queue.After(0).ToList())
        {
            var isDue = extent.EarliestExpiryUnixMs <= nowUnixMs && extent.Last > untouched && extent.Group <= journal.LastTakenGroup;
            if (isDue && !IsFull) Sweep(queue, extent, untouched, journal, reader);
            if (queue.ExtentFrom(extent.First) is { Live: > 0 } left) earliest = Math.Min(earliest, left.EarliestExpiryUnixMs);
        }

        queue.EarliestExpiryUnixMs = earliest;
        journal.State.Settle(queue);
    }

    private void Sweep(QueueState queue, Extent extent, long untouched, StoreJournal journal, StoreReader reader)
    {
        var earliest = long.MaxValue;
        var found = reader.Read(queue, extent);
        if (reader.Refusal is not null) return;
        foreach (var stored in found)
        {
            if (stored.Message.IsExpired(now) && stored.Number > untouched)
            {
                journal.DeadLetter(queue, stored.Number, DeadLetterReason.Expired, now.ToUnixTimeMilliseconds(), Text);
                Expired++;
            }
            else if (stored.Message.ExpiresUnixMs != 0)
            {
                earliest = Math.Min(earliest, stored.Message.ExpiresUnixMs);
            }
        }

        queue.NoteExpiry(extent, earliest);
    }
}
