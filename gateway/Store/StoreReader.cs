using Gateway.Store.Messages;
using Gateway.Store.Records;
using Gateway.Store.Snapshots;
using Gateway.Store.State;

namespace Gateway.Store;

/// <summary>
/// Reads messages from the groups; one that is unreadable is skipped. Owned by the store's thread.
/// </summary>
internal sealed class StoreReader(StoreState state, IBlockStore blocks, StoreLimits limits, long cacheBytes)
{
    public StoreState State => state;

    /// <summary>The limits of the configuration.</summary>
    public StoreSettings Settings => limits.Settings;

    /// <summary>The groups read from, for commands that scan them.</summary>
    public StoredGroups Groups { get; } = new(blocks, cacheBytes);

    /// <summary>The free space on the disk.</summary>
    public long FreeBytes => blocks.Disk.FreeBytes;

    /// <summary>Why the disk keeps the store from accepting messages; null if it does not.</summary>
    public DiskObstacle? DiskObstacle { get; set; }

    /// <summary>
    /// The messages of a queue with numbers above <paramref name="after"/>, in order, until either limit is reached; at least one if there
    /// is one.
    /// </summary>
    public IReadOnlyList<StoredMessage> Read(QueueId id, long after, int messagesMax, int bytesMax)
    {
        var found = new List<StoredMessage>();
        if (state.Find(id) is not { } queue) return found;

        var bytes = 0;
        foreach (var extent in queue.After(after))
        {
            if (!ReadExtent(queue, extent, after, messagesMax, bytesMax, found, ref bytes)) break;
        }

        return found;
    }

    /// <summary>The live messages of one extent; empty if it is damaged.</summary>
    public IReadOnlyList<StoredMessage> Read(QueueState queue, Extent extent)
    {
        var found = new List<StoredMessage>();
        var bytes = 0;
        ReadExtent(queue, extent, 0, int.MaxValue, int.MaxValue, found, ref bytes);
        return found;
    }

    /// <summary>The message of a dead letter; null if it is damaged.</summary>
    public StoredMessage? Read(DeadLetter deadLetter)
    {
        var queue = state.Find(deadLetter.Queue);
        Invariant.Require(queue is not null, "a dead letter's queue is known");
        if (Groups.Find(deadLetter.Group) is not { } group) return null;
        var messages = group.Of(queue.Handle);
        while (messages.TryNext(out var payload))
        {
            if (Replay.StoredPrefix(payload).Number != deadLetter.MessageNumber) continue;
            if (MessageCodec.TryRead(payload[Replay.StoredPrefixBytes..], out var message))
                return new StoredMessage(deadLetter.MessageNumber, message);
        }

        Groups.Report(group.Block, $"it does not hold number {deadLetter.MessageNumber} of {deadLetter.Queue}");
        return null;
    }

    /// <summary>Adds all live messages of the extent above a number, or none if one is unreadable; false if a limit is reached.</summary>
    private bool ReadExtent(QueueState queue, Extent extent, long after, int messagesMax, int bytesMax, List<StoredMessage> found,
        ref int bytes)
    {
        if (Groups.Find(extent.Group, queue.After(extent.Last).Select(next => next.Group)) is not { } group) return true;
        var (foundBefore, bytesBefore) = (found.Count, bytes);
        var messages = group.Of(queue.Handle);
        while (messages.TryNext(out var payload))
        {
            var number = Replay.StoredPrefix(payload).Number;
            if (number <= after || !extent.IsLive(number)) continue;

            bytes += payload.Length;
            if (found.Count > 0 && (found.Count >= messagesMax || bytes > bytesMax)) return false;
            if (!MessageCodec.TryRead(payload[Replay.StoredPrefixBytes..], out var message)) break;
            found.Add(Describe(queue, number, message, extent.Group));
        }

        var expected = extent.Live - extent.LiveNumbers().TakeWhile(number => number <= after).Count();
        if (found.Count - foundBefore == expected) return found.Count < messagesMax && bytes < bytesMax;

        Groups.Report(group.Block, $"it does not hold all of the numbers {extent.First} to {extent.Last} of {queue.Id}");
        found.RemoveRange(foundBefore, found.Count - foundBefore);
        bytes = bytesBefore;
        return true;
    }

    private static StoredMessage Describe(QueueState queue, long number, Message message, long group)
    {
        if (queue.Returned.TryGetValue(number, out var returned))
            return new StoredMessage(number, message, returned.Deliveries, returned.NotBeforeUnixMs) { Group = group };
        return new StoredMessage(number, message, number <= queue.DeliveredUpTo ? 1 : 0) { Group = group };
    }
}
