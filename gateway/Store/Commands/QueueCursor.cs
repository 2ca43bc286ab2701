using Gateway.Store.Messages;

namespace Gateway.Store.Commands;

/// <summary>
/// Reads one queue in order: messages just committed come from memory, a backlog is read from the store in limited pieces. A pure state
/// machine, owned by the loop; links and inboxes each hold one per queue.
/// </summary>
internal sealed class QueueCursor(QueueId queue, IStoreInput store, IQueueReader reader, int bufferBytesMax = 1024 * 1024)
{
    /// <summary>As a tail: the store's contents are not known yet.</summary>
    public const long UnknownTail = long.MaxValue;

    private const int MessagesMax = 1000;

    private readonly Queue<StoredMessage> _buffer = [];
    private int _bufferBytes;
    private long _loaded;
    private long _tail;
    private int _generation;
    private bool _isReading;
    private bool _isOpen;

    /// <summary>The highest number known to be stored.</summary>
    public long Tail => _tail;

    /// <summary>The cursor is open and keeps the next messages in memory.</summary>
    public bool IsOpen => _isOpen;

    /// <summary>A read from the store is under way.</summary>
    public bool IsReading => _isReading;

    /// <summary>
    /// Any message missing among those read left the queue in this group at the latest, or before the next one was stored.
    /// </summary>
    public long LeftUnsentGroup { get; private set; }

    /// <summary>There are stored messages that were not taken yet.</summary>
    public bool HasMore => _isOpen && (_buffer.Count > 0 || _loaded < _tail);

    /// <summary>Starts, or restarts, after a number; drops the buffer.</summary>
    public void Open(long after)
    {
        Close();
        _isOpen = true;
        _loaded = after;
    }

    /// <summary>Keeps nothing in memory and reads nothing until opened again.</summary>
    public void Close()
    {
        _buffer.Clear();
        _bufferBytes = 0;
        _isReading = false;
        _isOpen = false;
        _generation++;
    }

    /// <summary>
    /// Sets the last number stored before this cursor was created; <see cref="UnknownTail"/> to read until nothing is found.
    /// </summary>
    public void SetTail(long tail) => _tail = Math.Max(_tail, tail);

    /// <summary>A message was committed. It is buffered if no earlier one must still be read, and there is room.</summary>
    public void OnStored(StoredMessage message)
    {
        // A read executed in one group with this message, or after it, has already returned it.
        var follows = _isOpen && !_isReading && _loaded >= _tail && _loaded < message.Number;
        _tail = message.Number;
        if (follows && _bufferBytes < bufferBytesMax) Buffer(message);
    }

    public bool TryPeek([System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out StoredMessage? message)
    {
        if (_buffer.TryPeek(out message)) return true;
        Fill();
        return false;
    }

    /// <summary>Takes the message that <see cref="TryPeek"/> returned.</summary>
    public void Take()
    {
        _bufferBytes -= MessageCodec.SizeBytes(_buffer.Dequeue().Message);
        if (_bufferBytes < bufferBytesMax / 2) Fill();
    }

    /// <summary>Requests the next piece from the store, if there is one and no read is under way.</summary>
    private void Fill()
    {
        if (!_isOpen || _isReading || _loaded >= _tail) return;
        _isReading = true;
        var generation = _generation;
        var tail = _tail;
        ReadQueueCommand? read = null;
        read = new ReadQueueCommand(queue, _loaded, MessagesMax, bufferBytesMax, found =>
        {
            LeftUnsentGroup = read!.LeftUnsentGroup;
            OnRead(found, generation, tail);
        });
        store.Submit(read);
    }

    private void OnRead(IReadOnlyList<StoredMessage> found, int generation, long tail)
    {
        if (generation != _generation) return;
        _isReading = false;
        foreach (var message in found) Buffer(message);
        if (found.Count == 0) OnNothing(tail);
        reader.OnRead();
    }

    private void OnNothing(long tail)
    {
        if (tail != UnknownTail) _loaded = Math.Max(_loaded, tail);
        // Unless a message was stored meanwhile, for which the read came too early.
        else if (_tail == UnknownTail) _tail = _loaded;
    }

    private void Buffer(StoredMessage message)
    {
        _buffer.Enqueue(message);
        _bufferBytes += MessageCodec.SizeBytes(message.Message);
        _loaded = message.Number;
    }
}
