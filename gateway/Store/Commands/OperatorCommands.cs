using Gateway.Store.Messages;
using Gateway.Store.State;

namespace Gateway.Store.Commands;

/// <summary>
/// One piece of an operator's operation: on the messages with these numbers that are still in place. The piece is durable as a whole or not
/// at all.
/// </summary>
/// <param name="queue">Null for the dead letters.</param>
/// <param name="numbers">The numbers in the queue, or among the dead letters.</param>
/// <param name="done">Called on the loop once durable.</param>
internal abstract class OperatorCommand(QueueId? queue, IReadOnlyList<long> numbers, Action<OperatorCommand> done) : StoreCommand
{
    /// <summary>The approximate bytes written per message, without its contents.</summary>
    private const int RecordBytes = 64;

    /// <summary>Null for the dead letters.</summary>
    public QueueId? Queue => queue;

    /// <summary>The numbers of the changed messages.</summary>
    public List<long> Changed { get; } = new(numbers.Count);

    /// <summary>The messages that got a new place.</summary>
    public List<Placed> Placed { get; } = [];

    /// <summary>A sentence that says why the rest was not changed; null if all were, or the rest is gone.</summary>
    public string? Full { get; protected set; }

    public override int SizeBytes { get; } = 64 + (numbers.Count * RecordBytes);

    public override void Apply(StoreJournal journal, StoreReader reader)
    {
        foreach (var number in numbers)
        {
            if (Full is not null) return;
            var isDone = queue is { } id
                ? journal.State.Find(id) is { } state && state.Find(number) is not null && Do(state, number, journal, reader)
                : journal.State.FindDeadLetter(number) is { } letter && Do(letter, journal, reader);
            if (isDone) Changed.Add(number);
        }
    }

    public override void Complete() => done(this);

    /// <summary>Changes a message of a queue; false if it was not changed.</summary>
    protected abstract bool Do(QueueState queue, long number, StoreJournal journal, StoreReader reader);

    /// <summary>Changes a dead letter.</summary>
    protected abstract bool Do(DeadLetter letter, StoreJournal journal, StoreReader reader);
}

/// <summary>Removes messages.</summary>
internal sealed class PurgeCommand(QueueId? queue, IReadOnlyList<long> numbers, Action<OperatorCommand> done)
    : OperatorCommand(queue, numbers, done)
{
    protected override bool Do(QueueState queue, long number, StoreJournal journal, StoreReader reader)
    {
        journal.Remove(queue, number);
        return true;
    }

    protected override bool Do(DeadLetter letter, StoreJournal journal, StoreReader reader)
    {
        journal.RemoveDeadLetter(letter);
        return true;
    }
}

/// <summary>Turns messages into dead letters.</summary>
internal sealed class BuryCommand(QueueId queue, IReadOnlyList<long> numbers, long nowUnixMs, string text, Action<OperatorCommand> done)
    : OperatorCommand(queue, numbers, done)
{
    protected override bool Do(QueueState queue, long number, StoreJournal journal, StoreReader reader)
    {
        journal.DeadLetter(queue, number, DeadLetterReason.Operator, nowUnixMs, text);
        return true;
    }

    protected override bool Do(DeadLetter letter, StoreJournal journal, StoreReader reader) => false;
}

