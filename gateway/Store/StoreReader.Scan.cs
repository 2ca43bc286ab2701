using Gateway.Store.Disk.Files;
using Gateway.Store.Records;

namespace Gateway.Store;

internal sealed partial class StoreReader
{
    /// <summary>
    /// Reads a group with a valid checksum for a one-time scan: from the cache if present, without displacing groups that readers of queues
    /// need soon.
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

    /// <summary>The first group that can exist.</summary>
    public long FirstGroup => blocks.Volumes[0].FirstGroup;

    /// <summary>The last durable group.</summary>
    public long LastGroup { get; set; }

    /// <summary>Reads a group that need not be kept: false if it is missing or unreadable, which is no damage to anything kept.</summary>
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
    /// The first group of the volume that contains a group. Reading from a different volume may require opening its files.
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

    /// <summary>A scanned group lacks the messages that should be in it; nothing of it is used from now on.</summary>
    public void ReportScanned(Block block, string why) => Report(block, why);
}
