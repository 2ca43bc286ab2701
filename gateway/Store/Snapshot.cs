namespace Gateway.Store;

/// <summary>
/// The whole state, except accepted ids and message bytes, as records, so that opening need not read every group. FORMAT.md has the tables.
/// </summary>
internal static class Snapshot
{
    /// <summary>The state up to and including <paramref name="lastGroup"/>, as blocks numbered from 1.</summary>
    public static List<Block> Write(StoreState state, long lastGroup)
    {
        var batch = new BlockBatch(BlockKind.Snapshot, 1);
        var counters = batch.Begin(RecordKind.Counters);
        counters.Int64(lastGroup);
        counters.Int64(state.LastDeadLetter);
        counters.Int64(state.NextHandle);
        batch.End();

        if (state.NumbersAfter > 0)
        {
            batch.Begin(RecordKind.NumbersAfter).Int64(state.NumbersAfter);
            batch.End();
        }

        foreach (var queue in state.Queues) WriteQueue(batch, queue);

        foreach (var sender in state.Positions.Senders) state.Positions.Write(batch, sender);

        foreach (var (name, note) in state.Marks)
        {
            new Marked(name, note).Write(batch.Begin(RecordKind.Marked));
            batch.End();
        }

        foreach (var deadLetter in state.DeadLetters) WriteDeadLetter(batch, state, deadLetter);

        foreach (var damaged in state.Damaged) WriteDamaged(batch, state, damaged);

        // Without it, a snapshot that has lost its last blocks would look complete.
        batch.Begin(RecordKind.SnapshotEnd);
        batch.End();
        return batch.Take();
    }

    /// <summary>The last group that a snapshot covers, read from its first block.</summary>
    public static long LastGroup(Block first)
    {
        var records = GroupReader.Open(first);
        if (!records.TryNext(out var kind, out var payload) || kind != RecordKind.Counters) throw UnreadableBlock.Damaged(first.Id);
        return new ByteReader(payload).Int64();
    }

    public static void ReadCounters(StoreState state, ref ByteReader reader)
    {
        reader.Int64();
        state.LastDeadLetter = reader.Int64();
        state.NextHandle = reader.Int64();
    }

    public static void ReadMarks(StoreState state, ref ByteReader reader)
    {
        var queue = state.Queue(reader.Int64());
        queue.LastNumber = reader.Int64();
        queue.DeliveredUpTo = reader.Int64();
        queue.Maker = reader.Guid();
    }

    public static void ReadDeadLetter(StoreState state, ref ByteReader reader)
    {
        var number = reader.Int64();
        var queue = state.Queue(reader.Int64());
        state.Restore(new DeadLetter(
            number, queue.Id, reader.Int64(), reader.Int64(), reader.Int64(), (DeadLetterReason)reader.Byte(), reader.Int64(),
                reader.Text()));
    }

    public static void ReadDamaged(StoreState state, ref ByteReader reader)
    {
        var queue = state.Queue(reader.Int64());
        state.Restore(new DamagedMessages(
            queue.Id, reader.Int64(), reader.Int64(), reader.Int32(), ReadBitmap(ref reader), reader.Int64(), reader.Int64(),
                reader.Text()));
    }

    private static ulong[] ReadBitmap(ref ByteReader reader)
    {
        var words = new ulong[reader.Count(sizeof(ulong))];
        for (var i = 0; i < words.Length; i++) words[i] = reader.UInt64();
        return words;
    }

    private static void WriteQueue(BlockBatch batch, QueueState queue)
    {
        new QueueMade(queue.Handle, queue.Id, queue.MadeAfter).Write(batch.Begin(RecordKind.QueueMade));
        batch.End();

        var marks = batch.Begin(RecordKind.QueueMarks);
        marks.Int64(queue.Handle);
        marks.Int64(queue.LastNumber);
        marks.Int64(queue.DeliveredUpTo);
        marks.Guid(queue.Maker);
        batch.End();

        PackedExtents.Write(batch, queue);

        foreach (var returned in queue.Returned.Values)
        {
            returned.Write(batch.Begin(RecordKind.Returned));
            batch.End();
        }
    }

    private static void WriteBitmap(ByteWriter writer, ReadOnlySpan<ulong> words)
    {
        writer.Int32(words.Length);
        foreach (var word in words) writer.UInt64(word);
    }

    private static void WriteDamaged(BlockBatch batch, StoreState state, DamagedMessages damaged)
    {
        var queue = state.Find(damaged.Queue);
        Invariant.Require(queue is not null, "the queue of damaged messages is known");
        var writer = batch.Begin(RecordKind.DamagedKept);
        writer.Int64(queue.Handle);
        writer.Int64(damaged.Group);
        writer.Int64(damaged.First);
        writer.Int32(damaged.Count);
        WriteBitmap(writer, damaged.Gone);
        writer.Int64(damaged.DeadLetter);
        writer.Int64(damaged.AtUnixMs);
        writer.Text(damaged.Why);
        batch.End();
    }

    private static void WriteDeadLetter(BlockBatch batch, StoreState state, DeadLetter deadLetter)
    {
        var queue = state.Find(deadLetter.Queue);
        Invariant.Require(queue is not null, "a dead letter's queue is known");
        var writer = batch.Begin(RecordKind.DeadLetterKept);
        writer.Int64(deadLetter.Number);
        writer.Int64(queue.Handle);
        writer.Int64(deadLetter.MessageNumber);
        writer.Int64(deadLetter.Group);
        writer.Int64(deadLetter.SizeBytes);
        writer.Byte((byte)deadLetter.Reason);
        writer.Int64(deadLetter.AtUnixMs);
        writer.Text(deadLetter.Text);
        batch.End();
    }
}
