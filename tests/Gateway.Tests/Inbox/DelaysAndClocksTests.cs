using Gateway.Client.Wire;
using Gateway.Inbox;
using Gateway.Store.Messages;
using Shouldly;
using Xunit;

namespace Gateway.Tests.Inbox;

/// <summary>A delay ends when it is over, whatever is done to the wall clock meanwhile.</summary>
public sealed class DelaysAndClocksTests
{
    private static readonly DateTimeOffset _epoch = DateTimeOffset.UnixEpoch.AddHours(1);
    private static readonly TimeSpan _delay = TimeSpan.FromMinutes(1);

    private readonly InboxBench _bench = new(new InboxSettings { Lease = TimeSpan.FromHours(1) });

    [Fact]
    public void AHostThatStartsIn1970_DeliversWhatWasDelayedBefore_OnceItsClockIsSetRight()
    {
        var right = _bench.Clock.Now;
        Abandon();
        SetClock(_epoch);
        _bench.Restart();
        _bench.Receive("1", "q", 5);
        _bench.TakeBodies("1").ShouldBe("b1");

        SetClock(right + (2 * _delay));
        _bench.Inboxes.NextTick.ShouldBeLessThanOrEqualTo(_bench.Clock.Uptime + TimeSpan.FromSeconds(1));
        _bench.After(TimeSpan.FromSeconds(1));

        _bench.TakeBodies("1").ShouldBe("a2");
    }

    [Theory]
    [InlineData(2)]
    [InlineData(-2)]
    public void ADelayOfThisRun_CountsInUptime(int hours)
    {
        Abandon();
        SetClock(_bench.Clock.Now.AddHours(hours));
        _bench.Receive("1", "q", 5);
        _bench.TakeBodies("1").ShouldBe("b1");
        _bench.After(_delay / 2);
        _bench.TakeBodies("1").ShouldBe("");

        _bench.After(_delay / 2);

        _bench.TakeBodies("1").ShouldBe("a2");
    }

    [Fact]
    public void WhatAnOperatorTakesOut_DoesNotProlongTheDelayOfTheRest_ByAClockThatWasSetBack()
    {
        Abandon();
        SetClock(_bench.Clock.Now.AddHours(-2));
        _bench.Inboxes.OnTaken(QueueId.Inbound("q"), [99]);
        _bench.Receive("1", "q", 5);
        _bench.TakeBodies("1").ShouldBe("b1");

        _bench.After(_delay);

        _bench.TakeBodies("1").ShouldBe("a2");
    }

    [Fact]
    public void WhatIsReleased_AfterItsDelay_IsAvailableAtOnce_ThoughTheClockWasSetBack()
    {
        Abandon();
        _bench.After(_delay);
        _bench.Receive("1", "q", 1);
        var delivery = _bench.TakeDeliveries("1").ShouldHaveSingleItem();
        SetClock(_bench.Clock.Now.AddHours(-2));

        _bench.Release("1", delivery).ShouldBeOfType<Reply.Settled>();
        _bench.Receive("1", "q", 1);

        _bench.TakeBodies("1").ShouldBe("a2");
    }

    /// <summary>Of two messages, the first is abandoned with a delay.</summary>
    private void Abandon()
    {
        _bench.Enqueue("q", "a", "b");
        _bench.Receive("1", "q", 1);
        _bench.Abandon("1", _bench.TakeDeliveries("1").ShouldHaveSingleItem(), _delay).ShouldBeOfType<Reply.Settled>();
    }

    private void SetClock(DateTimeOffset time)
    {
        _bench.Clock.Advance(time, _bench.Clock.Uptime);
        if (_bench.Clock.IsAhead) _bench.Clock.GoBack();
    }
}
