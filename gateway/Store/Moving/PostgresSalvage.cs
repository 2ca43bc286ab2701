using Gateway.Store.Postgres;
using Gateway.Store.Records;

namespace Gateway.Store.Moving;

/// <summary>
/// Copies all readable blocks of a damaged store out of PostgreSQL, so that its repair can work on them as on files. Changes nothing there.
/// </summary>
internal static class PostgresSalvage
{
    /// <returns>A sentence for each block that cannot be read.</returns>
    public static IReadOnlyList<string> Copy(PostgresBlockStore from, IBlockStore to)
    {
        var damage = new List<string>();
        var identity = new BlockId(BlockKind.Identity, 1);
        var named = Find(from, identity, volume: null, damage) is { } bytes ? new List<Block> { new(identity, bytes) } : [];
        foreach (var volume in from.Volumes)
        {
            to.Roll(volume.FirstGroup, [.. named, .. Readable(from, BlockKind.Snapshot, volume.FirstGroup, damage)]);
            foreach (var group in Readable(from, BlockKind.Group, volume.FirstGroup, damage)) Write(to, group);
        }

        foreach (var kind in new[] { BlockKind.Accepted, BlockKind.Event })
        {
            foreach (var block in Readable(from, kind, volume: null, damage)) Write(to, block);
        }

        return damage;
    }

    private static void Write(IBlockStore to, Block block)
    {
        to.Disk.MakeRoom(block.Bytes.Length, block.Bytes.Length);
        to.Write([block], []);
        to.Maintain();
    }

    private static IEnumerable<Block> Readable(PostgresBlockStore from, BlockKind kind, long? volume, List<string> damage)
    {
        foreach (var number in from.Numbers(kind, volume))
        {
            var id = new BlockId(kind, number);
            if (Find(from, id, volume, damage) is { } bytes) yield return new Block(id, bytes);
        }
    }

    private static byte[]? Find(PostgresBlockStore from, BlockId id, long? volume, List<string> damage)
    {
        try
        {
            return from.ReadIn(id, volume);
        }
        catch (DamagedBlockException damaged)
        {
            damage.Add(damaged.Message);
            return null;
        }
    }
}
