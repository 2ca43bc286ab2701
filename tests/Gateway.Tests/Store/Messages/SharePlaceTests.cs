using CsCheck;
using Gateway.Store.Messages;
using Shouldly;
using Xunit;

namespace Gateway.Tests.Store.Messages;

public sealed class SharePlaceTests
{
    private static readonly Gen<ShareCandidate[]> _candidates = Gen.Select(Gen.Bool, Gen.Bool, Gen.Long[0, 3])
        .Select((isUp, hasRoom, waiting) => new ShareCandidate(isUp, hasRoom, waiting)).Array[1, 8];

    [Fact]
    public void TheChoice_IsUpIfAnyIs_AndHasTheFewest() => Gen.Select(_candidates, Gen.Int).Sample((candidates, turn) =>
    {
        var able = candidates.Where(candidate => candidate.HasRoom).ToList();
        if (SharePlace.Choose(candidates, turn) is not { } place)
        {
            able.ShouldBeEmpty();
            return;
        }

        var chosen = candidates[place];
        chosen.HasRoom.ShouldBeTrue();
        chosen.IsUp.ShouldBe(able.Any(candidate => candidate.IsUp));
        chosen.Waiting.ShouldBe(able.Where(candidate => candidate.IsUp == chosen.IsUp).Min(candidate => candidate.Waiting));
    });

    [Fact]
    public void Equals_TakeTurns()
    {
        ShareCandidate[] candidates = [new(true, true, 5), new(true, true, 5), new(false, true, 0), new(true, true, 5)];

        Enumerable.Range(0, 4).Select(turn => SharePlace.Choose(candidates, turn)).ShouldBe([0, 1, 3, 3]);
    }

    /// <summary>The count of turns goes on without end: each place is looked at, also where it begins anew.</summary>
    [Theory]
    [InlineData(int.MaxValue)]
    [InlineData(int.MinValue)]
    [InlineData(-1)]
    [InlineData(-2)]
    public void EachPlace_IsLookedAt(int turn)
    {
        for (var only = 0; only < 5; only++)
        {
            var candidates = new ShareCandidate[5];
            candidates[only] = new ShareCandidate(IsUp: false, HasRoom: true, Waiting: 9);

            SharePlace.Choose(candidates, turn).ShouldBe(only);
        }
    }

    [Fact]
    public void OneThatIsDown_IsTakenWhenNoOtherHasRoom() =>
        SharePlace.Choose([new(true, false, 9), new(false, true, 50)], 0).ShouldBe(1);
}
