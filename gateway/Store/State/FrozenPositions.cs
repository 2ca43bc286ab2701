using System.Buffers.Binary;
using Gateway.Store.Records;

namespace Gateway.Store.State;

/// <summary>
/// The positions of one other store as they were at a moment, to be written piece by piece while they move on: see
/// <see cref="PackedPositions.Freeze"/>.
/// </summary>
/// <param name="pieces">Entries in them up to <paramref name="ends"/> do not change any more.</param>
/// <param name="senderGroup">See <see cref="PackedPositions.SenderGroup"/>.</param>
/// <param name="lastGroup">See <see cref="PackedPositions.LastGroup"/>.</param>
/// <param name="batches">See <see cref="StoredBatches.Tally"/>.</param>
internal sealed class FrozenPositions(Guid sender, byte[][] pieces, int[] ends, long senderGroup, long lastGroup, long batches)
{
    private const int RecordBytesMax = 64 * 1024;

    private int _piece;
    private int _offset;

    /// <summary>Writes the next of them in a record; false when all are written.</summary>
    public bool TryWrite(BlockBatch batch)
    {
        SkipEnds();
        if (_piece == pieces.Length) return false;
        var writer = batch.Begin(RecordKind.PositionsKept);
        writer.Guid(sender);
        writer.Int64(senderGroup);
        writer.Int64(lastGroup);
        writer.Int64(batches);
        for (var start = writer.Length; _piece < pieces.Length && writer.Length - start < RecordBytesMax; SkipEnds())
        {
            var entry = pieces[_piece].AsSpan(_offset);
            var name = PackedPositions.NameIn(entry);
            writer.TextBytes(name);
            writer.VarUInt64((ulong)BinaryPrimitives.ReadInt64LittleEndian(entry));
            writer.UInt32(BinaryPrimitives.ReadUInt32LittleEndian(entry[PackedPositions.CheckOffset..]));
            _offset += PackedPositions.HeadBytes + name.Length;
        }

        batch.End();
        return true;
    }

    private void SkipEnds()
    {
        for (; _piece < pieces.Length && _offset == ends[_piece]; _offset = 0) _piece++;
    }
}
