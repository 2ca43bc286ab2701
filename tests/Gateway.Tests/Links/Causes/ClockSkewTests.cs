using Gateway.Links;
using Gateway.Links.Causes;
using Gateway.Links.Protocol;
using Shouldly;
using Xunit;

namespace Gateway.Tests.Links.Causes;

/// <summary>A clock that differs from the peer's is warned of, also when it is set after the welcome.</summary>
public sealed class ClockSkewTests
{
    private readonly LinkBench _bench = new();

    [Theory]
    [InlineData(2, "behind")]
    [InlineData(-2, "ahead of")]
    public void SetAfterTheWelcome_IsWarnedOf_UntilItIsSetRight(int hours, string where)
    {
        var link = Up(_bench.Clock.NowUnixMs);
        link.Warning.ShouldBe("");

        Set(hours);
        link.Warning.ShouldContain($"ClockSkew: the peer's clock is 2 h {where} this one");

        Set(-hours);
        link.Warning.ShouldBe("");
    }

    [Fact]
    public void In1970_IsWarnedOf_UntilItIsSetRight()
    {
        var link = Up(_bench.Clock.Now.AddYears(50).ToUnixTimeMilliseconds());
        link.Warning.ShouldContain("ahead of");

        _bench.Clock.Advance(_bench.Clock.Now.AddYears(50), _bench.Clock.Uptime);
        link.Tick();

        link.Warning.ShouldBe("");
    }

    [Fact]
    public void APeerAtTheEndOfTime_IsWarnedOf_AndDoesNoHarm()
    {
        var link = Up(DateTimeOffset.MaxValue.ToUnixTimeMilliseconds());

        Set(-2);

        link.Warning.ShouldContain("ahead of");
    }

    private OutgoingLink Up(long peerClockUnixMs)
    {
        _bench.Link.Start();
        _bench.Link.OnConnected();
        _bench.Link.OnFrame(Welcomed(peerClockUnixMs));
        _bench.Link.Status.State.ShouldBe(LinkState.Up);
        return _bench.Link;
    }

    private void Set(int hours)
    {
        _bench.Clock.Advance(_bench.Clock.Now.AddHours(hours), _bench.Clock.Uptime);
        if (_bench.Clock.IsAhead) _bench.Clock.GoBack();
        _bench.Link.Tick();
    }

    private static LinkFrame.Welcome Welcomed(long clockUnixMs) => new(LinkBench.There, LinkBench.Limits, clockUnixMs);
}
