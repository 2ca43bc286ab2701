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
