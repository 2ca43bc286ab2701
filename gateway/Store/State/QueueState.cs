using Gateway.Store.Messages;
using Gateway.Store.Records;
using Gateway.Store.Snapshots;

namespace Gateway.Store.State;

/// <summary>One queue as the store knows it: its numbers, and the places of its messages. Owned by the store's thread.</summary>
internal sealed class QueueState
{
    private const int EmptyExtentsKept = 32;

    private static readonly Dictionary<long, Returned> _noneReturned = [];

    private readonly ExtentList _extents = new();
    private Dictionary<long, Returned>? _returned;
    private int _emptyExtents;

    /// <summary>The lowest group that can hold its messages; the next field is the highest.</summary>
    private long _lowestGroup = long.MaxValue;
    private long _highestGroup;

    /// <param name="madeAfter">Its numbers are above this one.</param>
    public QueueState(long handle, QueueId id, long madeAfter)
    {
        (Handle, Id, MadeAfter, LastNumber) = (handle, id, madeAfter, madeAfter);
        EmptyPlace = new LinkedListNode<QueueState>(this);
    }

    /// <summary>The number by which records name this queue.</summary>
    public long Handle { get; }

    public QueueId Id { get; }

    /// <summary>
    /// Numbers up to this one do not belong to this queue, though a forgotten queue of the same name may have assigned them.
    /// </summary>
    public long MadeAfter { get; }

    /// <summary>The store of the peer whose message was the first in the queue; empty if only applications have added messages.</summary>
    public Guid Maker { get; set; }

    /// <summary>
    /// The application whose message was the first since the queue was last empty; null if that was before the store was opened, or the
    /// message was not an application's.
    /// </summary>
    public string? Filler { get; set; }

    /// <summary>The dead letters and damaged messages that name this queue, plus one if an operator has paused it.</summary>
    public int References { get; set; }

    /// <summary>Its node in the list of queues that may be forgotten; in no list while anything of it is kept.</summary>
    public LinkedListNode<QueueState> EmptyPlace { get; }

    /// <summary>Nothing of the queue is kept, and nothing names it, so it may be forgotten.</summary>
    public bool IsForgettable => EmptyPlace.List is not null;

    /// <summary>The key under which it is indexed by expiry.</summary>
    public long IndexedExpiryUnixMs { get; set; } = long.MaxValue;

    /// <summary>The last snapshot that it was written into, as <see cref="SnapshotDraft"/> counts them.</summary>
    public int WrittenIn { get; set; }

    /// <summary>Its place in the table of queues.</summary>
    public int Place { get; set; }

    /// <summary>The last group that records the queue's name for the handle.</summary>
    public long NamedInGroup { get; set; }

    /// <summary>The highest number ever assigned in this queue.</summary>
    public long LastNumber { get; set; }

    /// <summary>
    /// Every message up to this number was delivered to a consumer at least once (inbound), or acknowledged by the peer (outgoing).
    /// </summary>
    public long DeliveredUpTo { get; set; }

    /// <summary>The number of the first message; of the next message to come if the queue is empty.</summary>
    public long FirstNumber
    {
        get
        {
            foreach (var extent in After(0)) return extent.LiveNumbers().First();
            return LastNumber + 1;
        }
    }

    public long Messages { get; private set; }

    public long Bytes { get; private set; }

    /// <summary>No message expires before this time.</summary>
    public long EarliestExpiryUnixMs { get; set; } = long.MaxValue;

    /// <summary>Messages that consumers had and did not complete; limited by what consumers may hold at once.</summary>
    public IReadOnlyDictionary<long, Returned> Returned => _returned ?? _noneReturned;

    public IEnumerable<Extent> Extents
    {
        get
        {
            for (var i = 0; i < _extents.Count; i++) yield return _extents[i];
        }
    }

    /// <summary>A consumer had a message and did not complete it.</summary>
    public void Return(Returned returned) => (_returned ??= [])[returned.Number] = returned;

    /// <summary>False if none of its messages can be in the group.</summary>
    public bool MayHold(long group) => Messages > 0 && group >= _lowestGroup && group <= _highestGroup;

    public void Store(long number, long group, int sizeBytes, long expiresUnixMs)
    {
        LieIn(group);
        Invariant.Require(number > LastNumber, "numbers of a queue rise");
        if (_extents.Count == 0 || !Continues(_extents[_extents.Count - 1], number, group)) _extents.Add(new Extent(group, number));
        _extents[_extents.Count - 1].Add(number, sizeBytes, expiresUnixMs);
        LastNumber = number;
        Messages++;
        Bytes += sizeBytes;
        if (expiresUnixMs != 0) EarliestExpiryUnixMs = Math.Min(EarliestExpiryUnixMs, expiresUnixMs);
    }

    public void Restore(Extent extent)
    {
        LieIn(extent.Group);
        _extents.Add(extent);
        Messages += extent.Live;
        Bytes += extent.LiveBytes;
        EarliestExpiryUnixMs = Math.Min(EarliestExpiryUnixMs, extent.EarliestExpiryUnixMs);
    }

