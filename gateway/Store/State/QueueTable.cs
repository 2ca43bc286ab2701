using System.Collections;
using Gateway.Store.Messages;

namespace Gateway.Store.State;

/// <summary>
/// The queues of a store, by name, by handle, and in the order of their creation. A forgotten queue leaves no trace, so the size of the
/// table follows the existing queues. Owned by the store's thread.
/// </summary>
internal sealed class QueueTable : IReadOnlyCollection<QueueState>
{
    private const int HolesKept = 64;

    private readonly Dictionary<QueueId, QueueState> _byId = [];
    private readonly Dictionary<long, QueueState> _byHandle = [];

    /// <summary>In the order of handles, with holes for forgotten queues.</summary>
    private readonly List<(long Handle, QueueState? Queue)> _row = [];

    public int Count => _byId.Count;

    public QueueState? Find(QueueId id) => _byId.GetValueOrDefault(id);

    public QueueState? Find(long handle) => _byHandle.GetValueOrDefault(handle);

    /// <summary>The queue with this handle, which exists.</summary>
    public QueueState this[long handle]
    {
        get
        {
            var queue = Find(handle);
            Invariant.Require(queue is not null, "a record names a queue that was made before, and not forgotten");
            return queue;
        }
    }

    /// <summary>Adds a queue; handles must rise.</summary>
    public void Add(QueueState queue)
    {
        Invariant.Require(_row.Count == 0 || _row[^1].Handle < queue.Handle, "the handles of queues rise");
        Restore(queue);
    }

    /// <summary>In any order; <see cref="Order"/> is to follow.</summary>
    public void Restore(QueueState queue)
    {
        _byId.Add(queue.Id, queue);
        _byHandle.Add(queue.Handle, queue);
        queue.Place = _row.Count;
        _row.Add((queue.Handle, queue));
    }

    public void Order()
    {
        _row.Sort((left, right) => left.Handle.CompareTo(right.Handle));
        for (var place = 0; place < _row.Count; place++)
        {
            if (_row[place].Queue is { } queue) queue.Place = place;
        }
    }

    public void Remove(QueueState queue)
    {
        _byId.Remove(queue.Id);
        _byHandle.Remove(queue.Handle);
        _row[queue.Place] = (queue.Handle, null);
        if (_row.Count > HolesKept && _row.Count > 2 * Count) Close();
    }

    /// <summary>The queues with this handle or a higher one, in order. Queues may be added or removed meanwhile.</summary>
    public IEnumerable<QueueState> From(long handle)
    {
        for (var next = First(handle); next is not null; next = First(next.Handle + 1)) yield return next;
    }

    public IEnumerator<QueueState> GetEnumerator()
    {
        foreach (var (_, queue) in _row)
        {
            if (queue is not null) yield return queue;
        }
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    private QueueState? First(long handle)
    {
        for (var place = IndexOf(handle); place < _row.Count; place++)
        {
            if (_row[place].Queue is { } queue) return queue;
        }

        return null;
    }

    /// <summary>The first index with this handle or a higher one.</summary>
    private int IndexOf(long handle)
    {
        var (low, high) = (0, _row.Count);
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (_row[middle].Handle < handle) low = middle + 1;
            else high = middle;
        }

        return low;
    }

    private void Close()
    {
        _row.RemoveAll(entry => entry.Queue is null);
        for (var place = 0; place < _row.Count; place++) _row[place].Queue!.Place = place;
    }
}
