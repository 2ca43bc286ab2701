using Gateway.Links.Causes;
using Gateway.Links.Protocol;
using Shouldly;
using Xunit;

namespace Gateway.Tests.Links.Causes;

/// <summary>Two gateways of a peer's name, as a third one sees them.</summary>
public sealed class PeerRunsTests
{
    private static readonly GatewayIdentity _one = LinkBench.There;
    private static readonly GatewayIdentity _other = _one with
    {
        StoreId = new Guid("00000000-0000-0000-0000-0000000000cc"),
        Incarnation = new Guid("00000000-0000-0000-0000-000000000009"),
        StartedUnixMs = 5_000,
    };

    private readonly PeerRuns _runs = new();
    private readonly LinkBench _bench = new();

    [Fact]
    public void Restarts_HoweverMany_AreNotTwo()
    {
        for (var run = 1; run < 50; run++)
            _runs.OnSeen(_one with { Incarnation = Guid.NewGuid(), Run = run }, TimeSpan.FromSeconds(run));

        _runs.AreTwo(TimeSpan.FromSeconds(50)).ShouldBeFalse();
    }

    [Fact]
    public void OneRunThatComesAgainAndAgain_IsNotTwo()
    {
        for (var second = 1; second < 50; second++) _runs.OnSeen(_one, TimeSpan.FromSeconds(second));

        _runs.AreTwo(TimeSpan.FromSeconds(50)).ShouldBeFalse();
    }

    [Fact]
    public void RunsThatTakeTurns_AreTwo_UntilTheyHaveNotForAWhile()
    {
        for (var second = 1; second <= 5; second++) _runs.OnSeen(second % 2 == 0 ? _one : _other, TimeSpan.FromSeconds(second));

        _runs.AreTwo(TimeSpan.FromSeconds(6)).ShouldBeTrue();
        _runs.Describe(TimeSpan.FromSeconds(6)).ShouldContain($"{_other.Incarnation:N}");
        _runs.AreTwo(TimeSpan.FromMinutes(6)).ShouldBeFalse();
    }

    [Fact]
    public void LateHellosOfAFormerRun_AreNotTwo()
    {
        for (var second = 1; second <= 9; second++)
            _runs.OnSeen(second % 2 == 0 ? _one : LinkBench.ThereAgain, TimeSpan.FromSeconds(second));

        _runs.AreTwo(TimeSpan.FromSeconds(10)).ShouldBeFalse();
    }

    [Fact]
    public void ALink_IsNotEndedByTheHellosOfTheSecond_AndSaysThatThereAreTwo()
    {
        _bench.Up();
        for (var turn = 0; turn < 10; turn++)
        {
            _bench.Link.OnPeerSeen(_other);
            _bench.Link.OnPeerSeen(_one);
            if (_bench.Link.Status.State == LinkState.Up) continue;
            _bench.After(_bench.Settings.BackoffMax);
            _bench.Up();
        }

        _bench.Link.Status.ShouldSatisfyAllConditions(
            status => status.State.ShouldBe(LinkState.Up),
            status => status.Cause.ShouldBe(LinkCause.PeerTwice),
            status => status.IsWell.ShouldBeFalse(),
            status => status.Advice.ShouldContain("Two gateways with the peer's name"));
        _bench.Kept.Count(change => change.State == LinkState.Down).ShouldBeLessThan(4);
    }

    [Fact]
    public void WhenTheSecondIsGone_TheLinkIsWellAgain()
    {
        ALink_IsNotEndedByTheHellosOfTheSecond_AndSaysThatThereAreTwo();
        for (var second = 0; second < 320; second++)
        {
            _bench.Link.OnFrame(new LinkFrame.Pong(0, _bench.Clock.NowUnixMs));
            _bench.After(TimeSpan.FromSeconds(1));
        }

        (_bench.Link.Status.State, _bench.Link.Status.Cause).ShouldBe((LinkState.Up, LinkCause.None));
    }
}
