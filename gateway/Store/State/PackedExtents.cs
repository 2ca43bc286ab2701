using Gateway.Store.Records;

namespace Gateway.Store.State;

/// <summary>
/// The extents of a queue in a snapshot, a few bytes each: there may be millions of them, and most follow each other directly. After the
/// queue's handle (8 bytes), to the end of the record, each extent, as numbers with seven bits per byte:
/// <code>
/// distance of its group from that of the extent before, shifted left by one, lowest bit set if it is negative
/// distance of its first number from the end of the extent before, initially 0
/// count of numbers, shifted left by two; lowest bit set if some expire, the next one if some are gone
/// bytes of the remaining messages; an estimate if some are gone
/// if some expire: no message in it expires before this time
/// if some are gone: their bitmap, 64 bits per word, one word for each 64 numbers begun
/// </code>
/// </summary>
internal static class PackedExtents
{
    private const int RecordBytesMax = 64 * 1024;
    private const ulong Expires = 1;
    private const ulong HasGone = 2;

    /// <summary>Writes all remaining extents of the queue, in as many records as needed.</summary>
    public static void Write(BlockBatch batch, QueueState queue)
    {
        ByteWriter? writer = null;
        var (start, group, end) = (0, 0L, 0L);
        foreach (var extent in queue.After(0))
        {
            if (writer is null)
            {
                writer = batch.Begin(RecordKind.Extents);
                writer.Int64(queue.Handle);
                (start, group, end) = (writer.Length, 0, 0);
            }

            Write(writer, extent, group, end);
            (group, end) = (extent.Group, extent.Last);
            if (writer.Length - start < RecordBytesMax) continue;
            batch.End();
            writer = null;
        }

        if (writer is not null) batch.End();
    }

    public static void Read(StoreState state, ref ByteReader reader)
    {
        var queue = state.Queues[reader.Int64()];
        var (group, end) = (0L, 0L);
        while (!reader.AtEnd)
        {
            var extent = Read(ref reader, group, end);
            if (extent is null || reader.Failed)
            {
                reader.Fail();
                return;
            }

            (group, end) = (extent.Value.Group, extent.Value.Last);
            state.Restore(queue, extent.Value);
        }
    }

    private static void Write(ByteWriter writer, in Extent extent, long group, long end)
    {
        var distance = extent.Group - group;
        writer.VarUInt64(distance < 0 ? ((ulong)-distance << 1) | 1 : (ulong)distance << 1);
        writer.VarUInt64((ulong)(extent.First - end));
        var expires = extent.EarliestExpiryUnixMs != long.MaxValue;
        writer.VarUInt64(((ulong)extent.Count << 2) | (expires ? Expires : 0) | (extent.GoneBits.IsEmpty ? 0 : HasGone));
        writer.VarUInt64((ulong)extent.LiveBytes);
        if (expires) writer.Int64(extent.EarliestExpiryUnixMs);
        foreach (var word in extent.GoneBits) writer.UInt64(word);
    }

    /// <summary>Null if the bytes are not an extent.</summary>
    private static Extent? Read(ref ByteReader reader, long group, long end)
    {
        var distance = reader.VarUInt64();
        group += (distance & 1) == 0 ? (long)(distance >> 1) : -(long)(distance >> 1);
        var first = end + (long)reader.VarUInt64();
        var marks = reader.VarUInt64();
        var liveBytes = reader.VarUInt64();
        var count = marks >> 2;
        if (group < 1 || first <= end || count is 0 or > int.MaxValue || liveBytes > int.MaxValue) return null;

        var expiry = (marks & Expires) == 0 ? long.MaxValue : reader.Int64();
        ulong[]? gone = null;
        if ((marks & HasGone) != 0)
        {
            var words = (int)((count + 63) / 64);
            if (words > reader.Remaining / sizeof(ulong)) return null;
            gone = new ulong[words];
            for (var i = 0; i < words; i++) gone[i] = reader.UInt64();
        }

        return Extent.Restore(group, first, (int)count, (long)liveBytes, expiry, gone);
    }
}
