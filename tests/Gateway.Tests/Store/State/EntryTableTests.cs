using Gateway.Store.Messages;
using Gateway.Store.State;
using Shouldly;
using Xunit;

namespace Gateway.Tests.Store.State;

public sealed class EntryTableTests
{
    /// <summary>A name has to wait for the entries that a table rebuilds at once; so these must not be all entries.</summary>
    [Fact]
    public void OneMoreName_MakesLittleAnew_HoweverManyThereAre()
    {
        const int names = 300_000;
        var positions = new PackedPositions();
        var (former, largest) = (0L, 0L);
        for (var name = 0; name < names; name++)
        {
            positions.Set($"reply-{name:d6}", new StoredPosition(name + 1, 0));
            (former, largest) = (positions.SizeBytes, Math.Max(largest, positions.SizeBytes - former));
        }

        largest.ShouldBeLessThan(2 * 64 * 1024);
        for (var name = 0; name < names; name += 77) positions.Find($"reply-{name:d6}").Number.ShouldBe(name + 1);
    }

    [Fact]
    public void NamesOfAStart_AreFound_AndThoseThatFollow()
    {
        var positions = new PackedPositions();
        for (var name = 0; name < 5_000; name++) positions.Restore(Utf8(name), new StoredPosition(name + 1, 7));
        for (var name = 4_000; name < 9_000; name++) positions.Set($"n{name}", new StoredPosition(name + 10_000, 8));

        positions.Count.ShouldBe(9_000);
        positions.Find("n3999").ShouldBe(new StoredPosition(4_000, 7));
        positions.Find("n4000").ShouldBe(new StoredPosition(14_000, 8));
        positions.Find("n8999").ShouldBe(new StoredPosition(18_999, 8));
        positions.Find("n9000").ShouldBe(default);

        static byte[] Utf8(int name) => System.Text.Encoding.UTF8.GetBytes($"n{name}");
    }
}
