using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Gateway.Store.Records;

namespace Gateway.Store.State;

/// <summary>
/// The stored batches of one sender's store, as a tally: 39 bits of their number, and 24 of the sum of their checks. The number
/// alone does not show that the batches are the ones of which the sender knows: a machine that was put back stores those that were under
/// way once more, and one that found no room the first time may find some. Owned by the store's thread.
/// </summary>
internal sealed class StoredBatches
{
    private const int CheckBits = 24;
    private const long CheckMask = (1L << CheckBits) - 1;

    /// <summary>The number of recent tallies that are known: more than the batches that a peer usually has under way.</summary>
    private const int RecentMax = 1024;

    private readonly long[] _recent = new long[RecentMax];

    /// <summary>Greater with each batch; 0 while there is none.</summary>
    public long Tally { get; private set; }

    /// <summary>The number of batches in a tally.</summary>
    public static long CountOf(long tally) => tally >> CheckBits;

    public void Restore(long tally) => _recent[CountOf(tally) % RecentMax] = Tally = tally;

    /// <summary>A batch was stored that moved a position.</summary>
    public void Add(PositionMoved record) =>
        Restore(((CountOf(Tally) + 1) << CheckBits) | ((Tally + CheckOf(record)) & CheckMask));

    /// <summary>
    /// Whether the tally was that of this store once. Of one that is too old, or from before this run, only the number is compared.
    /// </summary>
    public bool Had(long tally)
    {
        var count = CountOf(tally);
        if (count >= CountOf(Tally)) return tally == Tally;
        var then = _recent[count % RecentMax];
        return CountOf(then) != count || then == tally;
    }

    private static uint CheckOf(PositionMoved record)
    {
        Span<byte> bytes = stackalloc byte[16];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, record.Position.Number);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes[8..], record.Position.Check);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes[12..], Castagnoli.Of(MemoryMarshal.AsBytes(record.Queue.AsSpan())));
        return Castagnoli.Of(bytes);
    }
}
