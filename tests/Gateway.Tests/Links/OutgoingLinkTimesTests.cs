using Gateway.Links.Causes;
using Gateway.Links.Protocol;
using Shouldly;
using Xunit;

namespace Gateway.Tests.Links;

/// <summary>The behaviour of a link as time passes.</summary>
public sealed class OutgoingLinkTimesTests
{
    private readonly LinkBench _bench = new();

    [Fact]
    public void Up_NothingHeard_IsHalfOpen()
    {
        _bench.Up();
        _bench.After(_bench.Settings.DeadAfter);
        _bench.Link.Status.State.ShouldBe(LinkState.Up);
        _bench.After(TimeSpan.FromMilliseconds(1));

        _bench.Link.Status.Cause.ShouldBe(LinkCause.HalfOpen);
        _bench.Link.Status.State.ShouldBe(LinkState.Down);
    }

    [Fact]
    public void Up_Idle_SendsHeartbeats()
    {
        _bench.Up();
        _bench.After(_bench.Settings.HeartbeatInterval);
        _bench.After(TimeSpan.FromMilliseconds(1));

        _bench.TakeSent().ShouldHaveSingleItem().ShouldBeOfType<LinkFrame.Ping>();
    }

    [Fact]
    public void Up_AliveButNothingAcknowledged_IsPeerStuck()
    {
        _bench.Up();
        _bench.Enqueue("orders", "1");
        StayAlive(_bench.Settings.AckTimeout + (2 * _bench.Settings.HeartbeatInterval));

        _bench.Link.Status.Cause.ShouldBe(LinkCause.PeerStuck);
        _bench.Link.Status.Evidence.ShouldContain("orders");
    }

    [Fact]
    public void Up_OneQueueStuckBesideOneThatFlows_IsPeerStuck()
    {
        _bench.Up();
        _bench.Enqueue("orders", "1");
        for (var number = 1; _bench.Link.Status.State == LinkState.Up && number < 100; number++)
        {
            _bench.Enqueue("bills", "b");
            _bench.Link.OnFrame(new LinkFrame.Ack("bills", number));
            _bench.After(TimeSpan.FromSeconds(1));
        }

        _bench.Link.Status.Cause.ShouldBe(LinkCause.PeerStuck);
    }

    [Fact]
    public void Up_IdleForLong_ThenOneMessage_HasTheWholeTimeForItsAcknowledgement()
    {
        _bench.Up();
        StayAlive(10 * _bench.Settings.AckTimeout);
        _bench.Enqueue("orders", "1");
        StayAlive(_bench.Settings.AckTimeout - TimeSpan.FromSeconds(2));

        _bench.Link.Status.State.ShouldBe(LinkState.Up);
    }

    [Fact]
    public void Connecting_TcpTakesLong_IsLeftToTheDialer()
    {
        _bench.Link.Start();
        _bench.After(10 * _bench.Settings.HandshakeTimeout);

        _bench.Link.Status.State.ShouldBe(LinkState.Connecting);
        _bench.IsHungUp.ShouldBeFalse();
    }

    [Fact]
    public void Connecting_HelloNotAnswered_IsPeerSilent()
    {
        _bench.Link.Start();
        _bench.Link.OnConnected();
        _bench.After(_bench.Settings.HandshakeTimeout + TimeSpan.FromMilliseconds(1));

        _bench.Link.Status.Cause.ShouldBe(LinkCause.PeerSilent);
        _bench.Link.Status.Evidence.ShouldContain("hello");
    }

    [Fact]
    public void Connecting_HeartbeatsButNoWelcome_IsPeerSilentToo()
    {
        _bench.Link.Start();
        _bench.Link.OnConnected();
        for (var i = 0; i < 20; i++)
        {
            _bench.Link.OnFrame(new LinkFrame.Ping(i));
            _bench.After(_bench.Settings.HandshakeTimeout / 10);
        }

        _bench.Link.Status.Cause.ShouldBe(LinkCause.PeerSilent);
    }

