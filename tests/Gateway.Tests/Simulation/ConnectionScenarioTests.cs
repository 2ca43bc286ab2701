using Gateway.Links.Causes;
using Gateway.Links.Protocol;
using Shouldly;
using Xunit;

namespace Gateway.Tests.Simulation;

/// <summary>Stories about connections, clocks and full queues in which gateways once did the wrong thing.</summary>
public sealed class ConnectionScenarioTests
{
    private static readonly TimeSpan _minute = TimeSpan.FromMinutes(1);

    /// <summary>It took the place of the connection that followed it.</summary>
    [Fact]
    public void AHelloOfAConnectionThatWasGivenUp_ArrivesLate_AndChangesNothing()
    {
        var world = new Scenario();
        world.Network.HoldNext("a", "b", Hold.Requests);
        world.Network.Reset("a", "b");
        // The held connection is given up, and the next one comes up.
        world.PassUntilUp();
        var before = world.Link("a", "b");

        world.Network.Release("a", "b");
        world.PassSeconds(2);

        world.Link("a", "b").ShouldBe(before);
        world.Send("a", "orders@b");
        world.Finish();
    }

    /// <summary>With the clock set back between the two, it was taken for a restart.</summary>
    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    public void AHelloOfAFormerRun_ArrivesAfterThatOfTheNext_AndChangesNothing(int clockMovesMinutes)
    {
        var world = new Scenario(profile => profile with { HasClockJumps = true });
        world.Network.HoldNext("a", "b", Hold.Requests);
        world.Network.Reset("a", "b");
        world.PassSeconds(0.6);
        world.Kill("a");
        world["a"].JumpClock(clockMovesMinutes * _minute);
        world.Start("a");
        world.PassUntilUp();
        var before = world.Link("a", "b");

        world.Network.Release("a", "b");
        world.PassSeconds(2);

        world.Link("a", "b").ShouldBe(before);
        world.Send("a", "orders@b");
        world.Finish();
    }

    /// <summary>Heartbeats of the peer kept the limit of the handshake from running out.</summary>
    [Fact]
    public void AWelcomeThatIsLost_IsNotWaitedForAmongHeartbeats()
    {
        var world = new Scenario(profile => profile with { LosesFrames = true });
        world.Network.HoldNext("a", "b", Hold.Answers);
        world.Network.Reset("a", "b");
        world.PassSeconds(0.6);

        // With what follows it about the end before, which would not belong there without it.
        world.Network.LoseNextAnswer("a", "b");
        world.Network.LoseNextAnswer("a", "b");
        world.Network.Release("a", "b");

        // The peer, which knows of no loss, would give up later.
        world.CausesWithin("a", "b", seconds: 1).ShouldContain(LinkCause.PeerSilent);
        world.PassUntilUp();
        world.Send("a", "orders@b");
        world.Finish();
    }

    /// <summary>Leases and links ended.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(-1)]
    public void AWallClockThatIsSet_EndsNeitherLeasesNorLinks(int minutes)
    {
        var world = new Scenario(profile => profile with { HasClockJumps = true });
        world.Send("a", "orders@b", 2);
        world.Consumer("b").Keeps = true;
        world.PassSeconds(0.5);
        var before = world.Link("a", "b");

        foreach (var label in new[] { "a", "b" }) world[label].JumpClock(minutes * _minute);
        // The ledger does not let another consumer have what is leased.
        world.Consumer("b", 1).Keeps = true;
        world.PassSeconds(1);

        world.Link("a", "b").ShouldBe(before);
        world.Finish();
    }

    /// <summary>A message that was loaded, and that the store had buried meanwhile, was delivered.</summary>
    [Fact]
    public void AWallClockThatIsSetBack_BringsNothingBackThatHasExpired()
    {
        var world = new Scenario(profile => profile with
        {
            HasClockJumps = true,
            Inbox = profile.Inbox with { HeldMessagesMax = 1, Lease = _minute },
        });
        var consumer = world.Consumer("b");
        consumer.Keeps = true;
        world.PassSeconds(0.5);
        world.Send("b", "orders@b");
        world.Send("b", "orders@b", expiresIn: TimeSpan.FromSeconds(20));
        world.PassSeconds(0.5);

        world["b"].JumpClock(_minute);
        world.PassSeconds(3);
        world["b"].State.DeadLetters.Count().ShouldBe(1);
        world["b"].JumpClock(-_minute);

        // The first message is completed, and the second one must not follow it.
        world.Finish();
    }

    /// <summary>
    /// Batches behind the one that found no room stayed in the window at the receiver, whose sender counted them no longer: the next
    /// messages went over it, and cost the connection.
    /// </summary>
    [Fact]
    public void AQueueThatIsFull_OnASlowDisk_DoesNotCostTheConnection()
    {
        var world = new Scenario(profile => profile with
        {
            HasSmallQueues = true,
            Links = profile.Links with { Limits = new LinkLimits(4000, 400, 12), AckTimeout = TimeSpan.FromSeconds(10) },
            Store = profile.Store with { QueueMessagesMax = 10 },
        });
        world.Send("a", "bills@b", 9);
        // The first batch of a queue is answered before more of it is sent.
        world.Send("a", "orders@b");
        world.PassSeconds(0.5);
        var disk = TimeSpan.FromSeconds(0.9);
        world["b"].SlowFlush(disk);
        world.Send("a", "bills@b", 5);
        world.CausesWithin("a", "b", seconds: 1).ShouldContain(LinkCause.PeerRefuses);

        world["b"].SlowFlush(disk);
        world.Send("a", "orders@b", 9);
        world.CausesWithin("a", "b", seconds: 1).ShouldNotContain(LinkCause.WrongService);

        world.Link("a", "b").State.ShouldBe(LinkState.Up);
        world.Finish();
    }

    /// <summary>It expired at the sender, which did not know after its end that it had been sent.</summary>
    [Fact]
    public void AMessageThatAKilledRunHadSent_DoesNotExpireBeforeItsFateIsKnown()
    {
        var world = new Scenario();
        world.Network.HoldNow("a", "b", Hold.Answers);
        world.Send("a", "orders@b", expiresIn: TimeSpan.FromSeconds(2));
        world.PassSeconds(0.5);
        world["b"].State.Queues.Sum(queue => queue.Messages).ShouldBe(1);

        world.Cut("a", "b");
        world.Kill("a");
        world.Start("a");
        world.PassSeconds(4);

        world["a"].State.DeadLetters.ShouldBeEmpty();
        world.Mend();
        world.Finish();
    }
}
