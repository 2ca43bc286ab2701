using Gateway.Store.Messages;
using Gateway.Store.Records;
using Gateway.Store.State;

namespace Gateway.Store.Commands;

/// <summary>
/// Turns expired messages of some queues into dead letters, some thousands at a time, and finds the next queues. The loop thus has to
/// supply protected numbers only for these queues, however many there are.
/// </summary>
/// <param name="now">
/// The loop's time when it submitted the command. Before sending or delivering a message, its expiry is checked against a later time of the
/// same clock, so no message is both sent and expired here.
/// </param>
/// <param name="due">The queues found by the previous command; <see cref="DueQueues.None"/> to begin.</param>
/// <param name="protectedUpTo">
/// For each of the queues, the number up to which messages must not be touched: they were sent and may have arrived, or a consumer holds
/// them.
/// </param>
/// <param name="done">Called on the loop once durable.</param>
internal sealed class ExpireCommand(
    DateTimeOffset now, DueQueues due, IReadOnlyDictionary<QueueId, long> protectedUpTo, Action<ExpireCommand> done) : StoreCommand
{
    private const int MessagesMax = 4096;
    private const int QueuesMax = 256;

    /// <summary>The loop forgets this many queues at once.</summary>
    private const int ForgottenMax = 2048;
    private const string Text = "its expiry passed before it was delivered";

    /// <summary>The number of messages expired.</summary>
    public int Expired { get; private set; }

    /// <summary>The next queues; empty if no more are due.</summary>
    public DueQueues Next { get; private set; } = DueQueues.None;

    /// <summary>
    /// The queues that the store has forgotten since the last such command, each with its last assigned number, so that other parts forget
    /// them too.
    /// </summary>
    public IReadOnlyList<(QueueId Queue, long LastNumber)> Forgotten { get; private set; } = [];

    /// <summary>The next command reports more of them.</summary>
    public bool HasMoreForgotten { get; private set; }

    /// <summary>No message now in the store expires before this time.</summary>
    public long NothingBeforeMs { get; private set; }

    /// <summary>The command changes nothing and only finds the queues that are due.</summary>
    public bool IsLook => due.Queues.Count == 0;

    public override bool IsLazy => IsLook;

    private bool IsFull => Expired >= MessagesMax;

    public override void Apply(StoreJournal journal, StoreReader reader)
    {
        Forgotten = journal.TakeForgotten(ForgottenMax);
        HasMoreForgotten = journal.HasForgotten;
        foreach (var id in due.Queues)
        {
            if (IsFull) return;
            if (journal.State.Find(id) is { } queue) Sweep(queue, journal, reader);
        }
    }

    public override void Read(StoreReader reader)
    {
        Next = reader.State.Expiries.Due(now.ToUnixTimeMilliseconds(), IsFull ? due.From : due.End, QueuesMax);
        NothingBeforeMs = reader.State.Expiries.NothingBeforeMs;
    }

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
        if (reader.Groups.Refusal is not null) return;
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
