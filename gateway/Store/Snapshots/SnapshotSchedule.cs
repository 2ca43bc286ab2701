using Gateway.Store.Messages;
using Gateway.Store.State;

namespace Gateway.Store.Snapshots;

/// <summary>
/// When a snapshot is written: after so many groups or bytes, sooner in an idle store, and at once in a volume that has none. A snapshot of
/// a long backlog is large and is written less often; a start then has more groups to replay. Owned by the store's thread.
/// </summary>
internal sealed class SnapshotSchedule(SnapshotBlocks snapshot, StoreSettings settings, StoreLimits limits, TimeProvider time)
{
    /// <summary>Snapshots take at most one part in this many of the bytes written, besides the messages.</summary>
    private const int ShareOfBytes = 4;

    /// <summary>In an idle store a snapshot is written after fewer bytes: a start after a kill then has little to replay.</summary>
    private const long IdleBytes = 1024 * 1024;

    /// <summary>A start replays this many small groups in a few milliseconds.</summary>
    private const int FewGroups = 1000;

    private static readonly TimeSpan _idle = TimeSpan.FromSeconds(10);

    /// <summary>Bytes of the groups after the snapshot.</summary>
    private long _bytes;

    /// <summary>The part of these bytes that the snapshot being written covers.</summary>
    private long _bytesCovered;
    private long _writtenAt = time.GetTimestamp();

    /// <summary>Groups of this size were read again by a start.</summary>
    public void OnReplayed(long bytes) => _bytes += bytes;

    /// <summary>Groups of this size were committed.</summary>
    /// <param name="at">A timestamp of the clock.</param>
    public void OnCommitted(long bytes, long at)
    {
        _bytes += bytes;
        _writtenAt = at;
    }

    /// <summary>A volume was begun with a whole snapshot.</summary>
    public void OnWhole() => _bytes = 0;

    /// <summary>Writes the next block of a snapshot, if one is being written or is due, or deletes one of a former snapshot.</summary>
    /// <param name="lastGroup">The last group committed.</param>
    /// <returns>False if there is nothing to do, or the disk has no space for it.</returns>
    public bool TryStep(long lastGroup)
    {
        if (!snapshot.IsWriting)
        {
            if (snapshot.TryStep()) return true;
            if (snapshot.HasLeftovers || !IsDue(lastGroup)) return false;
            Begin(lastGroup);
        }

        var worked = snapshot.TryStep();
        if (!snapshot.IsWriting) _bytes -= _bytesCovered;
        return worked;
    }

    /// <summary>
    /// Writing one now would take less than a start takes for the groups after the last one: a large snapshot is not written again for a
    /// few groups, which would cost this stop and the recovery of its pages in the next start.
    /// </summary>
    /// <param name="lastGroup">The last group committed.</param>
    public bool IsWorthwhile(long lastGroup)
    {
        var groups = lastGroup - snapshot.LastGroup;
        return groups > 0 && (!snapshot.IsInNewest || _bytes >= snapshot.SizeBytes / ShareOfBytes || groups >= FewGroups);
    }

    /// <summary>Writes a whole snapshot, and deletes all that is left of others, while no command waits for the store.</summary>
    /// <returns>False if the disk has no space for it.</returns>
    public bool TryWriteAll(long lastGroup)
    {
        if (!limits.HasRoomForSnapshot(snapshot.SizeBytes)) return false;
        snapshot.GiveUp();
        DeleteFormer();
        if (snapshot.HasLeftovers) return false;
        Begin(lastGroup);
        while (snapshot.IsWriting)
        {
            if (!snapshot.TryStep()) return false;
        }

        _bytes = 0;
        DeleteFormer();
        return true;
    }

    private void DeleteFormer()
    {
        while (snapshot.TryStep())
        {
            // One block each.
        }
    }

    private void Begin(long lastGroup)
    {
        _bytesCovered = _bytes;
        snapshot.Begin(lastGroup);
    }

    private bool IsDue(long lastGroup)
    {
        var size = snapshot.SizeBytes;
        if (!limits.HasRoomForSnapshot(size)) return false;
        if (!snapshot.IsInNewest) return true;
        if (_bytes >= Math.Max(IdleBytes, size) && time.GetElapsedTime(_writtenAt) >= _idle) return true;
        var scale = Math.Max(1, ShareOfBytes * size / settings.SnapshotBytes);
        return _bytes >= scale * settings.SnapshotBytes || lastGroup - snapshot.LastGroup >= scale * settings.SnapshotGroups;
    }
}
