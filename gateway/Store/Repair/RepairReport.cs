using Gateway.Store.Messages;

namespace Gateway.Store.Repair;

/// <summary>The result of the repair for one queue.</summary>
/// <param name="Queue">Its name; null if that is lost, and with it the missing messages.</param>
/// <param name="Handle">The handle by which the damaged store's records name it.</param>
/// <param name="Recovered">Messages in the new store with their old numbers.</param>
/// <param name="Renumbered">Messages set aside earlier as damaged that are readable now and were appended with new numbers.</param>
/// <param name="Missing">Numbers of unreadable messages that were, or may have been, in the queue.</param>
/// <param name="LastNumber">The queue continues with numbers above this.</param>
internal sealed record RepairedQueue(QueueId? Queue, long Handle, long Recovered, long Renumbered, NumberRanges Missing, long LastNumber);

/// <summary>A dead letter whose message is unreadable.</summary>
internal sealed record MissingLetter(long Number, QueueId? Queue, long MessageNumber);

/// <summary>The findings of a repair: what it saved, and what it could not save.</summary>
internal sealed record RepairReport
{
    public required Guid StoreId { get; init; }

    /// <summary>The old identity survives nowhere; to its peers the new store is a different one.</summary>
    public required bool IsNewStoreId { get; init; }

    /// <summary>The last group covered by the snapshot used; null if no snapshot was undamaged.</summary>
    public required long? SnapshotGroup { get; init; }

    public required IReadOnlyList<RepairedQueue> Queues { get; init; }

    public required int DeadLetters { get; init; }

    public required IReadOnlyList<MissingLetter> MissingLetters { get; init; }

    /// <summary>
    /// Groups of which nothing valid was found, so that their records are unknown. Groups of volumes dropped when empty look the same.
    /// </summary>
    public required NumberRanges LostGroups { get; init; }

    /// <summary>A sentence for each damaged frame, page or block.</summary>
    public required IReadOnlyList<string> Damage { get; init; }

    public required int Positions { get; init; }

    /// <summary>Positions of peers were set back to before the first lost group.</summary>
    public required bool HasStalePositions { get; init; }

    public required int AcceptedIds { get; init; }

    /// <summary>Lost blocks of accepted ids.</summary>
    public required int LostAccepted { get; init; }

    /// <summary>Everything ever confirmed is in the new store, as far as can be known.</summary>
    public bool IsComplete =>
        !IsNewStoreId && LostGroups.IsEmpty && LostAccepted == 0
            && MissingLetters.Count == 0 && Queues.All(queue => queue.Missing.IsEmpty && queue.Queue is not null);
}
