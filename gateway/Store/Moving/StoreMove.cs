using Gateway.Store.Disk.Log;
using Gateway.Store.Records;

namespace Gateway.Store.Moving;

/// <summary>
/// Copies a whole store, block by block, from one engine to another: its identity, numbers and positions are in the blocks, and the engines
/// know nothing of them. A copy that was interrupted goes on where it stopped.
/// </summary>
/// <param name="from">It is only read.</param>
/// <param name="to">Empty, or with a part of the same store.</param>
internal sealed class StoreMove(IBlockStore from, IBlockStore to)
{
    private const int PieceBytes = 2 * 1024 * 1024;

    private static readonly BlockId _identity = new(BlockKind.Identity, 1);
    private static readonly BlockKind[] _beside = [BlockKind.Accepted, BlockKind.Event];

    /// <summary>The blocks copied by this run, and their bytes.</summary>
    public (long Blocks, long Bytes) Copied { get; private set; }

    /// <summary>Copies all that is missing.</summary>
    /// <exception cref="StoreFailedException">The target has another store, or no room.</exception>
    /// <exception cref="DamagedBlockException">A block of the source cannot be read.</exception>
    public void Copy()
    {
        var identity = new Block(_identity, from.Read(_identity) ?? throw UnreadableBlock.Missing(_identity));
        if (to.Volumes.Count > 0) RequirePart(identity);
        for (var i = 0; i < from.Volumes.Count; i++)
        {
            var first = from.Volumes[i].FirstGroup;
            if (i == to.Volumes.Count) Begin(identity, first);
            if (i == to.Volumes.Count - 1) CopyGroups(first);
        }

        foreach (var kind in _beside)
        {
            var there = to.ReadFrom(kind, 0).Select(block => block.Id.Number).ToHashSet();
            WritePieces(from.ReadFrom(kind, 0).Where(block => !there.Contains(block.Id.Number)));
        }
    }

    /// <summary>Compares all of both stores, byte by byte.</summary>
    /// <exception cref="StoreFailedException">They differ.</exception>
    public void Verify()
    {
        if (!from.Volumes.Select(volume => volume.FirstGroup).SequenceEqual(to.Volumes.Select(volume => volume.FirstGroup)))
            throw Differs("the volumes");
        if (!from.Read(_identity).AsSpan().SequenceEqual(to.Read(_identity))) throw Differs("the identity");
        foreach (var volume in from.Volumes)
        {
            Compare(BlockKind.Group, volume.FirstGroup);
            Compare(BlockKind.Snapshot, volume.FirstGroup);
        }

        foreach (var kind in _beside) Compare(kind, volume: null);
    }

    private static StoreFailedException Differs(string what) => new($"The copy differs from the store in {what}: the store was used since "
        + "the copy was begun, or the target holds something else. Remove the copy, and begin again.");

    /// <summary>What is there must be the beginning of this store.</summary>
    private void RequirePart(Block identity)
    {
        var isPart = identity.Bytes.AsSpan().SequenceEqual(to.Read(_identity))
            && to.Volumes.Count <= from.Volumes.Count
            && to.Volumes.Zip(from.Volumes).All(pair => pair.First.FirstGroup == pair.Second.FirstGroup);
        if (!isPart) throw Differs("its beginning");
    }

    private void Begin(Block identity, long firstGroup)
    {
        var snapshots = from.ReadFrom(BlockKind.Snapshot, 0, firstGroup).ToList();
        if (!to.Roll(firstGroup, [identity, .. snapshots])) throw NoRoom();
        Count([identity, .. snapshots]);
    }

    private void CopyGroups(long volume)
    {
        var last = to.ReadFrom(BlockKind.Group, 0, volume).Select(block => block.Id.Number).DefaultIfEmpty(0).Last();
        WritePieces(from.ReadFrom(BlockKind.Group, last, volume));
    }

    private void WritePieces(IEnumerable<Block> blocks)
    {
        var (piece, bytes) = (new List<Block>(), 0L);
        foreach (var block in blocks)
        {
            piece.Add(block);
            bytes += block.Bytes.Length;
            if (bytes < PieceBytes) continue;
            Write(piece, bytes);
            (piece, bytes) = ([], 0);
        }

        if (piece.Count > 0) Write(piece, bytes);
    }

    private void Write(List<Block> piece, long bytes)
    {
        if (!to.Disk.MakeRoom(bytes, bytes)) throw NoRoom();
        to.Write(piece, []);
        to.Maintain();
        Count(piece);
    }

    private void Count(List<Block> blocks) =>
        Copied = (Copied.Blocks + blocks.Count, Copied.Bytes + blocks.Sum(block => (long)block.Bytes.Length));

    private StoreFailedException NoRoom() => new($"The target has no room for the rest of the store: {to.Obstacle ?? "it refuses"}. Make "
        + "room, and repeat the command: it goes on where it stopped.");

    private void Compare(BlockKind kind, long? volume)
    {
        using var copy = to.ReadFrom(kind, 0, volume).GetEnumerator();
        foreach (var block in from.ReadFrom(kind, 0, volume))
        {
            if (!copy.MoveNext() || copy.Current.Id != block.Id || !copy.Current.Bytes.AsSpan().SequenceEqual(block.Bytes))
                throw Differs($"the block {block.Id}");
        }

        if (copy.MoveNext()) throw Differs($"the block {copy.Current.Id}");
    }
}
