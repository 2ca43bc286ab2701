using CsCheck;
using Gateway.Store.Messages;
using Gateway.Store.State;
using Shouldly;
using Xunit;

namespace Gateway.Tests.Store.State;

public sealed class PackedPositionsTests
{
    [Fact]
    public void WhatIsSet_IsFound_AndComesInTheOrderInWhichItCame() =>
        Gen.Select(Gen.Char["abcé€"].Array[0, 40].Select(chars => new string(chars)), Gen.Select(Gen.Long[0, long.MaxValue], Gen.UInt)
            .Select((number, check) => new StoredPosition(number, check))).Array[0, 300].Sample(
        entries =>
        {
            var positions = new PackedPositions();
            var expected = new Dictionary<string, StoredPosition>();
            foreach (var (name, position) in entries) positions.Set(name, expected[name] = position);

            return positions.Count == expected.Count
                && expected.All(entry => positions.Find(entry.Key) == entry.Value)
                && positions.Entries().ToDictionary() is var found
                    && found.Count == expected.Count && found.All(entry => expected[entry.Key] == entry.Value);
        },
        iter: 300);

    [Fact]
    public void ManyNames_TakeLittleMoreThanTheirBytes()
    {
        var positions = new PackedPositions();
        for (var name = 0; name < 200_000; name++) positions.Set($"reply-{name:d6}", At(name));

        for (var name = 0; name < 200_000; name += 777) positions.Find($"reply-{name:d6}").ShouldBe(At(name));
        positions.Find("reply-200000").ShouldBe(default);
        positions.SizeBytes.ShouldBeLessThan(200_000 * 40L);

        static StoredPosition At(int name) => new(name + 1, (uint)name);
    }
}
