using System.Buffers.Binary;
using Gateway.Store.Disk.Log;
using Gateway.Store.Messages;
using Gateway.Store.Records;
using Gateway.Store.State;

namespace Gateway.Store.Snapshots;

/// <summary>
/// Applies the records of a block read from the store. The counterpart of <see cref="StoreJournal"/> and <see cref="Snapshot"/>.
/// </summary>
internal static class Replay
{
    /// <summary>The part of a Stored record's payload before the message: handle and number.</summary>
    public const int StoredPrefixBytes = 16;

    /// <summary>Applies each record; returns the kind of the last one.</summary>
    public static RecordKind Apply(StoreState state, Block block)
    {
        var last = default(RecordKind);
        var records = GroupReader.Open(block);
        while (records.TryNext(out var kind, out var payload)) ApplyRecord(state, block.Id, last = kind, payload);
        return last;
    }

    private static void ApplyRecord(StoreState state, BlockId block, RecordKind kind, ReadOnlySpan<byte> payload)
    {
        if (kind == RecordKind.Stored)
        {
            var (handle, number) = StoredPrefix(payload);
            var message = payload[StoredPrefixBytes..];
            state.Stored(state.Queues[handle], number, block.Number, message.Length, MessageCodec.ExpiryOf(message));
            return;
        }

        if (kind == RecordKind.Copied) return;

        var reader = new ByteReader(payload);
        switch (kind)
        {
            case RecordKind.QueueMade when block.Kind == BlockKind.Snapshot: state.Restore(QueueMade.Read(ref reader)); break;
            case RecordKind.QueueMade: state.Apply(QueueMade.Read(ref reader)); break;
            case RecordKind.QueueForgotten: state.Apply(QueueForgotten.Read(ref reader)); break;
            case RecordKind.IdAccepted: state.Apply(IdAccepted.Read(ref reader)); break;
            case RecordKind.PositionMoved: state.Apply(PositionMoved.Read(ref reader), block.Number); break;
            case RecordKind.RemovedUpTo: state.RemovedUpTo(QueueNumber.Read(ref reader)); break;
            case RecordKind.Removed: state.Removed(QueueNumber.Read(ref reader)); break;
            case RecordKind.Delivered: state.Delivered(QueueNumber.Read(ref reader)); break;
            case RecordKind.Returned: state.Apply(Returned.Read(ref reader)); break;
            case RecordKind.DeadLettered: state.Apply(DeadLettered.Read(ref reader)); break;
            case RecordKind.ExtentMoved: state.Apply(ExtentMoved.Read(ref reader), block.Number); break;
            case RecordKind.DeadLetterMoved: state.Apply(DeadLetterMoved.Read(ref reader), block.Number); break;
            case RecordKind.Quarantined: state.Apply(Quarantined.Read(ref reader)); break;
            case RecordKind.DeadLetterRemoved: state.Apply(DeadLetterRemoved.Read(ref reader)); break;
            case RecordKind.Marked: state.Apply(Marked.Read(ref reader)); break;
            case RecordKind.Counters: Snapshot.ReadCounters(state, ref reader); break;
            case RecordKind.QueueMarks: Snapshot.ReadMarks(state, ref reader); break;
            case RecordKind.Extents: PackedExtents.Read(state, ref reader); break;
            case RecordKind.DeadLetterKept: Snapshot.ReadDeadLetter(state, ref reader); break;
            case RecordKind.DamagedKept: Snapshot.ReadDamaged(state, ref reader); break;
            case RecordKind.PositionsKept: state.Positions.Read(ref reader); break;
            case RecordKind.NumbersAfter: state.NumbersAfter = reader.Int64(); break;
            case RecordKind.SnapshotEnd: state.EndRestore(); break;
            default:
                throw new StoreFailedException($"The store's block {block.Kind} {block.Number} holds a record of kind {(int)kind}, "
                + $"which this program does not know. Use the version of the gateway that wrote it, or a newer one.");
        }

        if (!reader.IsWhole) throw UnreadableBlock.Damaged(block);
    }

    /// <summary>Identifies the message in a Stored record.</summary>
    public static (long Handle, long Number) StoredPrefix(ReadOnlySpan<byte> payload)
    {
        Invariant.Require(payload.Length >= StoredPrefixBytes + MessageCodec.FixedBytes, "a Stored record of a good block holds a message");
        return (BinaryPrimitives.ReadInt64LittleEndian(payload), BinaryPrimitives.ReadInt64LittleEndian(payload[8..]));
    }
}
