using Gateway.Links.Causes;
using Gateway.Links.Protocol;
using Shouldly;
using Xunit;

namespace Gateway.Tests.Simulation;

/// <summary>
/// Something happens in a gateway all the time, as when a page or a tool asks for its state many times a second: each such event once put
/// off what was due by time alone, for as long as they came.
/// </summary>
public sealed class BusyLoopScenarioTests
{
    private static readonly TimeSpan _minute = TimeSpan.FromMinutes(1);

    /// <summary>With what a loop may be late, and a round of the simulation.</summary>
    private static readonly TimeSpan _inTime = SimulationProfile.Quiet().Links.DeadAfter + TimeSpan.FromMilliseconds(300);

    private readonly Scenario _world = new();

    [Theory]
    [InlineData(0.025)]
    [InlineData(0.05)]
    [InlineData(0.075)]
    public void APeerThatHangs_IsNoticedInTime(double everySeconds)
    {
        _world["b"].Freeze(_minute);

        var noticed = AskUntil(() => _world.Link("a", "b").State != LinkState.Up, everySeconds);

        _world.Link("a", "b").Cause.ShouldBe(LinkCause.HalfOpen);
        noticed.ShouldBeLessThan(_inTime);
    }

    [Fact]
    public void APeerThatIsCutOff_IsNoticedInTime_ByBothSides()
    {
        _world.Cut("a", "b");

        var noticed = AskUntil(() => new[] { ("a", "b"), ("b", "a") }.All(way => _world.Link(way.Item1, way.Item2).State != LinkState.Up));

        noticed.ShouldBeLessThan(_inTime);
        _world.Mend();
        _world.PassUntilUp();
        _world.Finish();
    }

    [Fact]
    public void AWelcomeThatDoesNotCome_IsWaitedForNoLonger()
    {
        _world.Network.HoldNext("a", "b", Hold.Answers);
        _world.Network.Reset("a", "b");
        _world.PassSeconds(0.6);

        AskUntil(() => _world.Link("a", "b").Cause == LinkCause.PeerSilent).ShouldBeLessThan(_inTime);

        _world.Network.Release("a", "b");
        _world.PassUntilUp();
        _world.Finish();
    }

    [Fact]
    public void AMessage_ExpiresInTime()
    {
        _world.Send("a", "orders@a", expiresIn: TimeSpan.FromSeconds(2));

        AskUntil(() => _world["a"].State.DeadLetters.Any()).ShouldBeInRange(TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(3.5));

        _world.Finish();
    }

    /// <summary>Both gateways are asked something, again and again, until it is so; how long that took.</summary>
    private TimeSpan AskUntil(Func<bool> isSo, double everySeconds = 0.025)
    {
        var passed = 0.0;
        for (; !isSo() && passed < 10; passed += everySeconds)
        {
            foreach (var label in new[] { "a", "b" }.Where(label => !_world[label].IsFrozen)) _world[label].Manage(_ => { });
            _world.PassSeconds(everySeconds);
        }

        return TimeSpan.FromSeconds(passed);
    }
}
