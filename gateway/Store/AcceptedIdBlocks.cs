namespace Gateway.Store;

/// <summary>
/// Keeps the accepted ids durable beside the snapshots: each snapshot adds blocks with the ids accepted since the last one, and drops the
/// blocks whose ids are all forgotten. A snapshot thus costs only the new ids, not all those remembered.
/// </summary>
internal sealed class AcceptedIdBlocks(AcceptedIds ids, IBlockStore blocks)
{
    /// <summary>The size of an id with its record's head, rounded up.</summary>
    private const int RecordBytes = 48;

    private readonly Queue<(long Number, long LastAdded)> _written = [];
    private long _lastNumber;
    private long _addedWritten;

    /// <summary>The approximate bytes that <see cref="Collect"/> will add.</summary>
    public long PendingBytes => Math.Min(ids.Count, ids.Added - _addedWritten) * RecordBytes;

    /// <summary>Loads the ids written before.</summary>
    public void Load()
    {
        foreach (var block in blocks.ReadFrom(BlockKind.Accepted, 0))
        {
            var records = GroupReader.Open(block);
            while (records.TryNext(out var kind, out var payload))
            {
                var reader = new ByteReader(payload);
                var accepted = IdAccepted.Read(ref reader);
                if (kind != RecordKind.IdAccepted || !reader.IsWhole) throw UnreadableBlock.Damaged(block.Id);
                ids.Add(accepted);
            }

            _lastNumber = block.Id.Number;
            _written.Enqueue((_lastNumber, ids.Added));
        }

        _addedWritten = ids.Added;
    }

    /// <summary>Adds the blocks that a snapshot writes and deletes for the ids.</summary>
    public void Collect(List<Block> puts, List<BlockId> deletes)
    {
        var batch = new BlockBatch(BlockKind.Accepted, _lastNumber + 1);
        foreach (var accepted in ids.Last(ids.Added - _addedWritten))
        {
            accepted.Write(batch.Begin(RecordKind.IdAccepted));
            batch.End();
        }

        var added = batch.Take();
        puts.AddRange(added);
        _addedWritten = ids.Added;
        foreach (var block in added) _written.Enqueue((_lastNumber = block.Id.Number, ids.Added));

        while (_written.TryPeek(out var oldest) && oldest.LastAdded <= ids.Added - ids.Count)
        {
            deletes.Add(new BlockId(BlockKind.Accepted, _written.Dequeue().Number));
        }
    }
}
