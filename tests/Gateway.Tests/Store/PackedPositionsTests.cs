using CsCheck;
using Gateway.Store;
using Shouldly;
using Xunit;

namespace Gateway.Tests.Store;

public sealed class PackedPositionsTests
{
    [Fact]
    public void WhatIsSet_IsFound_AndComesInTheOrderInWhichItCame() =>
        Gen.Select(Gen.Char["abcé€"].Array[0, 40].Select(chars => new string(chars)), Gen.Long[0, long.MaxValue]).Array[0, 300].Sample(
        entries =>
        {
            var positions = new PackedPositions();
            var expected = new Dictionary<string, long>();
            foreach (var (name, number) in entries) positions.Set(name, expected[name] = number);

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
        for (var name = 0; name < 200_000; name++) positions.Set($"reply-{name:d6}", name + 1);

        for (var name = 0; name < 200_000; name += 777) positions.Find($"reply-{name:d6}").ShouldBe(name + 1);
        positions.Find("reply-200000").ShouldBe(0);
        positions.SizeBytes.ShouldBeLessThan(200_000 * 36L);
    }
}
