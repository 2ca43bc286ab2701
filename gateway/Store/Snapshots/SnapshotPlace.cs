using Gateway.Store.Records;

namespace Gateway.Store.Snapshots;

/// <summary>
/// The place of the snapshot of a volume among its snapshot blocks: the first of these, written over with each change of the others. A
/// block has a number of its own in its volume, so the blocks that belong together are known even if one was deleted.
/// </summary>
/// <param name="Oldest">No block has a lower number, but this one. From here to <paramref name="First"/> are replaced blocks.</param>
/// <param name="First">The first block of the snapshot.</param>
/// <param name="Last">The last one, one less when there is none.</param>
/// <param name="Newest">No block has a higher number. Blocks behind <paramref name="Last"/> are being written, or were given up.</param>
/// <param name="Next">The number that the next block gets.</param>
/// <param name="Accepted">The last block of accepted ids that belongs to the snapshot.</param>
internal readonly record struct SnapshotPlace(long Oldest, long First, long Last, long Newest, long Next, long Accepted)
{
    /// <summary>The lowest number of a block of a snapshot.</summary>
    public const long FirstNumber = 2;

    public static readonly BlockId Id = new(BlockKind.Snapshot, 1);

    /// <summary>The place in a volume without a snapshot.</summary>
    public static SnapshotPlace None => new(FirstNumber, FirstNumber, FirstNumber - 1, FirstNumber - 1, FirstNumber, 0);

    public bool HasSnapshot => Last >= First;

    /// <summary>There are blocks of none, to be deleted.</summary>
    public bool HasLeftovers => Oldest < First || Newest > Last;

    /// <summary>The next block was written, of a snapshot that begins with <paramref name="first"/>.</summary>
    public SnapshotPlace With(long number, long first) =>
        this with { Oldest = HasSnapshot ? Oldest : first, Newest = number, Next = number + 1 };

    /// <summary>The block that was written last is the last one of the snapshot.</summary>
    /// <param name="first">Its first one.</param>
    public SnapshotPlace Whole(long first, long accepted) => this with { First = first, Last = Newest, Accepted = accepted };

    public Block ToBlock()
    {
        var batch = new BlockBatch(BlockKind.Snapshot, Id.Number);
        var writer = batch.Begin(RecordKind.SnapshotPlace);
        foreach (var number in new[] { Oldest, First, Last, Newest, Next, Accepted }) writer.Int64(number);
        batch.End();
        return batch.Take()[0];
    }

    /// <exception cref="Disk.Log.StoreFailedException">The block is not as written.</exception>
    public static SnapshotPlace Read(Block block)
    {
        var records = GroupReader.Open(block);
        if (!records.TryNext(out var kind, out var payload) || kind != RecordKind.SnapshotPlace) throw UnreadableBlock.Damaged(block.Id);
        var reader = new ByteReader(payload);
        var place = new SnapshotPlace(
            reader.Int64(), reader.Int64(), reader.Int64(), reader.Int64(), reader.Int64(), reader.Int64());
        return reader.IsWhole ? place : throw UnreadableBlock.Damaged(block.Id);
    }
}
