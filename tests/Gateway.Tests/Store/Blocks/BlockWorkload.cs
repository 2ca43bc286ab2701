using Gateway.Store.Records;
using Shouldly;

namespace Gateway.Tests.Store.Blocks;

/// <summary>Random writes, new volumes and drops, as a store makes them, beside a model of what must be there.</summary>
internal sealed class BlockWorkload(Random random)
{
    private static readonly BlockKind[] _beside = [BlockKind.Accepted, BlockKind.Event];

    private readonly SortedDictionary<long, byte[]> _groups = [];
    private readonly Dictionary<BlockKind, SortedDictionary<long, byte[]>> _others = _beside.ToDictionary(
        kind => kind, _ => new SortedDictionary<long, byte[]>());
    private readonly List<long> _volumes = [];
    private SortedDictionary<long, byte[]> _snapshots = [];
    private long _lastGroup;
    private long _lastBeside;

    public void Begin(IBlockStore blocks) => Roll(blocks);

    public void Step(IBlockStore blocks)
    {
        var kind = random.Next(20);
        if (kind == 0 && _lastGroup >= _volumes[^1]) Roll(blocks);
        else if (kind == 1 && _volumes.Count > 1) Drop(blocks);
        else if (kind < 4) blocks.Maintain();
        else Write(blocks);
    }

    public void Compare(IBlockStore blocks)
    {
        blocks.Volumes.Select(volume => volume.FirstGroup).ShouldBe(_volumes);
        foreach (var (number, bytes) in _groups) blocks.Read(new BlockId(BlockKind.Group, number)).ShouldBe(bytes);
        foreach (var kind in _beside) Of(blocks, kind).ShouldBe(_others[kind].Select(Text));
        Of(blocks, BlockKind.Snapshot).ShouldBe(_snapshots.Select(Text));
        var (listed, end) = (new List<string>(), 0L);
        foreach (var volume in _volumes) listed.AddRange(Of(blocks, BlockKind.Group, end, volume));
        listed.ShouldBe(_groups.Select(Text));
        blocks.Check().ShouldBeEmpty();
    }

    private static string Text(KeyValuePair<long, byte[]> block) => $"{block.Key} {Convert.ToHexString(block.Value)}";

    private static IEnumerable<string> Of(IBlockStore blocks, BlockKind kind, long after = 0, long? volume = null) =>
        blocks.ReadFrom(kind, after, volume).Select(block => Text(new(block.Id.Number, block.Bytes)));

    private void Roll(IBlockStore blocks)
    {
        _snapshots = [];
        var first = new List<Block> { Made(BlockKind.Identity, 1) };
        if (random.Next(2) == 0) first.Add(Kept(_snapshots, BlockKind.Snapshot, 1));
        blocks.Roll(_lastGroup + 1, first).ShouldBeTrue();
        _volumes.Add(_lastGroup + 1);
    }

    private void Drop(IBlockStore blocks)
    {
        blocks.Drop(_volumes[0]).ShouldBeTrue();
        foreach (var group in _groups.Keys.Where(group => group < _volumes[1]).ToList()) _groups.Remove(group);
        _volumes.RemoveAt(0);
    }

    private void Write(IBlockStore blocks)
    {
        var (puts, deletes) = (new List<Block>(), new List<BlockId>());
        for (var i = random.Next(4); i >= 0; i--) puts.Add(Kept(_groups, BlockKind.Group, ++_lastGroup));
        if (random.Next(3) == 0) puts.Add(Kept(_snapshots, BlockKind.Snapshot, random.Next(1, 5)));
        foreach (var kind in _beside.Where(_ => random.Next(3) == 0))
        {
            if (_others[kind].Count > 3)
            {
                deletes.Add(new BlockId(kind, _others[kind].Keys.First()));
                _others[kind].Remove(_others[kind].Keys.First());
            }

            puts.Add(Kept(_others[kind], kind, ++_lastBeside));
        }

        // A part of a snapshot occurs once in a write.
        blocks.Write([.. puts.DistinctBy(put => put.Id)], deletes);
    }

    private Block Kept(SortedDictionary<long, byte[]> model, BlockKind kind, long number)
    {
        var block = Made(kind, number);
        model[number] = block.Bytes;
        return block;
    }

    private Block Made(BlockKind kind, long number)
    {
        var bytes = new byte[random.Next(8) == 0 ? random.Next(1, 20_000) : random.Next(1, 300)];
        random.NextBytes(bytes);
        return new Block(new BlockId(kind, number), bytes);
    }
}
