using System.Collections;
using System.Runtime.CompilerServices;
using Gateway.Store.Messages;
using Gateway.Store.Records;

namespace Gateway.Store.State;

/// <summary>
/// The stored positions of the outgoing queues of other stores. They are kept for ever, even for names used once, so they take little more
/// than the bytes of the name: see <see cref="PackedPositions"/>. Owned by the store's thread.
/// </summary>
internal sealed class PositionTable : IReadOnlyCollection<KeyValuePair<(Guid SenderStore, string Queue), StoredPosition>>
{
    private readonly Dictionary<Guid, PackedPositions> _senders = [];

    public int Count => _senders.Values.Sum(positions => positions.Count);

    /// <summary>The stores with positions, in the order in which they appeared.</summary>
    public IEnumerable<Guid> Senders => _senders.Keys;

    /// <summary>0 for a queue of which nothing was stored.</summary>
    public StoredPosition Find(Guid sender, string queue) =>
        _senders.TryGetValue(sender, out var positions) ? positions.Find(queue) : default;

    /// <summary>
    /// The highest group of the sender's store of which the run that last moved a position had sent something; 0 if unknown.
    /// </summary>
    public long GroupOf(Guid sender) => _senders.TryGetValue(sender, out var positions) ? positions.SenderGroup : 0;

    /// <summary>
    /// The last group of this store in which a position of the sender moved; 0 if there is none. Everything that the sender was told to be
    /// durable lies in no later group, unless it is lost.
    /// </summary>
    public long LastGroupOf(Guid sender) => _senders.TryGetValue(sender, out var positions) ? positions.LastGroup : 0;

    /// <summary>
    /// The tally of the sender's batches that were stored here. Nobody else's messages move it, so it tells how far this store has come
    /// with what that one sent. A repair counts anew.
    /// </summary>
    public long BatchesOf(Guid sender) => _senders.TryGetValue(sender, out var positions) ? positions.Batches.Tally : 0;

    /// <summary>Whether that was the tally of the sender's batches once: see <see cref="StoredBatches.Had"/>.</summary>
    public bool HadBatches(Guid sender, long tally) =>
        _senders.TryGetValue(sender, out var positions) ? positions.Batches.Had(tally) : tally == 0;

    /// <param name="record">Its group of the sender's store may be lower in a later run of that store, after a repair.</param>
    /// <param name="group">The group of this store that holds the record.</param>
    public void Set(PositionMoved record, long group)
    {
        var positions = Of(record.SenderStore);
        positions.Set(record.Queue, record.Position);
        positions.SenderGroup = record.SenderGroup;
        positions.LastGroup = group;
        positions.Batches.Add(record);
    }

    /// <summary>All positions as they are now, of each store; see <see cref="PackedPositions.Freeze"/>.</summary>
    public List<FrozenPositions> Freeze() => [.. _senders.Select(sender => sender.Value.Freeze(sender.Key))];

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Read(ref ByteReader reader)
    {
        var (sender, senderGroup, group, batches) = (reader.Guid(), reader.Int64(), reader.Int64(), reader.Int64());
        if (reader.Failed) return;
        var positions = Of(sender);
        positions.SenderGroup = senderGroup;
        positions.LastGroup = group;
        positions.Batches.Restore(batches);
        while (!reader.AtEnd)
        {
            var name = reader.TextBytes();
            var position = new StoredPosition((long)reader.VarUInt64(), reader.UInt32());
            if (!reader.Failed) positions.Restore(name, position);
        }
    }

    public IEnumerator<KeyValuePair<(Guid SenderStore, string Queue), StoredPosition>> GetEnumerator()
    {
        foreach (var (sender, positions) in _senders)
        {
            foreach (var (name, position) in positions.Entries()) yield return new((sender, name), position);
        }
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    private PackedPositions Of(Guid sender)
    {
        if (!_senders.TryGetValue(sender, out var positions)) _senders[sender] = positions = new PackedPositions();
        return positions;
    }
}
