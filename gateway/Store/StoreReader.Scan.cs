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
