using Gateway.Store.State;
using Shouldly;
using Xunit;

namespace Gateway.Tests.Store.State;

public sealed class RunListTests
{
    private static readonly Guid _one = new("00000000-0000-0000-0000-000000000001");
    private static readonly Guid _two = new("00000000-0000-0000-0000-000000000002");
    private static readonly Guid _other = new("00000000-0000-0000-0000-000000000009");

    private readonly RunList _runs = RunList.Empty.With(new StoreRun(1, _one, 1)).With(new StoreRun(2, _two, 10));

    [Fact]
    public void ARunOfTheList_IsOwn_AsFarAsItCame() => Judge(1, _one, group: 9).ShouldBe(PastVerdict.Own);

    [Fact]
    public void ARunThatCameFartherThanItsSuccessorBegan_IsForeign() => Judge(1, _one, group: 10).ShouldBe(PastVerdict.Foreign);

    [Fact]
    public void ARunOfAnotherBranch_IsForeign() => Judge(2, _other, group: 0).ShouldBe(PastVerdict.Foreign);

    [Fact]
    public void ALaterRun_IsForeign() => Judge(3, _other, group: 0).ShouldBe(PastVerdict.Foreign);

    [Fact]
    public void ARunThatTheListDoesNotReach_IsUnknown()
    {
        var runs = RunList.Empty.With(new StoreRun(5, _one, 50)).With(new StoreRun(9, _two, 90));

        runs.Judge(4, _other, 0).ShouldBe(PastVerdict.Unknown);
        runs.Judge(7, _other, 60).ShouldBe(PastVerdict.Unknown);
        runs.Judge(7, _other, 90).ShouldBe(PastVerdict.Foreign);
    }

    [Fact]
    public void Note_IsReadAsItWasWritten() => RunList.Parse(_runs.ToNote()).Runs.ShouldBe(_runs.Runs);

    [Theory]
    [InlineData("many")]
    [InlineData("1 x 3")]
    [InlineData("0 AAAAAAAAAAAAAAAAAAAAAA 1")]
    public void Note_ThatIsNone_HasNoRuns(string note) => RunList.Parse(note).Runs.ShouldBeEmpty();

    [Fact]
    public void Runs_AreKeptUpToABound_ThatFitsIntoANote()
    {
        var runs = RunList.Empty;
        for (var i = 1; i <= RunList.Max + 1; i++) runs = runs.With(new StoreRun(long.MaxValue - RunList.Max - 1 + i, _one, long.MaxValue));

        runs.Runs.Count.ShouldBe(RunList.Max);
        runs.ToNote().Length.ShouldBeLessThanOrEqualTo(ushort.MaxValue);
        RunList.Parse(runs.ToNote()).Runs.ShouldBe(runs.Runs);
    }

    private PastVerdict Judge(long number, Guid incarnation, long group) => _runs.Judge(number, incarnation, group);
}
