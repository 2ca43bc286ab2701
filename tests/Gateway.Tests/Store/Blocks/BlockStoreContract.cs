using Gateway.Store.Records;
using Shouldly;
using Xunit;

namespace Gateway.Tests.Store.Blocks;

/// <summary>
/// The promises of <see cref="IBlockStore"/>, the same for each engine: they hold for the running engine, and again after it was closed,
/// or killed, and opened.
/// </summary>
public abstract class BlockStoreContract : IDisposable
{
    private static readonly Block _identity = Of(BlockKind.Identity, 1, 24);

    private IBlockStore? _open;

    private IBlockStore Blocks => _open ??= Open();

    public void Dispose()
    {
        End(orderly: true);
        Release();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public void ANewEngine_HasNoVolume_AndTheFirstOneStays()
    {
        Blocks.Volumes.ShouldBeEmpty();
        Blocks.Roll(1, [_identity]).ShouldBeTrue();

        Again(() =>
        {
            Blocks.Volumes.Select(volume => volume.FirstGroup).ShouldBe([1]);
            Blocks.Read(_identity.Id).ShouldBe(_identity.Bytes);
            Blocks.Read(Id(BlockKind.Group, 1)).ShouldBeNull();
            Blocks.Obstacle.ShouldBeNull();
        });
    }

    [Theory]
    [InlineData(1)]
    [InlineData(5_000)]
    [InlineData(8_200)]
    [InlineData(300_000)]
    [InlineData(9_000_000)]
    public void WrittenBytes_AreReadAgain_WhateverTheirSize(int bytes)
    {
        Begin();
        var block = Of(BlockKind.Group, 1, bytes);
        Blocks.Write([block], []);

        Again(() => Blocks.Read(block.Id).ShouldBe(block.Bytes));
    }

    [Fact]
    public void OneWrite_HoldsBlocksOfAllKinds_AndDeletesOthers()
    {
        Begin();
        Blocks.Write([Of(BlockKind.Event, 1, 40), Of(BlockKind.Event, 2, 41), Of(BlockKind.Accepted, 1, 50)], []);
        Blocks.Write(
            [Of(BlockKind.Group, 1, 60), Of(BlockKind.Event, 3, 42), Of(BlockKind.Snapshot, 2, 70)],
            [Id(BlockKind.Event, 1), Id(BlockKind.Accepted, 1), Id(BlockKind.Accepted, 99)]);

        Again(() =>
        {
            Numbers(BlockKind.Event).ShouldBe([2, 3]);
            Numbers(BlockKind.Accepted).ShouldBeEmpty();
            Numbers(BlockKind.Group).ShouldBe([1]);
            Numbers(BlockKind.Snapshot).ShouldBe([2]);
        });
    }

    [Fact]
    public void APartOfASnapshot_IsOverwritten()
    {
        Begin();
        Blocks.Write([Of(BlockKind.Snapshot, 1, 30)], []);
        var later = Of(BlockKind.Snapshot, 1, 9_000);
        Blocks.Write([later], []);

        Again(() => Blocks.Read(later.Id).ShouldBe(later.Bytes));
    }

    [Fact]
    public void BlocksOfAKind_AreReadInOrder_FromAfterANumber()
    {
        Begin();
        for (var number = 1; number <= 300; number += 50)
        {
            Blocks.Write([.. Enumerable.Range(number, 50).Select(group => Of(BlockKind.Group, group, 20 + group))], []);
        }

        Again(() =>
        {
            Blocks.ReadFrom(BlockKind.Group, 0).Select(block => block.Bytes.Length).ShouldBe(Enumerable.Range(21, 300));
            Numbers(BlockKind.Group, 250).ShouldBe(Enumerable.Range(251, 50).Select(number => (long)number));
            Numbers(BlockKind.Group, 300).ShouldBeEmpty();
        });
    }

    [Fact]
    public void LargeBlocks_AreReadInBoundedPieces_WithoutAHole()
    {
        Begin();
        for (var group = 1; group <= 9; group++) Blocks.Write([Of(BlockKind.Group, group, 1_500_000 + group)], []);

        Again(() => Blocks.ReadFrom(BlockKind.Group, 2).Select(block => block.Bytes.Length - 1_500_000).ShouldBe(Enumerable.Range(3, 7)));
    }

    [Fact]
    public void GroupsReadWithTheirNeighbours_AreTheSame()
    {
        Begin();
        for (var group = 1; group <= 40; group++) Blocks.Write([Of(BlockKind.Group, group, 100 + group)], []);
        Blocks.Roll(41, [_identity]);
        for (var group = 41; group <= 60; group++) Blocks.Write([Of(BlockKind.Group, group, 100 + group)], []);

        Again(() =>
        {
            foreach (var group in Enumerable.Range(1, 60))
            {
                var read = Blocks.Read(Id(BlockKind.Group, group), Enumerable.Range(group + 1, 60).Select(next => (long)next));
                read.ShouldBe(Of(BlockKind.Group, group, 100 + group).Bytes);
            }
        });
    }

    [Fact]
    public void GroupsAreFoundInEveryVolume_SnapshotsOnlyInTheirs()
    {
        Begin();
        Blocks.Write([Of(BlockKind.Group, 1, 10), Of(BlockKind.Group, 2, 20), Of(BlockKind.Snapshot, 1, 33)], []);
        Blocks.Roll(3, [_identity, Of(BlockKind.Snapshot, 2, 44)]).ShouldBeTrue();
        Blocks.Write([Of(BlockKind.Group, 3, 30)], []);

        Again(() =>
        {
            Blocks.Volumes.Select(volume => volume.FirstGroup).ShouldBe([1, 3]);
            Blocks.Read(Id(BlockKind.Group, 2)).ShouldBe(Of(BlockKind.Group, 2, 20).Bytes);
            Numbers(BlockKind.Group).ShouldBe([3]);
            Numbers(BlockKind.Group, 0, volume: 1).ShouldBe([1, 2]);
            Numbers(BlockKind.Snapshot).ShouldBe([2]);
            Numbers(BlockKind.Snapshot, 0, volume: 1).ShouldBe([1]);
            Blocks.Read(Id(BlockKind.Snapshot, 1)).ShouldBeNull();
        });
    }

    [Fact]
    public void ADroppedVolume_IsGone_AndWhatBelongsToNone_Stays()
    {
        Begin();
        Blocks.Write([Of(BlockKind.Group, 1, 10), Of(BlockKind.Accepted, 7, 11), Of(BlockKind.Event, 8, 12)], []);
        Blocks.Roll(2, [_identity]);
        Blocks.Write([Of(BlockKind.Group, 2, 20)], []);
        Blocks.Roll(3, [_identity]);
        Blocks.Drop(1).ShouldBeTrue();
        while (Blocks.Maintain())
        {
            // A piece each.
        }

        Again(() =>
        {
            Blocks.Volumes.Select(volume => volume.FirstGroup).ShouldBe([2, 3]);
            Blocks.Read(Id(BlockKind.Group, 2)).ShouldNotBeNull();
            Numbers(BlockKind.Accepted).ShouldBe([7]);
            Numbers(BlockKind.Event).ShouldBe([8]);
        });
    }

    [Fact]
    public void AVolume_KnowsItsSize()
    {
        Begin();
        for (var group = 1; group <= 20; group++) Blocks.Write([Of(BlockKind.Group, group, 200_000)], []);
        Blocks.Roll(21, [_identity]);

        Again(() => Blocks.Volumes[0].SizeBytes.ShouldBeInRange(4_000_000, 9_000_000));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void RandomWork_LeavesWhatAModelHolds(int seed)
    {
        var work = new BlockWorkload(new Random(seed));
        work.Begin(Blocks);
        for (var round = 0; round < 4; round++)
        {
            for (var step = 0; step < 40; step++) work.Step(Blocks);
            work.Compare(Blocks);
            End(orderly: round % 2 == 0);
            work.Compare(Blocks);
        }
    }

    /// <summary>Opens the engine on what was written so far.</summary>
    private protected abstract IBlockStore Open();

    /// <summary>The process of the engine ends without closing it.</summary>
    private protected abstract void Kill(IBlockStore open);

    /// <summary>The test is over.</summary>
    private protected virtual void Release()
    {
    }

    private static BlockId Id(BlockKind kind, long number) => new(kind, number);

    private static Block Of(BlockKind kind, long number, int bytes)
    {
        var content = new byte[bytes];
        new Random((int)number + bytes).NextBytes(content);
        return new Block(Id(kind, number), content);
    }

    private void Begin() => Blocks.Roll(1, [_identity]).ShouldBeTrue();

    private IEnumerable<long> Numbers(BlockKind kind, long after = 0, long? volume = null) =>
        Blocks.ReadFrom(kind, after, volume).Select(block => block.Id.Number);

    /// <summary>Looks three times: as the engine runs, after it was closed, and after it was killed.</summary>
    private void Again(Action look)
    {
        look();
        End(orderly: true);
        look();
        End(orderly: false);
        look();
        Blocks.Check().ShouldBeEmpty();
    }

    private void End(bool orderly)
    {
        if (_open is null) return;
        if (orderly) _open.Dispose();
        else Kill(_open);
        _open = null;
    }
}
