namespace Gateway.Store.Repair;

/// <summary>What became of one queue.</summary>
/// <param name="Queue">Its name; null when that is lost, and with it the messages that are missing.</param>
/// <param name="Handle">How the damaged store's records name it.</param>
/// <param name="Recovered">Messages that are in the new store under their old numbers.</param>
/// <param name="Renumbered">Messages that had been put aside as damaged, could be read now, and were appended with new numbers.</param>
/// <param name="Missing">Numbers of messages that were, or may have been, in the queue and cannot be read.</param>
/// <param name="LastNumber">The queue goes on with numbers above this.</param>
internal sealed record RepairedQueue(QueueId? Queue, long Handle, long Recovered, long Renumbered, NumberRanges Missing, long LastNumber);

/// <summary>A dead letter whose message cannot be read.</summary>
internal sealed record MissingLetter(long Number, QueueId? Queue, long MessageNumber);

/// <summary>What a repair found, saved, and could not save.</summary>
internal sealed record RepairReport
{
    public required Guid StoreId { get; init; }

    /// <summary>The old identity survived nowhere; the new store is another one for its peers.</summary>
    public required bool IsNewStoreId { get; init; }

    /// <summary>The last group that the snapshot covers with which it began; null when no snapshot was whole.</summary>
    public required long? SnapshotGroup { get; init; }

    public required IReadOnlyList<RepairedQueue> Queues { get; init; }

    public required int DeadLetters { get; init; }

    public required IReadOnlyList<MissingLetter> MissingLetters { get; init; }

    /// <summary>
    /// Groups of which nothing whole was found, and whose records are therefore unknown. Groups of volumes that were dropped when nothing
    /// was kept in them look the same.
    /// </summary>
    public required NumberRanges LostGroups { get; init; }

    /// <summary>A sentence for each frame, page or block that is not as it was written.</summary>
    public required IReadOnlyList<string> Damage { get; init; }

    public required int Positions { get; init; }

    /// <summary>Positions of peers were set back to before the first lost group.</summary>
    public required bool HasStalePositions { get; init; }

    public required int AcceptedIds { get; init; }

    /// <summary>Blocks of accepted ids that were lost.</summary>
    public required int LostAccepted { get; init; }

    /// <summary>All that was ever confirmed is in the new store, as far as can be known.</summary>
    public bool IsComplete =>
        !IsNewStoreId && LostGroups.IsEmpty && LostAccepted == 0
            && MissingLetters.Count == 0 && Queues.All(queue => queue.Missing.IsEmpty && queue.Queue is not null);
}
