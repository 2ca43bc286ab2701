using Gateway.Client.Wire;
using Shouldly;
using Xunit;

namespace Gateway.Tests.Inbox;

/// <summary>Leases and delays, and when an inbox has something to do by itself.</summary>
public sealed class InboxTimesTests
{
    private readonly InboxBench _bench = new();

    [Fact]
    public void Lease_Over_TheNextConsumerHasIt_BeforeWhatIsNew()
    {
        _bench.Receive("1", "q", credit: 1, lease: TimeSpan.FromSeconds(1));
        _bench.Enqueue("q", "a", "b");
        var delivery = _bench.TakeDeliveries("1").Single();
        _bench.After(TimeSpan.FromSeconds(1) - TimeSpan.FromMilliseconds(1));
        _bench.Waiting("q").ShouldBe(2);
        _bench.After(TimeSpan.FromMilliseconds(1));
        _bench.Receive("2", "q", credit: 2);

        _bench.TakeBodies("2").ShouldBe("a2 b1");
        _bench.Complete("1", delivery).ShouldBeOfType<Reply.Rejected>();
    }

    [Fact]
    public void Renew_StartsTheLeaseAnew()
    {
        _bench.Receive("1", "q", credit: 2, lease: TimeSpan.FromSeconds(1));
        _bench.Enqueue("q", "a");
        var delivery = _bench.TakeDeliveries("1").Single();
        for (var i = 0; i < 10; i++)
        {
            _bench.After(TimeSpan.FromMilliseconds(900));
            _bench.Renew("1", delivery, TimeSpan.FromSeconds(1)).ShouldBeOfType<Reply.Settled>();
        }

        _bench.TakeBodies("1").ShouldBe("");
        _bench.After(TimeSpan.FromSeconds(1));
        _bench.TakeBodies("1").ShouldBe("a2");
    }

    [Fact]
    public void Renew_Shorter_EndsEarlier()
    {
        _bench.Receive("1", "q", credit: 2, lease: TimeSpan.FromHours(1));
        _bench.Enqueue("q", "a");
        _bench.Renew("1", _bench.TakeDeliveries("1").Single(), TimeSpan.FromSeconds(1));
        _bench.After(TimeSpan.FromSeconds(1));

        _bench.TakeBodies("1").ShouldBe("a2");
    }

    [Theory]
    [InlineData(1)]
    [InlineData(-1)]
    public void AWallClockThatIsSet_NeitherEndsALeaseNorProlongsIt(int hours)
    {
        _bench.Enqueue("q", "a");
        _bench.Receive("1", "q", credit: 2);
        _bench.TakeBodies("1").ShouldBe("a1");

        _bench.Clock.Advance(_bench.Clock.Now.AddHours(hours), _bench.Clock.Uptime);
        _bench.Inboxes.Tick();
        _bench.TakeBodies("1").ShouldBe("");

        _bench.Clock.Advance(_bench.Clock.Now, _bench.Clock.Uptime + _bench.Settings.Lease);
        _bench.Inboxes.Tick();
        _bench.TakeBodies("1").ShouldBe("a2");
    }

    [Fact]
    public void WithoutLeasesAndDelays_NothingIsDue()
    {
        _bench.Enqueue("q", "a");
        _bench.Receive("1", "q", credit: 2);
        var delivery = _bench.TakeDeliveries("1").Single();
        _bench.Inboxes.NextTick.ShouldBe(_bench.Clock.Uptime + _bench.Settings.Lease);

        _bench.Complete("1", delivery);

        _bench.Inboxes.NextTick.ShouldBe(TimeSpan.MaxValue);
    }

    [Fact]
    public void WhatWasAbandoned_IsDueWhenItsDelayIsOver()
    {
        _bench.Enqueue("q", "a");
        _bench.Receive("1", "q", credit: 2);

        _bench.Abandon("1", _bench.TakeDeliveries("1").Single(), TimeSpan.FromSeconds(5));

        _bench.Inboxes.NextTick.ShouldBe(_bench.Clock.Uptime + TimeSpan.FromSeconds(5));
    }

    [Fact]
    public void AWallClockThatIsSetBack_DoesNotProlongADelay()
    {
        _bench.Enqueue("q", "a");
        _bench.Receive("1", "q", credit: 2);
        _bench.Abandon("1", _bench.TakeDeliveries("1").Single(), TimeSpan.FromSeconds(5));

        _bench.Clock.Advance(_bench.Clock.Now.AddHours(-1), _bench.Clock.Uptime + TimeSpan.FromSeconds(5));
        _bench.Inboxes.Tick();

        _bench.TakeBodies("1").ShouldBe("a2");
    }
}
