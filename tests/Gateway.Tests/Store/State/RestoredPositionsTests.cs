using System.Text;
using Gateway.Store.Messages;
using Gateway.Store.State;
using Shouldly;
using Xunit;

namespace Gateway.Tests.Store.State;

/// <summary>Positions that a start reads are found as those that were set, whatever comes between.</summary>
public sealed class RestoredPositionsTests
{
    private const int Names = 5_000;

    [Fact]
    public void WhatIsRestored_IsFound_AndMoves()
    {
        var positions = Restored();

        positions.Count.ShouldBe(Names);
        positions.Find("reply-0").ShouldBe(Position(0));
        positions.Find("reply-4999").ShouldBe(Position(4_999));
        positions.Set("reply-17", Position(9_000));
        positions.Find("reply-17").ShouldBe(Position(9_000));
        positions.Count.ShouldBe(Names);
    }

    [Fact]
    public void WhatIsNew_ComesBesideWhatIsRestored_AndTheTableGrows()
    {
        var positions = Restored();
        for (var name = 0; name < Names; name++) positions.Set($"order-{name}", Position(name + 1));
        Restore(positions, "late", 7);

        positions.Count.ShouldBe((2 * Names) + 1);
        positions.Entries().Count().ShouldBe((2 * Names) + 1);
        for (var name = 0; name < Names; name++)
        {
            positions.Find($"order-{name}").ShouldBe(Position(name + 1));
            positions.Find($"reply-{name}").ShouldBe(Position(name));
        }

        positions.Find("late").ShouldBe(Position(7));
        positions.Find("never").ShouldBe(Position(0));
    }

    private static PackedPositions Restored()
    {
        var positions = new PackedPositions();
        for (var name = 0; name < Names; name++) Restore(positions, $"reply-{name}", name);
        return positions;
    }

    private static void Restore(PackedPositions positions, string name, int number) =>
        positions.Restore(Encoding.UTF8.GetBytes(name), Position(number));

    private static StoredPosition Position(int number) => new(number, (uint)number);
}
