namespace Gateway.Store.Commands;

/// <summary>Where a peer says that it stands in an outgoing queue of this store.</summary>
/// <param name="There">The number, and the check of the message that it has under it; 0 if it does not know.</param>
internal readonly record struct ClaimedPosition(QueueId Queue, StoredPosition There);

/// <summary>Whether a peer's position is one that this history of the store can have brought about.</summary>
internal enum PositionVerdict
{
    /// <summary>The message of that number is the same on both sides.</summary>
    Same,

    /// <summary>It is another one.</summary>
    Other,

    /// <summary>There is none of that number here, although ones before it wait: it never was sent from here.</summary>
    NeverSent,

    /// <summary>The message cannot be read here, or nothing that waits lies up to that number.</summary>
    Unknown,
}

/// <summary>
/// Compares the positions of a peer, in order, with the messages of the same numbers that wait here. Whatever was sent and is not
/// acknowledged is here: it is not removed and does not expire, unless it is damaged.
/// </summary>
/// <param name="done">Called on the loop, with a verdict for each.</param>
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
            var isDamaged = reader.State.Damaged.Any(damaged => damaged.Queue == id && damaged.DeadLetter == 0
                && there.Number >= damaged.First && there.Number < damaged.First + damaged.Count);
            return isDamaged ? PositionVerdict.Unknown : PositionVerdict.NeverSent;
        }

        // Whatever comes next in the queue is read in its place when it is damaged.
        if (reader.Read(id, there.Number - 1, 1, 1) is not [var found] || found.Number != there.Number) return PositionVerdict.Unknown;
        return MessageCheck.Differ(there.Check, MessageCheck.Of(found.Message)) ? PositionVerdict.Other : PositionVerdict.Same;
    }
}
