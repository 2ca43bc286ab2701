using Gateway.Client.Wire;

namespace Gateway.Client.Testing.Memory;

/// <summary>The messages of one queue, local or for a peer, in order. Owned by the store.</summary>
/// <param name="name">A local queue, or <c>queue@peer</c>.</param>
internal sealed class MemoryQueue(string name)
{
    private readonly SortedDictionary<long, StoredMessage> _messages = [];

    /// <summary>The numbers of the messages that no consumer holds and whose delay is over.</summary>
    private readonly SortedSet<long> _available = [];
    private readonly List<StoredMessage> _delayed = [];
    private long _lastNumber;

    public string Name { get; } = name;

    public int Count => _messages.Count;

    public long SizeBytes { get; private set; }

    /// <summary>In order.</summary>
    public IEnumerable<StoredMessage> Messages => _messages.Values;

    public StoredMessage Add(DeliveredMessage message)
    {
        var stored = new StoredMessage(this, ++_lastNumber, message);
        _messages.Add(stored.Number, stored);
        _available.Add(stored.Number);
        SizeBytes += stored.SizeBytes;
        return stored;
    }

    /// <summary>Hands out the first available message; null if there is none.</summary>
    public StoredMessage? TakeFirst()
    {
        if (_available.Count == 0)
            return null;
        var stored = _messages[_available.Min];
        _available.Remove(stored.Number);
        return stored;
    }

    /// <summary>A message that was handed out is back, available from the given time on.</summary>
    public void Return(StoredMessage stored, TimeSpan availableAt, TimeSpan now)
    {
        stored.IsLeased = false;
        stored.AvailableAt = availableAt;
        if (availableAt > now)
            _delayed.Add(stored);
        else
            _available.Add(stored.Number);
    }

    /// <summary>Makes the messages available whose delay is over.</summary>
    public void EndDelays(TimeSpan now)
    {
        foreach (var stored in _delayed.Where(stored => stored.AvailableAt <= now))
            _available.Add(stored.Number);
        _delayed.RemoveAll(stored => stored.AvailableAt <= now);
    }

    public void Remove(StoredMessage stored)
    {
        _messages.Remove(stored.Number);
        _available.Remove(stored.Number);
        _delayed.Remove(stored);
        SizeBytes -= stored.SizeBytes;
    }
}
