using Gateway.Store.Messages;
using Gateway.Store.Records;
using Gateway.Store.State;

namespace Gateway.Store.Snapshots;

/// <summary>
/// The whole state, except accepted ids and message bytes, as records, so that opening need not read every group. FORMAT.md has the tables.
/// </summary>
internal static class Snapshot
{
    /// <summary>The state up to and with <paramref name="lastGroup"/>, as blocks numbered from <paramref name="firstNumber"/>.</summary>
    public static List<Block> Write(StoreState state, long lastGroup, long firstNumber = SnapshotPlace.FirstNumber)
    {
        var (draft, blocks) = (new SnapshotDraft(state, lastGroup, firstNumber), new List<Block>());
        while (!draft.IsTaken)
        {
            if (draft.TryTake(out var block)) blocks.Add(block);
        }

        return blocks;
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
        var queue = state.Queues[reader.Int64()];
        queue.LastNumber = reader.Int64();
        queue.DeliveredUpTo = reader.Int64();
        queue.Maker = reader.Guid();
    }

    public static void ReadDeadLetter(StoreState state, ref ByteReader reader)
    {
        var number = reader.Int64();
        var queue = state.Queues[reader.Int64()];
        state.Restore(new DeadLetter(
            number, queue.Id, reader.Int64(), reader.Int64(), reader.Int64(), (DeadLetterReason)reader.Byte(), reader.Int64(),
                reader.Text()));
    }

    public static void ReadDamaged(StoreState state, ref ByteReader reader)
    {
        var queue = state.Queues[reader.Int64()];
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
}