/// <summary>
/// Moves messages to the end of another queue, or dead letters to the end of their original queue. The message stays the same, except that
/// an expiry in the past is removed, which would make it a dead letter again.
/// </summary>
/// <param name="target">Null for the original queue of each, or with a spread.</param>
internal sealed class RedirectCommand(QueueId? queue, IReadOnlyList<long> numbers, QueueId? target, DateTimeOffset now,
    Action<OperatorCommand> done) : OperatorCommand(queue, numbers, done)
{
    /// <summary>Chooses the queue of each message, as for a new one; null if all have the same target.</summary>
    public Spread? Spread { get; init; }

    /// <summary>The messages without the key by which the queue is chosen; they stay where they are.</summary>
    public int Keyless { get; private set; }

    protected override bool Do(QueueState queue, long number, StoreJournal journal, StoreReader reader)
    {
        Invariant.Require(target is not null || Spread is not null, "a message that is redirected has a target");
        // An unreadable message leaves its queue as damaged; the next one is then read in its place.
        if (reader.Read(queue.Id, number - 1, 1, 1) is not [var found, ..] || found.Number != number) return false;
        if (!TryPlace(target, found.Message, journal)) return false;
        journal.Remove(queue, number);
        return true;
    }

    protected override bool Do(DeadLetter letter, StoreJournal journal, StoreReader reader)
    {
        if (reader.Read(letter) is not { } found || !TryPlace(target ?? letter.Queue, found.Message, journal)) return false;
        journal.RemoveDeadLetter(letter);
        return true;
    }

    private bool TryPlace(QueueId? given, Message message, StoreJournal journal)
    {
        if ((Spread is null ? given : Choose(Spread, message, journal)) is not { } place) return false;
        Full = journal.Limits.Find(place, 1, MessageCodec.SizeBytes(message))?.Why;
        if (Full is not null) return false;
        var kept = message.IsExpired(now) ? message with { ExpiresUnixMs = 0 } : message;
        Placed.Add(new Placed(place, new StoredMessage(journal.Store(journal.QueueOf(place), kept), kept) { Group = journal.OpenGroup }));
        return true;
    }

    private QueueId? Choose(Spread spread, Message message, StoreJournal journal)
    {
        var plan = new SpreadPlan(spread, journal, application: null) { Skipped = Placed.Count };
        if (plan.Next(message) is { } chosen) return spread.Queues[chosen];
        if (plan.LacksKey) Keyless++;
        else Full = plan.Refusal?.Why;
        return null;
    }
}

/// <summary>
/// Counts some of the dead letters by queue and reason; the caller repeats it until <see cref="IsEnd"/>, with the same counts.
/// </summary>
/// <param name="done">Called on the loop.</param>
internal sealed class GroupDeadLettersCommand(DeadLetterCounts counts, Action<GroupDeadLettersCommand> done) : StoreCommand
{
    private const int LettersMax = 10_000;

    /// <summary>All dead letters have been counted.</summary>
    public bool IsEnd { get; private set; }

    public override bool NeedsRoom => false;

    public override void Read(StoreReader reader)
    {
        var counted = 0;
        foreach (var letter in reader.State.DeadLettersAfter(counts.CountedUpTo).Take(LettersMax))
        {
            counts.Add(letter);
            counted++;
        }

        IsEnd = counted < LettersMax;
    }

    public override void Complete() => done(this);
}

/// <summary>The dead letters counted so far, by queue and reason. Owned in turn by the counting command and its caller.</summary>
internal sealed class DeadLetterCounts
{
    private readonly Dictionary<(QueueId, DeadLetterReason), DeadLetterGroup> _groups = [];

    /// <summary>The number of the last one counted.</summary>
    public long CountedUpTo { get; private set; }

    /// <summary>Largest first.</summary>
    public IReadOnlyList<DeadLetterGroup> Groups => [.. _groups.Values.OrderByDescending(group => group.Messages)];

    public void Add(DeadLetter letter)
    {
        CountedUpTo = letter.Number;
        var known = _groups.GetValueOrDefault((letter.Queue, letter.Reason))
            ?? new DeadLetterGroup(letter.Queue, letter.Reason, 0, 0, letter.AtUnixMs, letter.AtUnixMs);
        _groups[(letter.Queue, letter.Reason)] = known with
        {
            Messages = known.Messages + 1,
            Bytes = known.Bytes + letter.SizeBytes,
            FirstAtUnixMs = Math.Min(known.FirstAtUnixMs, letter.AtUnixMs),
            LastAtUnixMs = Math.Max(known.LastAtUnixMs, letter.AtUnixMs),
        };
    }
}