    /// <summary>The extent that contains this live number, or null.</summary>
    public Extent? Find(long number) => IndexOf(number) is { } index ? _extents[index] : null;

    /// <summary>The extents with live messages above a number, in order; each as of the moment it is reached.</summary>
    public IEnumerable<Extent> After(long number)
    {
        for (var i = _extents.FirstEndingAfter(number); i < _extents.Count; i++)
        {
            if (_extents[i].Live > 0) yield return _extents[i];
        }
    }

    /// <summary>The extent that begins with this number.</summary>
    public Extent? ExtentFrom(long first) => IndexFrom(first) is { } index ? _extents[index] : null;

    /// <summary>The live messages of an extent were rewritten into another group.</summary>
    public void Move(Extent extent, long group, long liveBytes)
    {
        LieIn(group);
        Bytes += liveBytes - extent.LiveBytes;
        _extents[IndexOf(extent)].MoveTo(group, liveBytes);
    }

    /// <summary>No live message of the extent expires before this time.</summary>
    public void NoteExpiry(Extent extent, long earliestUnixMs)
    {
        // All of them may have left the queue meanwhile.
        if (IndexFrom(extent.First) is { } index) _extents[index].NoteExpiry(earliestUnixMs);
    }

    /// <summary>Removes one live message from the queue; returns the bytes attributed to it.</summary>
    public long Remove(long number)
    {
        var index = IndexOf(number);
        Invariant.Require(index is not null, "only a live message is removed");
        var bytes = Messages == 1 ? RemoveLast(index.Value) : RemoveAt(index.Value, number);
        DropEmptyExtents();
        return bytes;
    }

    /// <summary>Removes every live message up to a number; returns their count and bytes by group.</summary>
    public List<(long Group, int Messages, long Bytes)> RemoveUpTo(long number)
    {
        var removed = new List<(long Group, int Messages, long Bytes)>();
        while (_extents.Count > 0 && _extents[0].Last <= number)
        {
            var whole = _extents[0];
            removed.Add((whole.Group, whole.Live, whole.LiveBytes));
            Messages -= whole.Live;
            Bytes -= whole.LiveBytes;
            if (whole.Live == 0) _emptyExtents--;
            _extents.RemoveFirst();
        }

        if (_extents.Count > 0) removed.Add(RemoveUpTo(0, number));
        if (_returned is not null) ForgetReturnedUpTo(number, _returned);
        DropEmptyExtents();
        return removed;
    }

    private static bool Continues(in Extent extent, long number, long group) => extent.Group == group && extent.Last + 1 == number;

    private (long Group, int Messages, long Bytes) RemoveUpTo(int index, long number)
    {
        var (messages, bytes) = (0, 0L);
        for (var gone = _extents[index].First; gone <= number; gone++)
        {
            if (!_extents[index].IsLive(gone)) continue;
            bytes += RemoveAt(index, gone);
            messages++;
        }

        return (_extents[index].Group, messages, bytes);
    }

    private long RemoveAt(int index, long number)
    {
        var bytes = _extents[index].Remove(number);
        Bytes -= bytes;
        Messages--;
        _returned?.Remove(number);
        if (_extents[index].Live == 0) _emptyExtents++;
        return bytes;
    }

    /// <summary>The only message's extent is removed with it, so it need not be updated.</summary>
    private long RemoveLast(int index)
    {
        var bytes = _extents[index].LiveBytes;
        (Bytes, Messages, _returned) = (0, 0, null);
        return bytes;
    }

    private static void ForgetReturnedUpTo(long number, Dictionary<long, Returned> returned)
    {
        foreach (var gone in returned.Keys.Where(key => key <= number).ToList()) returned.Remove(gone);
    }

    private void LieIn(long group)
    {
        if (group < _lowestGroup) _lowestGroup = group;
        if (group > _highestGroup) _highestGroup = group;
    }

    private void DropEmptyExtents()
    {
        if (Messages == 0)
        {
            _extents.Clear();
            _emptyExtents = 0;
            (_lowestGroup, _highestGroup) = (long.MaxValue, 0);
            EarliestExpiryUnixMs = long.MaxValue;
            return;
        }

        for (; _extents[0].Live == 0; _emptyExtents--) _extents.RemoveFirst();
        if (_emptyExtents <= EmptyExtentsKept || _emptyExtents <= _extents.Count / 2) return;
        _extents.DropEmpty();
        _emptyExtents = 0;
    }

    private int IndexOf(Extent extent)
    {
        var index = IndexFrom(extent.First);
        Invariant.Require(index is not null, "the extent is there");
        return index.Value;
    }

    private int? IndexOf(long number)
    {
        var index = _extents.FirstEndingAfter(number - 1);
        return index < _extents.Count && _extents[index].IsLive(number) ? index : null;
    }

    private int? IndexFrom(long first)
    {
        var index = _extents.FirstEndingAfter(first - 1);
        return index < _extents.Count && _extents[index].First == first ? index : null;
    }
}
