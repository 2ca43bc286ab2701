using System.Collections;
using System.Runtime.CompilerServices;

namespace Gateway.Store;

/// <summary>
/// How far each outgoing queue of each other store has been stored here. Positions are kept for ever, also of names that were used once, so
/// they take little more than the bytes of the name: see <see cref="PackedPositions"/>. Owned by the store's thread.
/// </summary>
internal sealed class PositionTable : IReadOnlyCollection<KeyValuePair<(Guid SenderStore, string Queue), long>>
{
    private const int RecordBytesMax = 64 * 1024;

    private readonly Dictionary<Guid, PackedPositions> _senders = [];

    public int Count => _senders.Values.Sum(positions => positions.Count);

    /// <summary>The stores of which there are positions, in the order in which they came.</summary>
    public IEnumerable<Guid> Senders => _senders.Keys;

    /// <summary>0 of a queue of which nothing was stored.</summary>
    public long Find(Guid sender, string queue) => _senders.TryGetValue(sender, out var positions) ? positions.Find(queue) : 0;

    /// <summary>
    /// The highest group of the sender's store of which the run that last moved a position had sent something; 0 if none is known.
    /// </summary>
    public long GroupOf(Guid sender) => _senders.TryGetValue(sender, out var positions) ? positions.SenderGroup : 0;

    /// <param name="group">With what was sent last; in a later run it may be less, after a repair.</param>
    public void Set(Guid sender, string queue, long number, long group)
    {
        var positions = Of(sender);
        positions.Set(queue, number);
        positions.SenderGroup = group;
    }

    /// <summary>All positions of a store, in as many records as it takes.</summary>
    public void Write(BlockBatch batch, Guid sender)
    {
        ByteWriter? writer = null;
        var (start, positions, place) = (0, _senders[sender], default((int, int)));
        while (positions.TryNext(ref place, out var name, out var number))
        {
            if (writer is null)
            {
                writer = batch.Begin(RecordKind.PositionsKept);
                writer.Guid(sender);
                writer.Int64(positions.SenderGroup);
                start = writer.Length;
            }

            writer.TextBytes(name);
            writer.VarUInt64((ulong)number);
            if (writer.Length - start < RecordBytesMax) continue;
            batch.End();
            writer = null;
        }

        if (writer is not null) batch.End();
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Read(ref ByteReader reader)
    {
        var (sender, group) = (reader.Guid(), reader.Int64());
        if (reader.Failed) return;
        var positions = Of(sender);
        positions.SenderGroup = group;
        while (!reader.AtEnd)
        {
            var name = reader.TextBytes();
            var number = (long)reader.VarUInt64();
            if (!reader.Failed) positions.Set(name, number);
        }
    }

    public IEnumerator<KeyValuePair<(Guid SenderStore, string Queue), long>> GetEnumerator()
    {
        foreach (var (sender, positions) in _senders)
        {
            foreach (var (name, number) in positions.Entries()) yield return new((sender, name), number);
        }
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    private PackedPositions Of(Guid sender)
    {
        if (!_senders.TryGetValue(sender, out var positions)) _senders[sender] = positions = new PackedPositions();
        return positions;
    }
}
