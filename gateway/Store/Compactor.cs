using Gateway.Store.Records;
using Gateway.Store.State;

namespace Gateway.Store;

/// <summary>
/// Returns disk space: drops volumes that hold nothing, and rewrites the few messages of a mostly dead volume into the newest, piece by
/// piece, until it is empty. The store thus takes at most about twice the size of its contents, plus one volume. A volume with a damaged
/// group stays as it is. Owned by the store's thread.
/// </summary>
internal sealed class Compactor(IBlockStore blocks, StoreState state, StoreJournal journal, StoreReader reader)
{
    private const int StepBytes = 256 * 1024;

    /// <summary>The queues, or dead letters, examined in one step.</summary>
    private const int StepLooks = 4096;

    /// <summary>
    /// The volume of the last step, the handle of the queue with which the next step continues, and the dead letter after which it does:
    /// nothing before these is left in the volume.
    /// </summary>
    private (long FirstGroup, long Handle, long LettersAfter) _next;

    /// <summary>Drops one volume that holds nothing; false when there is none.</summary>
    /// <param name="before">The volumes from the one that begins with this group on are needed for their records.</param>
    public bool TryDrop(long before)
    {
        foreach (var volume in blocks.Volumes.TakeWhile(volume => volume.FirstGroup < before))
        {
            if (state.Volumes.Of(volume).Messages > 0 || state.Volumes.IsQuarantined(volume)) continue;
            if (!blocks.Drop(volume.FirstGroup)) return false;
            state.Volumes.Remove(volume.FirstGroup);
            return true;
        }

        return false;
    }

    /// <summary>
    /// Rewrites a piece of a mostly dead volume through the journal. False if no volume is dead enough, or the disk has no room for the
    /// rest of it: the volume then waits until it is drained or there is room, since a store that failed because of its own cleaning could
    /// not be drained at all.
    /// </summary>
    /// <param name="liveShareMax">A volume is rewritten if at most this share of it is live.</param>
    /// <param name="before">Only volumes that begin with a group before this one are rewritten.</param>
    public bool TryMove(double liveShareMax = 0.5, long before = long.MaxValue)
    {
        foreach (var volume in Older().Where(volume => volume.FirstGroup < before && !state.Volumes.IsQuarantined(volume)))
        {
            var (messages, bytes) = state.Volumes.Of(volume);
            if (messages == 0 || bytes > volume.SizeBytes * liveShareMax
                || !journal.Limits.HasRoomToMove(bytes) || !blocks.Disk.TryMakeRoom(2 * StepBytes)) continue;
            Move(volume);
            return true;
        }

        return false;
    }

    private void Move(VolumeInfo volume)
    {
        var end = blocks.Volumes.SkipWhile(other => other.FirstGroup <= volume.FirstGroup).First().FirstGroup;
        bool IsInside(long group) => group >= volume.FirstGroup && group < end;

        var (moved, looked) = (0L, 0);
        if (_next.FirstGroup != volume.FirstGroup) _next = (volume.FirstGroup, 0, 0);
        foreach (var queue in state.Queues.From(_next.Handle))
        {
            _next.Handle = queue.Handle;
            if (++looked > StepLooks) return;
            foreach (var extent in queue.After(0).Where(extent => IsInside(extent.Group)))
            {
                if (moved >= StepBytes) return;
                moved += extent.LiveBytes;
                var messages = reader.Read(queue, extent);
                if (messages.Count > 0) journal.Move(queue, extent, messages);
            }
        }

        _next.Handle = long.MaxValue;
        foreach (var deadLetter in state.DeadLettersAfter(_next.LettersAfter).Take(StepLooks + 1).ToList())
        {
            if (++looked > StepLooks || moved >= StepBytes) return;
            _next.LettersAfter = deadLetter.Number;
            if (!IsInside(deadLetter.Group)) continue;
            moved += deadLetter.SizeBytes;
            if (reader.Read(deadLetter) is { } message) journal.Move(state.Find(deadLetter.Queue)!, deadLetter, message);
        }

        // Once more from the first: unreadable messages have left their queues by then.
        _next = default;
    }

    private IEnumerable<VolumeInfo> Older() => blocks.Volumes.SkipLast(1);
}
