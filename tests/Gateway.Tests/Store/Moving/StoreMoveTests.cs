using Gateway.Store.Blocks;
using Gateway.Store.Disk.Log;
using Gateway.Store.Moving;
using Gateway.Store.Records;
using Gateway.Tests.Store.Blocks;
using Gateway.Tests.Store.Disk;
using Microsoft.Extensions.Logging.Abstractions;
using Shouldly;
using Xunit;

namespace Gateway.Tests.Store.Moving;

public sealed class StoreMoveTests : IDisposable
{
    private readonly LiteBlockStore _from = new(new SimulatedDisk(), NullLoggerFactory.Instance);
    private readonly MemoryBlockStore _to = new();

    public void Dispose() => _from.Abandon();

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void AMovedStore_HasEveryBlock(int seed)
    {
        var work = new BlockWorkload(new Random(seed));
        work.Begin(_from);
        for (var step = 0; step < 120; step++) work.Step(_from);

        var move = new StoreMove(_from, _to);
        move.Copy();
        move.Verify();

        work.Compare(_to);
    }

    [Fact]
    public void AMoveThatWasInterrupted_GoesOnWhereItStopped()
    {
        _from.Roll(1, [Of(BlockKind.Identity, 1), Of(BlockKind.Snapshot, 1)]);
        for (var group = 1; group <= 5; group++) _from.Write([Of(BlockKind.Group, group), Of(BlockKind.Event, group)], []);
        new StoreMove(_from, _to).Copy();
        for (var group = 6; group <= 7; group++) _from.Write([Of(BlockKind.Group, group), Of(BlockKind.Event, group)], []);
        _from.Roll(8, [Of(BlockKind.Identity, 1)]);
        _from.Write([Of(BlockKind.Group, 8)], []);

        var again = new StoreMove(_from, _to);
        again.Copy();
        again.Verify();

        // Two groups and two events, the identity of the new volume, and its group.
        again.Copied.Blocks.ShouldBe(6);
        _to.Volumes.Select(volume => volume.FirstGroup).ShouldBe([1, 8]);
    }

    [Fact]
    public void ACopyThatDiffers_IsRefused()
    {
        _from.Roll(1, [Of(BlockKind.Identity, 1)]);
        _from.Write([Of(BlockKind.Group, 1)], []);
        var move = new StoreMove(_from, _to);
        move.Copy();
        _to.Write([Of(BlockKind.Event, 9)], []);

        Should.Throw<StoreFailedException>(move.Verify).Message.ShouldContain("differs from the store in the block Event 9");
    }

    [Fact]
    public void ATargetWithAnotherStore_IsLeftAlone()
    {
        _from.Roll(1, [Of(BlockKind.Identity, 1)]);
        _to.Roll(1, [new Block(new BlockId(BlockKind.Identity, 1), [9, 9])]);

        Should.Throw<StoreFailedException>(new StoreMove(_from, _to).Copy).Message.ShouldContain("Remove the copy");
    }

    private static Block Of(BlockKind kind, long number) => new(new BlockId(kind, number), [(byte)kind, (byte)number, 7]);
}
