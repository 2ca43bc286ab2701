using Gateway.Links.Protocol;
using Shouldly;
using Xunit;

namespace Gateway.Tests.Links;

/// <summary>Links ask their peers for signs of life at common moments, none later than it must.</summary>
public sealed class PingsTogetherTests
{
    private readonly LinkBench _bench = new();

    private TimeSpan Heartbeat => _bench.Settings.HeartbeatInterval;

    [Theory]
    [InlineData(1)]
    [InlineData(437)]
    [InlineData(999)]
    [InlineData(1_730)]
    public void ALinkThatCameUpAtAnyTime_AsksAtCommonMoments(int upAtMs)
    {
        _bench.Clock.Advance(_bench.Clock.Now.AddMilliseconds(upAtMs));
        _bench.Up();

        var asked = AskedWithin(10 * Heartbeat);

        asked.Count.ShouldBeInRange(10, 11);
        asked.ShouldAllBe(at => at.Ticks % (Heartbeat / 2).Ticks == 0);
        for (var i = 1; i < asked.Count; i++) (asked[i] - asked[i - 1]).ShouldBe(Heartbeat);
    }

    [Fact]
    public void APeerThatHasJustSpoken_IsNotAskedBeforeHalfAHeartbeat_NorAfterAWholeOne()
    {
        _bench.Up();
        for (var ms = 0; ms < 4_000; ms += 130)
        {
            _bench.Clock.Advance(_bench.Clock.Now.AddMilliseconds(130));
            _bench.Link.OnFrame(new LinkFrame.Ping(0));

            var rest = _bench.Link.NextTick - _bench.Clock.Uptime;

            rest.ShouldBeGreaterThan(Heartbeat / 2);
            rest.ShouldBeLessThanOrEqualTo(Heartbeat);
        }
    }

    /// <summary>When it asked, since midnight; each time the answer comes a little later.</summary>
    private List<TimeSpan> AskedWithin(TimeSpan time)
    {
        _bench.TakeSent();
        var asked = new List<TimeSpan>();
        for (var end = _bench.Clock.Uptime + time; _bench.Clock.Uptime < end;)
        {
            _bench.After(_bench.Link.NextTick - _bench.Clock.Uptime);
            foreach (var ping in _bench.TakeSent().OfType<LinkFrame.Ping>())
            {
                asked.Add(_bench.Clock.Now.TimeOfDay);
                _bench.Clock.Advance(_bench.Clock.Now.AddMilliseconds(3));
                _bench.Link.OnFrame(new LinkFrame.Pong(ping.Token, _bench.Clock.NowUnixMs));
            }
        }

        return asked;
    }
}
