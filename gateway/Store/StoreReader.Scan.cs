using Gateway.Store.Disk;

namespace Gateway.Store;

internal sealed partial class StoreReader
{
    /// <summary>
    /// A group whose checksum holds, for somebody who looks at many once: it comes from the cache if it is there, and does not take the
    /// place of what the queues' readers need soon.
    /// </summary>
    public bool TryScan(long number, out Block block)
    {
        block = default;
        if (_damage.ContainsKey(number)) return false;
        if (_cached.TryGetValue(number, out var cached))
        {
            block = cached.Value.Block;
            return true;
        }

        return TryRead(new BlockId(BlockKind.Group, number), out block);
    }

    /// <summary>The first group that can be there.</summary>
    public long FirstGroup => blocks.Volumes[0].FirstGroup;

    /// <summary>The last group that is durable.</summary>
    public long LastGroup { get; set; }

    /// <summary>
    /// A group that nobody need have kept: false when it is not there, or cannot be read, which is no damage to anything that is kept.
    /// </summary>
    public bool TryPeek(long number, out Block block)
    {
        block = default;
        try
        {
            if (blocks.Read(new BlockId(BlockKind.Group, number)) is not { } bytes) return false;
            block = new Block(new BlockId(BlockKind.Group, number), bytes);
            return GroupReader.TryOpen(bytes, number, out _);
        }
        catch (Exception e) when (e is DiskRefusedException or DamagedBlockException)
        {
            return false;
        }
    }

    /// <summary>
    /// The volume that holds a group, as the number of its first one. To read in another volume than before may mean to open its files.
    /// </summary>
    public long VolumeOf(long group)
    {
        var first = 0L;
        foreach (var volume in blocks.Volumes)
        {
            if (volume.FirstGroup > group) break;
            first = volume.FirstGroup;
        }

        return first;
    }

    /// <summary>A group that was read does not hold what is said to lie in it; nothing of it is used from now on.</summary>
    public void ReportScanned(Block block, string why) => Report(block, why);
}
