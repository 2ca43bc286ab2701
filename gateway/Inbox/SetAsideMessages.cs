using Gateway.Store;
using Gateway.Store.Commands;
using Gateway.Store.Messages;

namespace Gateway.Inbox;

/// <summary>
/// Reads messages of one queue again that a part of the gateway has left in the store and wants now: in order, a few at a time. Pure; owned
/// by the queue.
/// </summary>
/// <param name="read">Gets each one; null if it is there no more.</param>
internal sealed class SetAsideMessages(QueueId queue, IStoreInput store, Action<long, StoredMessage?> read)
{
    /// <summary>So many are being read at once, whatever their size.</summary>
    private const int ReadsMax = 4;

    private readonly SortedSet<long> _wanted = [];
    private int _reading;
    private int _generation;

    public void Want(IReadOnlyList<long> numbers) => _wanted.UnionWith(numbers);

    /// <summary>Begins to read the next one; false if there is none, or enough are being read.</summary>
    public bool TryRead()
    {
        if (_wanted.Count == 0 || _reading >= ReadsMax) return false;
        var number = _wanted.Min;
        _wanted.Remove(number);
        _reading++;
        var generation = _generation;
        store.Submit(new ReadOneCommand(queue, number, found => OnRead(number, found.Found, generation)));
        return true;
    }

    /// <summary>Nobody wants any.</summary>
    public void Forget()
    {
        _wanted.Clear();
        _reading = 0;
        _generation++;
    }

    private void OnRead(long number, StoredMessage? found, int generation)
    {
        if (generation != _generation) return;
        _reading--;
        read(number, found);
    }
}
