namespace Gateway.Store;

/// <summary>One queue as the store knows it: its numbers, and where its messages lie. Owned by the store's thread.</summary>
internal sealed class QueueState(int handle, QueueId id)
{
    private const int EmptyExtentsKept = 32;

    private readonly List<Extent> _extents = [];
    private int _emptyExtents;

    /// <summary>How the records name this queue.</summary>
    public int Handle { get; } = handle;

    public QueueId Id { get; } = id;

    /// <summary>The last group that says which queue the handle stands for.</summary>
    public long NamedInGroup { get; set; }

    /// <summary>The highest number given to a message of this queue, ever.</summary>
    public long LastNumber { get; set; }

    /// <summary>Every message up to this number has been handed to a consumer at least once (inbound queues).</summary>
    public long DeliveredUpTo { get; set; }

    public long Messages { get; private set; }

    public long Bytes { get; private set; }

    /// <summary>No message expires before this time.</summary>
    public long EarliestExpiryUnixMs { get; set; } = long.MaxValue;

    /// <summary>Messages that consumers had and did not complete; bounded by what consumers may hold at once.</summary>
    public Dictionary<long, Returned> Returned { get; } = [];

    public IReadOnlyList<Extent> Extents => _extents;

    public void Store(long number, long group, int sizeBytes, long expiresUnixMs)
    {
        Invariant.Require(number > LastNumber, "numbers of a queue rise");
        if (_extents.Count == 0 || _extents[^1].Group != group || _extents[^1].Last + 1 != number) _extents.Add(new Extent(group, number));
        _extents[^1].Add(number, sizeBytes, expiresUnixMs);
        LastNumber = number;
        Messages++;
        Bytes += sizeBytes;
        if (expiresUnixMs != 0) EarliestExpiryUnixMs = Math.Min(EarliestExpiryUnixMs, expiresUnixMs);
    }

    public void Restore(Extent extent)
    {
        _extents.Add(extent);
        Messages += extent.Live;
        Bytes += extent.LiveBytes;
        EarliestExpiryUnixMs = Math.Min(EarliestExpiryUnixMs, extent.EarliestExpiryUnixMs);
    }

    /// <summary>The extent in which a live message has this number, or null.</summary>
    public Extent? Find(long number)
    {
        var index = FirstEndingAfter(number - 1);
        return index < _extents.Count && _extents[index].IsLive(number) ? _extents[index] : null;
    }

    /// <summary>Extents with live messages above a number, in order.</summary>
    public IEnumerable<Extent> After(long number)
    {
        for (var i = FirstEndingAfter(number); i < _extents.Count; i++)
        {
            if (_extents[i].Live > 0) yield return _extents[i];
        }
    }

    /// <summary>The extent that begins with this number.</summary>
    public Extent? ExtentFrom(long first)
    {
        var index = FirstEndingAfter(first - 1);
        return index < _extents.Count && _extents[index].First == first ? _extents[index] : null;
    }

    /// <summary>The live messages of an extent were written again into another group.</summary>
    public void Move(Extent extent, long group, long liveBytes)
    {
        Bytes += liveBytes - extent.LiveBytes;
        extent.MoveTo(group, liveBytes);
    }

    /// <summary>Takes one live message out of the queue; gives the bytes that it accounted for.</summary>
    public long Remove(Extent extent, long number)
    {
        var bytes = extent.Remove(number);
        Bytes -= bytes;
        Messages--;
        Returned.Remove(number);
        if (extent.Live == 0) _emptyExtents++;
        DropEmptyExtents();
        return bytes;
    }

    private void DropEmptyExtents()
    {
        if (Messages == 0)
        {
            _extents.Clear();
            _emptyExtents = 0;
            EarliestExpiryUnixMs = long.MaxValue;
        }
        else if (_emptyExtents > EmptyExtentsKept && _emptyExtents > _extents.Count / 2)
        {
            _extents.RemoveAll(extent => extent.Live == 0);
            _emptyExtents = 0;
        }
    }

    private int FirstEndingAfter(long number)
    {
        var low = 0;
        var high = _extents.Count;
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (_extents[middle].Last > number) high = middle;
            else low = middle + 1;
        }

        return low;
    }
}
