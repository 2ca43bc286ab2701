using Gateway.Client;
using Gateway.Store.Records;

namespace Gateway.Store.State;

/// <summary>
/// The accepted message ids, by which a repeated enqueue is recognised. Limited in number and age: the oldest are forgotten. Age counts the
/// running time of the gateway, over all its runs, so setting a clock cannot shorten it. About 50 bytes per id. Owned by the store's
/// thread.
/// </summary>
internal sealed class AcceptedIds
{
    private const int ChunkLength = 4096;

    private readonly int _countMax;
    private readonly long _ageMs;

    /// <summary>A ring in chunks, allocated on demand; an id keeps its slot until it is forgotten.</summary>
    private readonly IdAccepted[]?[] _chunks;
    private readonly HashSet<int> _slots;
    private readonly HashSet<int>.AlternateLookup<Guid> _slotOfId;

    public AcceptedIds(int countMax, TimeSpan age)
    {
        _countMax = countMax;
        _ageMs = (long)age.TotalMilliseconds;
        _chunks = new IdAccepted[]?[(countMax / ChunkLength) + 1];
        _slots = new HashSet<int>(new SlotsById(this));
        _slotOfId = _slots.GetAlternateLookup<Guid>();
    }

    /// <summary>The number of ids remembered.</summary>
    public int Count => _slots.Count;

    /// <summary>The number of ids ever added; the remembered ones are the last of them.</summary>
    public long Added { get; private set; }

    /// <summary>True if the id is remembered; then also returns the fingerprint it was accepted with.</summary>
    public bool TryGet(MessageId id, out ulong fingerprint)
    {
        var isKnown = _slotOfId.TryGetValue(id.Value, out var slot);
        fingerprint = isKnown ? At(slot).Fingerprint : 0;
        return isKnown;
    }

    /// <summary>Adds an id unless it is already remembered.</summary>
    public void Add(IdAccepted accepted)
    {
        if (_slotOfId.Contains(accepted.Id)) return;
        while (Count > 0 && (Count >= _countMax || Oldest.AtMs <= accepted.AtMs - _ageMs)) _slots.Remove(SlotOf(Added - Count));

        var slot = SlotOf(Added++);
        _chunks[slot / ChunkLength] ??= new IdAccepted[ChunkLength];
        At(slot) = accepted;
        _slots.Add(slot);
    }

    /// <summary>The time at which the last id was accepted; 0 if none is remembered.</summary>
    public long LastAtMs => Count == 0 ? 0 : At(SlotOf(Added - 1)).AtMs;

    /// <summary>The last <paramref name="count"/> ids added and still remembered, in order.</summary>
    public IEnumerable<IdAccepted> Last(long count)
    {
        for (var number = Added - Math.Min(count, Count); number < Added; number++) yield return At(SlotOf(number));
    }

    private IdAccepted Oldest => At(SlotOf(Added - Count));

    private int SlotOf(long number) => (int)(number % ((long)_chunks.Length * ChunkLength));

    private ref IdAccepted At(int slot) => ref _chunks[slot / ChunkLength]![slot % ChunkLength];

    /// <summary>Hashes a slot by the id it contains.</summary>
    private sealed class SlotsById(AcceptedIds ids) : IEqualityComparer<int>, IAlternateEqualityComparer<Guid, int>
    {
        public bool Equals(int x, int y) => x == y;

        public int GetHashCode(int slot) => ids.At(slot).Id.GetHashCode();

        public bool Equals(Guid id, int slot) => ids.At(slot).Id == id;

        public int GetHashCode(Guid id) => id.GetHashCode();

        public int Create(Guid id) => throw new InvariantException("an id gets its slot before it is added");
    }
}
