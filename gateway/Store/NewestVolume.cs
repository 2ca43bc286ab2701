using Gateway.Store.Messages;
using Gateway.Store.Records;
using Gateway.Store.Snapshots;
using Gateway.Store.State;

namespace Gateway.Store;

/// <summary>
/// When the next volume is made and begun: before the newest is full, and at once if the newest is damaged, or larger than files may be.
/// Owned by the store's thread.
/// </summary>
internal sealed class NewestVolume(
    IBlockStore blocks, StoreState state, StoreSettings settings, SnapshotBlocks snapshot, SnapshotSchedule schedule)
{
    /// <summary>
    /// While the reserve is incomplete, a new volume is begun after this much growth of the newest: if that volume holds no messages,
    /// dropping it returns all its space, whatever other programs do with the rest of the disk.
    /// </summary>
    private const long TightBytes = 1024 * 1024;

    /// <summary>Volumes are not made smaller than this for a file size limit; a single write may be larger than they are.</summary>
    private const long LimitedBytesMin = 8 * 1024 * 1024;

    /// <summary>Steps from one attempt that failed to the next.</summary>
    private const int StepsToRetry = 20;

    private long _bytes = blocks.Volumes[^1].SizeBytes;
    private int _stepsToRetry;
    private long? _shortAtBytes;
    private bool _isNextMade;

    /// <summary>
    /// The disk refused the next volume at the last attempt. New messages are rejected for that, so it must be tried again even if the
    /// newest volume is no longer full, because the limit by which it was full is gone.
    /// </summary>
    private bool _isRefused;

    /// <summary>The block with which the next volume begins.</summary>
    public required Block Identity { get; set; }

    /// <summary>It has reached its size.</summary>
    public bool IsFull => _bytes >= settings.VolumeBytes;

    /// <summary>Nothing more should be written to it: writing there would need its damaged pages.</summary>
    public bool IsDamaged(long lastGroup) => blocks.Disk.IsNewestDamaged && HasGroups(lastGroup);

    /// <summary>A group of the newest volume was committed, and so another may be begun.</summary>
    public bool HasGroups(long lastGroup) => lastGroup >= blocks.Volumes[^1].FirstGroup;

    /// <summary>Groups of this size were committed.</summary>
    public void OnCommitted(long bytes) => _bytes += bytes;

    /// <summary>
    /// Makes the next volume when the newest is half full, and begins it when it is full. If it cannot be made, the newest continues to be
    /// used for draining, and it is tried again now and then.
    /// </summary>
    /// <param name="lastGroup">The last group committed.</param>
    /// <returns>Whether something was done.</returns>
    public bool TryStep(long lastGroup)
    {
        var size = blocks.Volumes[^1].SizeBytes;
        _shortAtBytes = blocks.Disk.IsShort ? Math.Min(_shortAtBytes ?? size, size) : null;
        var full = Math.Min(settings.VolumeBytes, Math.Max(LimitedBytesMin, blocks.Disk.FileBytesMax / 3));
        var isFull = _bytes >= full || size - _shortAtBytes >= TightBytes;
        var isNextDue = _isRefused || (_bytes >= full / 2 && !_isNextMade);
        if (!isFull && (!isNextDue || blocks.Disk.IsShort)) return false;
        if (_stepsToRetry-- > 0) return false;
        if (isFull ? TryRollWhenFull(lastGroup) : TryPrepareNext()) return true;
        _stepsToRetry = StepsToRetry;
        return false;
    }

    /// <summary>Begins a new volume if the newest exceeds the file size limit and contains groups.</summary>
    public bool TryLeaveTooLarge(long lastGroup) => blocks.Disk.IsNewestTooLarge && HasGroups(lastGroup) && TryRollWhole(lastGroup);

    /// <summary>
    /// Begins a new volume with a snapshot: from then on the earlier volumes are needed for their messages alone. It takes as long as the
    /// snapshot is large, and so is for a disk that is short, or a volume that cannot be written any more.
    /// </summary>
    /// <returns>False if the disk refuses; the previous volume is still the newest.</returns>
    public bool TryRollWhole(long lastGroup) => snapshot.TryWhole(lastGroup, out var whole) && TryRoll(lastGroup, whole);

    /// <summary>
    /// A snapshot is written into the new volume next, in steps; until it is there, the volumes before are needed for their records, too.
    /// So the newest gets longer for as long as it has none itself.
    /// </summary>
    private bool TryRollWhenFull(long lastGroup) =>
        blocks.Disk.IsShort || blocks.Disk.IsNewestTooLarge ? TryRollWhole(lastGroup) : snapshot.IsInNewest && TryRoll(lastGroup, []);

    private bool TryPrepareNext()
    {
        _isNextMade = blocks.Disk.PrepareNext();
        _isRefused = !_isNextMade;
        return _isNextMade;
    }

    private bool TryRoll(long lastGroup, List<Block> whole)
    {
        _isRefused = !blocks.Roll(lastGroup + 1, [Identity, .. whole]);
        if (_isRefused) return false;
        state.Volumes.Add(lastGroup + 1);
        snapshot.OnRolled(lastGroup, whole);
        if (whole.Count > 0) schedule.OnWhole();
        (_bytes, _isNextMade, _shortAtBytes) = (0, false, null);
        return true;
    }
}