    [Fact]
    public void Down_AfterTheBackoff_DialsAgain_AndNeverGivesUp()
    {
        _bench.Up();
        for (var dials = 1; dials < 50; dials++)
        {
            _bench.Link.OnLost(LinkCause.Refused, "refused");
            _bench.After(TimeSpan.FromMilliseconds(1));
            _bench.Dials.ShouldBe(dials);
            _bench.After(_bench.Settings.BackoffMax);
            _bench.Dials.ShouldBe(dials + 1);
        }
    }

    [Fact]
    public void Down_AgainAndAgain_KeepsSince()
    {
        _bench.Link.Start();
        _bench.Link.OnLost(LinkCause.Refused, "refused");
        var since = _bench.Link.Status.Since;
        _bench.After(_bench.Settings.BackoffMax);
        _bench.Link.OnLost(LinkCause.Refused, "refused");
        _bench.Link.Status.Since.ShouldBe(since);

        _bench.After(_bench.Settings.BackoffMax);
        _bench.Link.OnLost(LinkCause.Unreachable, "no route");
        _bench.Link.Status.Since.ShouldBe(since);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(-1)]
    public void AWallClockThatIsSet_EndsNoConnectionAndKeepsNoneAlive(int hours)
    {
        _bench.Up();
        _bench.Clock.Advance(_bench.Clock.Now.AddHours(hours), _bench.Clock.Uptime);
        _bench.Link.Tick();
        _bench.Link.Status.State.ShouldBe(LinkState.Up);

        _bench.Clock.Advance(_bench.Clock.Now, _bench.Clock.Uptime + _bench.Settings.DeadAfter + TimeSpan.FromMilliseconds(1));
        _bench.Link.Tick();
        _bench.Link.Status.Cause.ShouldBe(LinkCause.HalfOpen);
    }

    [Fact]
    public void AnUpLink_IsDueWhenThePeerHasBeenSilentForAHeartbeat_AndAsksThen()
    {
        _bench.Up();
        _bench.TakeSent();
        _bench.Clock.Advance(_bench.Clock.Now, _bench.Clock.Uptime + (_bench.Settings.HeartbeatInterval / 2));
        _bench.Link.OnFrame(new LinkFrame.Pong(1, _bench.Clock.NowUnixMs));
        var due = _bench.Clock.Uptime + _bench.Settings.HeartbeatInterval;
        _bench.Link.NextTick.ShouldBe(due);

        _bench.Clock.Advance(_bench.Clock.Now, due - TimeSpan.FromMilliseconds(1));
        _bench.Link.Tick();
        _bench.TakeSent().ShouldBeEmpty();
        _bench.Clock.Advance(_bench.Clock.Now, due);
        _bench.Link.Tick();
        _bench.TakeSent().ShouldHaveSingleItem().ShouldBeOfType<LinkFrame.Ping>();
        _bench.Link.NextTick.ShouldBe(due + _bench.Settings.HeartbeatInterval);
    }

    [Fact]
    public void ALinkThatIsDown_IsDueAtItsNextAttempt()
    {
        _bench.Link.Start();
        _bench.Link.OnLost(LinkCause.Refused, "refused");
        _bench.Link.NextTick.ShouldBeGreaterThan(_bench.Clock.Uptime);

        _bench.Clock.Advance(_bench.Clock.Now, _bench.Link.NextTick);
        _bench.Link.Tick();

        _bench.Link.Status.State.ShouldBe(LinkState.Connecting);
    }

    private void StayAlive(TimeSpan time)
    {
        for (var end = _bench.Clock.Now + time; _bench.Clock.Now < end;)
        {
            _bench.Link.OnFrame(new LinkFrame.Ping(0));
            foreach (var ping in _bench.TakeSent().OfType<LinkFrame.Ping>())
                _bench.Link.OnFrame(new LinkFrame.Pong(ping.Token, _bench.Clock.NowUnixMs));
            _bench.After(TimeSpan.FromSeconds(1));
        }
    }
}
