using Gateway.Store.Messages;
using Gateway.Store.Records;

namespace Gateway.Store.State;

/// <summary>
/// Rejects new messages before the disk is full: per queue, so that one dead peer cannot take the space of others; for the store; and by
/// the free disk space. Acknowledgements, completions and deletions are never rejected, so a full store drains and accepts messages again
/// by itself. Owned by the store's thread.
/// </summary>
internal sealed class StoreLimits(StoreSettings first, StoreState state, IBlockStore blocks)
{
    private const int MessageOverheadBytes = 128;

    /// <summary>The log of a new volume, and as much again for one that grows.</summary>
    private const long MoveOverheadBytes = 9 * 1024 * 1024;

    /// <summary>The copies of a snapshot: in the log, for epochs of either parity, and in the data file; in two volumes.</summary>
    private const int SnapshotCopies = 6;

    private long _freeBytes = long.MaxValue;
    private bool _knowsObstacle;
    private string? _obstacle;

    /// <summary>The limits of the configuration; replaced whole when another one is applied.</summary>
    public StoreSettings Settings { get; set; } = first;

    /// <summary>Reads the free disk space; between two looks it is estimated.</summary>
    /// <param name="snapshotBytes">The current size of a snapshot.</param>
    public void LookAtDisk(long snapshotBytes)
    {
        blocks.Disk.Replenish(SnapshotCopies * snapshotBytes);
        _freeBytes = blocks.Disk.FreeBytes;
    }

    /// <summary>The obstacle is determined once per group: doing it per message would cost a system call each.</summary>
    public void BeginGroup() => _knowsObstacle = false;

    /// <summary>Bytes written since the last look.</summary>
    public void Written(long bytes) => _freeBytes -= bytes;

    /// <summary>
    /// Whether the disk has space for messages of this size a second time before their old volume is dropped, including the engine's pages
    /// and a new volume begun in between.
    /// </summary>
    public bool HasRoomToMove(long bytes) => _freeBytes - (bytes + (bytes / 4)) >= MoveOverheadBytes;

    /// <summary>Whether the disk has space for a snapshot of this size, in the log and in the data file.</summary>
    public bool HasRoomForSnapshot(long bytes) => !blocks.Disk.IsShort || _freeBytes >= MoveOverheadBytes + (bytes * SnapshotCopies);

    /// <summary>
    /// Returns why this many more messages cannot be stored in a queue; null if they can. An empty queue accepts its first messages
    /// whatever their size.
    /// </summary>
    /// <param name="sender">The store of the peer that they come from; null if they come from an application.</param>
    /// <param name="application">The application that they come from; null if they come from a peer.</param>
    /// <param name="filled">The number of queues filled before this one in the same command.</param>
    public StoreRefusal? Find(QueueId id, long messages, long bytes, Guid? sender = null, string? application = null, int filled = 0)
    {
        var queue = state.Find(id);
        var isFilled = queue is null or { IsForgettable: true };
        if (isFilled && FindQueues(id, sender, application, filled) is { } many) return new StoreRefusal(many);
        var needed = bytes + (messages * MessageOverheadBytes);
        if (queue is { Messages: > 0 } && queue.Messages + messages > Settings.QueueMessagesMax)
        {
            return new StoreRefusal($"{id} holds {Figures.Messages(queue.Messages)}, of "
                + $"{Figures.Count(Settings.QueueMessagesMax)} that a queue may hold (Store:QueueMessagesMax)", IsOfQueue: true);
        }

        if (queue is { Messages: > 0 } && queue.Bytes + bytes > Settings.QueueBytesMax)
        {
            return new StoreRefusal($"{id} holds {queue.Bytes} bytes, of {Settings.QueueBytesMax} that a queue may hold "
                + $"(Store:QueueBytesMax)", IsOfQueue: true);
        }

        if (state.Volumes.KeptBytes + bytes > Settings.StoreBytesMax)
        {
            return new StoreRefusal($"the store holds {state.Volumes.KeptBytes} bytes of messages, of {Settings.StoreBytesMax} that "
                + $"it may hold (Store:BytesMax)");
        }

        if (FindObstacle() is { } obstacle) return new StoreRefusal(
            blocks.Disk is NoBlockDisk ? obstacle : $"the disk takes no more: {obstacle}", IsForDisk: true);

        // A message is written to the log, to the data file, and once more if its volume is rewritten.
        return _freeBytes - (3 * needed) < Settings.DiskReserveBytes
            ? new StoreRefusal($"the disk has {Math.Max(0, _freeBytes)} bytes left, of which {Settings.DiskReserveBytes} are the "
                + $"reserve (Store:DiskReserveBytes)", IsForDisk: true)
            : null;
    }

    /// <summary>Whether a queue takes no further message of the mean size of those that it holds.</summary>
    public static bool IsFull(QueueState queue, StoreSettings settings) => queue.Messages > 0
        && (queue.Messages >= settings.QueueMessagesMax || queue.Bytes + (queue.Bytes / queue.Messages) > settings.QueueBytesMax);

    private string? FindObstacle()
    {
        if (!_knowsObstacle) (_knowsObstacle, _obstacle) = (true, blocks.Obstacle);
        return _obstacle;
    }

    private string? FindQueues(QueueId id, Guid? sender, string? application, int filled)
    {
        if (state.QueuesInUse + filled >= Settings.QueuesMax)
            return $"{id} would be one queue more than the {Settings.QueuesMax} that may hold something (Store:QueuesMax)";
        if (application is not null && state.Origins.FilledBy(application) + filled >= Settings.ApplicationQueuesMax)
        {
            var whose = application.Length > 0 ? $"that messages of {application} may fill" : "that messages of applications may fill";
            return $"{id} would be one queue more than the {Settings.ApplicationQueuesMax} {whose} (Store:ApplicationQueuesMax)";
        }

        return sender is { } peer && state.Origins.MadeBy(peer) >= Settings.PeerQueuesMax
            ? $"{id} would be one queue more than the {Settings.PeerQueuesMax} that one peer's messages may fill (Store:PeerQueuesMax)"
            : null;
    }
}
