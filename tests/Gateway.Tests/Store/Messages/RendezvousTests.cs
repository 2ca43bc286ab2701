using System.Text;
using CsCheck;
using Gateway.Store.Messages;
using Shouldly;
using Xunit;

namespace Gateway.Tests.Store.Messages;

public sealed class RendezvousTests
{
    private static readonly Gen<string> _key = Gen.String[1, 40];

    private static readonly Gen<string[]> _destinations = Gen.Select(Gen.Char["abcxyz019"].Array[1, 8], Gen.Char["abcxyz019"].Array[1, 8])
        .Select((queue, peer) => $"{new string(queue)}@{new string(peer)}").Array[1, 12]
        .Select(names => names.Distinct().ToArray());

    [Theory]
    [InlineData("", 2)]
    [InlineData("1", 0)]
    [InlineData("42", 0)]
    [InlineData("customer 7", 1)]
    [InlineData("Müller", 0)]
    [InlineData("key", 2)]
    public void AKey_BelongsToTheSameDestinationInEveryVersion(string key, int place) =>
        Rendezvous.Choose(key, ["orders@billing-1", "orders@billing-2", "orders@billing-3"]).ShouldBe(place);

    /// <summary>The vectors that the authors of xxHash publish, of the buffer that they define.</summary>
    [Theory]
    [InlineData(0, 0x2D06800538D394C2UL)]
    [InlineData(1, 0xC44BDFF4074EECDBUL)]
    [InlineData(6, 0x27B56A84CD2D7325UL)]
    [InlineData(12, 0xA713DAF0DFBB77E7UL)]
    [InlineData(24, 0xA3FE70BF9D3510EBUL)]
    [InlineData(48, 0x397DA259ECBA1F11UL)]
    [InlineData(80, 0xBCDEFBBB2C47C90AUL)]
    [InlineData(195, 0xCD94217EE362EC3AUL)]
    public void TheDefinitionOfTheHash_HasThePublishedVectors(int length, ulong expected)
    {
        var buffer = new byte[length];
        var generator = 2654435761ul;
        for (var i = 0; i < length; i++, generator *= 11400714785074694797) buffer[i] = (byte)(generator >> 56);

        Xxh3Definition.Hash(buffer).ShouldBe(expected);
    }

    /// <summary>Computed from the rule as the pages state it, and the hash as its authors define it.</summary>
    [Fact]
    public void ADestination_IsTheOneOfTheWrittenRule() => Gen.Select(_key, _destinations).Sample((key, list) =>
    {
        var byRule = list.MaxBy(destination => (Xxh3Definition.Hash([.. Encoding.UTF8.GetBytes(destination), 0,
            .. Encoding.UTF8.GetBytes(key)]), destination), Comparer<(ulong Hash, string Name)>.Create((one, other) =>
            one.Hash != other.Hash ? one.Hash.CompareTo(other.Hash) : string.CompareOrdinal(one.Name, other.Name)));

        list[Rendezvous.Choose(key, list)].ShouldBe(byRule);
    });

    [Fact]
    public void TheOrderOfTheList_DoesNotMatter() => Gen.Select(_key, _destinations, Gen.Int).Sample((key, list, seed) =>
    {
        var shuffled = list.ToArray();
        new Random(seed).Shuffle(shuffled);

        shuffled[Rendezvous.Choose(key, shuffled)].ShouldBe(list[Rendezvous.Choose(key, list)]);
    });

    [Fact]
    public void WhenADestinationGoes_OnlyItsKeysMove() => Gen.Select(_key, _destinations.Where(list => list.Length > 1), Gen.Int[0, 11])
        .Sample((key, list, gone) =>
    {
        var removed = list[gone % list.Length];
        var left = list.Where(destination => destination != removed).ToArray();
        var before = list[Rendezvous.Choose(key, list)];

        if (before != removed) left[Rendezvous.Choose(key, left)].ShouldBe(before);
    });

    [Fact]
    public void WhenADestinationComes_KeysMoveToItAndNowhereElse() => Gen.Select(_key, _destinations).Sample((key, list) =>
    {
        var before = list[Rendezvous.Choose(key, list)];
        string[] more = [.. list, "new@one"];

        more[Rendezvous.Choose(key, more)].ShouldBeOneOf(before, "new@one");
    });

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(10)]
    public void EachDestination_HasItsShareOfTheKeys_AndANewOneTakesItsShareOfThem(int destinations)
    {
        const int keys = 20_000;
        string[] list = [.. Enumerable.Range(1, destinations).Select(number => $"orders@billing-{number}")];
        string[] more = [.. list, $"orders@billing-{destinations + 1}"];
        var chosen = Enumerable.Range(0, keys).Select(number => Rendezvous.Choose($"{number}", list)).ToList();

        foreach (var part in chosen.CountBy(place => place))
            part.Value.ShouldBeInRange(keys / destinations * 9 / 10, keys / destinations * 11 / 10);
        var moved = Enumerable.Range(0, keys).Count(number => Rendezvous.Choose($"{number}", more) != chosen[number]);
        moved.ShouldBeInRange(keys / (destinations + 1) * 9 / 10, keys / (destinations + 1) * 11 / 10);
    }
}
