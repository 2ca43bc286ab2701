using Gateway.Store.Records;

namespace Gateway.Store.State;

/// <summary>
/// Keeps the accepted ids durable beside the snapshots: each snapshot adds blocks with the ids accepted since the last one, and drops the
/// blocks whose ids are all forgotten. A snapshot thus costs only the new ids, not all those remembered.
/// </summary>
internal sealed class AcceptedIdBlocks(AcceptedIds ids, IBlockStore blocks)
{
    /// <summary>The size of an id with its record's head, rounded up.</summary>
    private const int RecordBytes = 48;

    /// <summary>They make one block.</summary>
    private const int PieceIds = 5000;

    private readonly Queue<(long Number, long LastAdded)> _written = [];

    /// <summary>Blocks of a snapshot that was never finished: the groups say the same, and once is enough.</summary>
    private readonly Queue<long> _unfinished = [];
    private long _addedWritten;

    /// <summary>The number of the last block.</summary>
    public long LastNumber { get; private set; }

    /// <summary>About how much <see cref="TryCollect"/> will add.</summary>
    public long PieceBytes => Math.Min(PieceIds, Math.Min(ids.Count, ids.Added - _addedWritten)) * RecordBytes;

    /// <summary>Loads the ids that belong to the snapshot.</summary>
    /// <param name="lastNumber">They lie in the blocks up to this one.</param>
    public void Load(long lastNumber)
    {
        foreach (var block in blocks.ReadFrom(BlockKind.Accepted, 0))
        {
            LastNumber = block.Id.Number;
            if (LastNumber > lastNumber)
            {
                _unfinished.Enqueue(LastNumber);
                continue;
            }

            var records = GroupReader.Open(block);
            while (records.TryNext(out var kind, out var payload))
            {
                var reader = new ByteReader(payload);
                var accepted = IdAccepted.Read(ref reader);
                if (kind != RecordKind.IdAccepted || !reader.IsWhole) throw UnreadableBlock.Damaged(block.Id);
                ids.Add(accepted);
            }

            _written.Enqueue((LastNumber, ids.Added));
        }

        _addedWritten = ids.Added;
    }

    /// <summary>Something is to be written or deleted before a snapshot that covers the ids up to a count.</summary>
    public bool IsBehind(long upTo) => _addedWritten < upTo || _unfinished.Count > 0;

    /// <summary>
    /// Adds the next blocks to be written and deleted before a snapshot; false when there are no more.
    /// </summary>
    /// <param name="upTo">The number of ids added when the snapshot began.</param>
    public bool TryCollect(long upTo, List<Block> puts, List<BlockId> deletes)
    {
        if (_unfinished.TryDequeue(out var unfinished)) deletes.Add(new BlockId(BlockKind.Accepted, unfinished));
        else if (_addedWritten < upTo) Collect(upTo, puts);
        if (_written.TryPeek(out var oldest) && oldest.LastAdded <= ids.Added - ids.Count)
            deletes.Add(new BlockId(BlockKind.Accepted, _written.Dequeue().Number));
        return puts.Count + deletes.Count > 0;
    }

    private void Collect(long upTo, List<Block> puts)
    {
        var batch = new BlockBatch(BlockKind.Accepted, LastNumber + 1);
        // Those before were forgotten again.
        _addedWritten = Math.Max(_addedWritten, Math.Min(upTo, ids.Added - ids.Count));
        var count = (int)Math.Min(PieceIds, upTo - _addedWritten);
        foreach (var accepted in ids.Last(ids.Added - _addedWritten).Take(count))
        {
            accepted.Write(batch.Begin(RecordKind.IdAccepted));
            batch.End();
        }

        _addedWritten += count;
        puts.AddRange(batch.Take());
        foreach (var block in puts) _written.Enqueue((LastNumber = block.Id.Number, _addedWritten));
    }
}
