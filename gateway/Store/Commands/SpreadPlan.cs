using Gateway.Store.Messages;

namespace Gateway.Store.Commands;

/// <summary>
/// Finds a place for each message of one command, before any of them is stored; each place counts the messages planned for it already.
/// Used once, on the store's thread.
/// </summary>
/// <param name="application">As for <see cref="State.StoreLimits.Find"/>; null for messages that are not an application's.</param>
internal sealed class SpreadPlan(Spread spread, StoreJournal journal, string? application)
{
    private readonly Planned[] _planned = new Planned[spread.Queues.Count];
    private int _messages;

    /// <summary>The messages that had their turns before.</summary>
    public int Skipped { get; init; }

    /// <summary>The message had no key; it has no place.</summary>
    public bool LacksKey { get; private set; }

    /// <summary>Why the last message has no place; null if it has one, or no key.</summary>
    public StoreRefusal? Refusal { get; private set; }

    /// <summary>The queues that have refused it.</summary>
    public IReadOnlyList<QueueId> Full { get; private set; } = [];

    /// <summary>The place of the next message among the spread's queues; null if it has none.</summary>
    public int? Next(Message message)
    {
        var bytes = MessageCodec.SizeBytes(message);
        var place = spread switch
        {
            SharedQueues shared => Share(shared, bytes),
            PartitionedQueues partitioned => Partition(partitioned, message, bytes),
            _ => throw new ArgumentOutOfRangeException(nameof(spread), spread, "not a way to spread messages"),
        };
        if (place is not { } found) return null;
        _planned[found] = new Planned(_planned[found].Messages + 1, _planned[found].Bytes + bytes);
        _messages++;
        return found;
    }

    private int? Share(SharedQueues shared, int bytes)
    {
        Span<ShareCandidate> candidates = shared.Queues.Count <= 16
            ? stackalloc ShareCandidate[shared.Queues.Count] : new ShareCandidate[shared.Queues.Count];
        StoreRefusal? first = null;
        for (var place = 0; place < candidates.Length; place++)
        {
            var refusal = Find(place, bytes);
            first ??= refusal;
            var waiting = journal.State.Find(shared.Queues[place])?.Messages ?? 0;
            candidates[place] = new ShareCandidate(shared.Up[place], refusal is null, waiting + _planned[place].Messages);
        }

        var chosen = SharePlace.Choose(candidates, shared.Turn + Skipped + _messages);
        if (chosen is null) (Refusal, Full) = (first, shared.Queues);
        return chosen;
    }

    private int? Partition(PartitionedQueues partitioned, Message message, int bytes)
    {
        if (partitioned.PlaceOf(message.Headers.Span) is not { } place)
        {
            LacksKey = true;
            return null;
        }

        if (Find(place, bytes) is not { } refusal) return place;
        (Refusal, Full) = (refusal, [partitioned.Queues[place]]);
        return null;
    }

    private StoreRefusal? Find(int place, int bytes)
    {
        var filled = 0;
        for (var other = 0; other < _planned.Length; other++)
        {
            var isPlanned = other != place && _planned[other].Messages > 0;
            if (isPlanned && journal.State.Find(spread.Queues[other]) is null or { IsForgettable: true }) filled++;
        }

        var planned = _planned[place];
        return journal.Limits.Find(
            spread.Queues[place], planned.Messages + 1, planned.Bytes + bytes, application: application, filled: filled);
    }

    /// <summary>The messages of this command that will be stored at a place.</summary>
    private readonly record struct Planned(long Messages, long Bytes);
}
