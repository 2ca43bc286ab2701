using Gateway.Store.Messages;

namespace Gateway.Store.Commands;

/// <summary>A peer's claimed position in an outgoing queue of this store.</summary>
/// <param name="There">The number, and the check of the peer's message with that number; 0 if unknown to it.</param>
internal readonly record struct ClaimedPosition(QueueId Queue, StoredPosition There);

/// <summary>Whether this history of the store can have led to a peer's position.</summary>
internal enum PositionVerdict
{
    /// <summary>The message with that number is the same on both sides.</summary>
    Same,

    /// <summary>It is a different message.</summary>
    Other,

    /// <summary>No message with that number is here, although earlier ones wait: it was never sent from here.</summary>
    NeverSent,

    /// <summary>The message is unreadable or was taken out here, or no waiting message is at or before that number.</summary>
    Unknown,
}

/// <summary>
/// Compares a peer's positions, in order, with the waiting messages of the same numbers. Every message sent and unacknowledged is here: it
/// does not expire, and is not removed, unless it is damaged or an operator has taken it out all the same.
/// </summary>
/// <param name="done">Called on the loop with a verdict for each position.</param>
internal sealed class ComparePositionsCommand(
    IReadOnlyList<ClaimedPosition> positions, Action<IReadOnlyList<PositionVerdict>> done) : StoreCommand
{
    private readonly PositionVerdict[] _verdicts = new PositionVerdict[positions.Count];

    public override bool NeedsRoom => false;

    public override void Read(StoreReader reader)
    {
        for (var i = 0; i < positions.Count; i++) _verdicts[i] = Compare(reader, positions[i].Queue, positions[i].There);
    }

    public override void Complete() => done(_verdicts);

    private static PositionVerdict Compare(StoreReader reader, QueueId id, StoredPosition there)
    {
        if (reader.State.Find(id) is not { } queue || queue.FirstNumber > there.Number) return PositionVerdict.Unknown;
        if (queue.Find(there.Number) is null)
        {
            var isGone = there.Number <= NoteTakenCommand.UpTo(reader.State, id)
                || reader.State.Damaged.Any(damaged => damaged.Queue == id && damaged.DeadLetter == 0
                    && there.Number >= damaged.First && there.Number < damaged.First + damaged.Count);
            return isGone ? PositionVerdict.Unknown : PositionVerdict.NeverSent;
        }

        // If the message is damaged, the next one of the queue is read in its place.
        if (reader.Read(id, there.Number - 1, 1, 1) is not [var found] || found.Number != there.Number) return PositionVerdict.Unknown;
        return MessageCheck.Differ(there.Check, MessageCheck.Of(found.Message)) ? PositionVerdict.Other : PositionVerdict.Same;
    }
}
