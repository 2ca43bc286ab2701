using Gateway.Store.Records;

namespace Gateway.Store.State;

/// <summary>
/// The extents of one queue in order: a single one for most queues, millions for a dead peer; added at the end, mostly removed from the
/// front. Stored in chunks, so that neither growing nor shrinking copies a possible hundred megabytes; the first chunk begins small. Owned
/// by the queue.
/// </summary>
internal sealed class ExtentList
{
    private const int ChunkLength = 64;
    private const int FirstGrowth = 4;

    /// <summary>Only a chunk that is alone may be shorter than the others.</summary>
    private readonly List<Extent[]> _chunks = new(1);
    private int _start;

    public int Count { get; private set; }

    /// <summary>The extent itself, to be read or changed in place; valid until the list is changed.</summary>
    public ref Extent this[int index] => ref _chunks[(_start + index) / ChunkLength][(_start + index) % ChunkLength];

    public void Add(Extent extent)
    {
        if (_start + Count == Capacity) Grow();
        Count++;
        this[Count - 1] = extent;
    }

    public void RemoveFirst()
    {
        this[0] = default;
        Count--;
        _start++;
        if (Count == 0)
        {
            Clear();
        }
        else if (_start == ChunkLength)
        {
            _chunks.RemoveAt(0);
            _start = 0;
        }
    }

    /// <summary>Removes the extents of which nothing is left.</summary>
    public void DropEmpty()
    {
        var kept = 0;
        for (var i = 0; i < Count; i++)
        {
            if (this[i].Live > 0) this[kept++] = this[i];
        }

        for (var i = kept; i < Count; i++) this[i] = default;
        Count = kept;
        var chunks = (_start + Count + ChunkLength - 1) / ChunkLength;
        _chunks.RemoveRange(chunks, _chunks.Count - chunks);
    }

    public void Clear()
    {
        _chunks.Clear();
        _start = 0;
        Count = 0;
    }

    /// <summary>The index of the first extent that ends after a number; <see cref="Count"/> if there is none.</summary>
    public int FirstEndingAfter(long number)
    {
        var low = 0;
        var high = Count;
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (this[middle].Last > number) high = middle;
            else low = middle + 1;
        }

        return low;
    }

    private int Capacity => _chunks.Count == 0 ? 0 : ((_chunks.Count - 1) * ChunkLength) + _chunks[^1].Length;

    private void Grow()
    {
        if (_chunks is [{ Length: < ChunkLength } alone])
        {
            Array.Resize(ref alone, alone.Length * FirstGrowth);
            _chunks[0] = alone;
        }
        else
        {
            _chunks.Add(new Extent[_chunks.Count == 0 ? 1 : ChunkLength]);
        }
    }
}
