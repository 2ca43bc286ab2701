using Gateway.Links.Causes;
using Gateway.Links.Protocol;
using Gateway.Store.Messages;
using Gateway.Tcp;
using Gateway.Tcp.Outlets;
using Shouldly;
using Xunit;

namespace Gateway.Tests.Tcp.Outlets;

/// <summary>An outlet with one connection for all: what counts as delivered, and what happens when it ends at any point.</summary>
public sealed class SharedOutletTests
{
    private readonly OutletBench _bench = new();

    [Fact]
    public void Target_IsDialedAtOnce_AndMessagesWaitUntilItIsThere()
    {
        _bench.Enqueue("a", "b");
        var target = _bench.Use(OutletBench.Settings());
        target.Written.ShouldBeEmpty();
        _bench.Status.State.ShouldBe(LinkState.Connecting);

        _bench.Up(target);

        target.Written.ShouldBe("a\nb\n");
        _bench.Status.State.ShouldBe(LinkState.Up);
    }

    [Fact]
    public void Acknowledged_MessageIsCompleted_WhenItsLastByteIs()
    {
        _bench.Enqueue("aa", "bb");
        var target = _bench.Connect();
        _bench.Waiting().ShouldBe("aa0 bb0");

        target.Acknowledge(3);
        _bench.Waiting().ShouldBe("bb0");
        target.Acknowledge(5);
        _bench.Waiting().ShouldBe("bb0");
        target.Acknowledge(6);

        _bench.Waiting().ShouldBeEmpty();
        _bench.Status.Delivered.ShouldBe(2);
        _bench.Status.Bytes.ShouldBe(6);
    }

    [Fact]
    public void Acknowledged_AfterALoss_AllOthersAreSentAgainFromTheFirstByte()
    {
        _bench.Enqueue("aa", "bb", "cc");
        var target = _bench.Connect();
        target.Acknowledge(3);

        // Of b one byte more was acknowledged, as the system says at the end.
        target.Reset(acknowledged: 4);
        _bench.Run();
        _bench.Waiting().ShouldBe("bb0 cc0");
        _bench.Status.State.ShouldBe(LinkState.Down);
        _bench.Status.Cause.ShouldBe(LinkCause.ResetByPeer);
        var next = Redial();
        _bench.Up(next);

        next.Written.ShouldBe("bb\ncc\n");
        _bench.Status.SentAgain.ShouldBe(2);
        _bench.Status.PossiblySeenTwice.ShouldBe(0);
        next.Acknowledge();
        _bench.Waiting().ShouldBeEmpty();
    }

    [Fact]
    public void Acknowledged_WhatTheEndSaysIsAcknowledged_IsNotSentAgain()
    {
        _bench.Enqueue("aa", "bb");
        var target = _bench.Connect();

        target.Reset(acknowledged: 3);
        _bench.Run();

        _bench.Waiting().ShouldBe("bb0");
    }

    [Fact]
    public void ReplayWindow_HoldsCompletionBack_AndSendsTheLastFramesAgain()
    {
        var settings = OutletBench.Settings() with { ReplayWindow = TimeSpan.FromSeconds(2) };
        _bench.Enqueue("a");
        var target = _bench.Connect(settings);
        target.Acknowledge();
        _bench.After(TimeSpan.FromSeconds(1));
        _bench.Enqueue("b");
        target.Acknowledge();
        _bench.Enqueue("c");
        _bench.Waiting().ShouldBe("a0 b0 c0");

        _bench.After(TimeSpan.FromSeconds(1));
        _bench.Waiting().ShouldBe("b0 c0");
        target.Reset();
        _bench.Run();
        var next = Redial();
        _bench.Up(next);

        next.Written.ShouldBe("b\nc\n");
        _bench.Status.SentAgain.ShouldBe(2);
        _bench.Status.PossiblySeenTwice.ShouldBe(1);
    }

    [Fact]
    public void Written_MessageIsCompleted_WhenThisHostHasTakenIt()
    {
        _bench.Enqueue("a");
        var target = _bench.Connect(OutletBench.Settings(OutletDelivery.Written));

        target.TakeWritten();

        _bench.Waiting().ShouldBeEmpty();
    }

    [Fact]
    public void Window_BoundsWhatIsSentAndNotCompleted()
    {
        _bench.Enqueue("aaa", "bbb", "ccc");
        var target = _bench.Connect(OutletBench.Settings() with { WindowBytes = 8 });
        target.Written.ShouldBe("aaa\nbbb\n");

        target.Acknowledge(4);

        target.Written.ShouldBe("aaa\nbbb\nccc\n");
    }

    [Fact]
    public void Refused_IsToldAndTriedForEver_WithPausesThatGrow()
    {
        _bench.Enqueue("a");
        var target = _bench.Use(OutletBench.Settings());
        var pauses = new List<TimeSpan>();
        for (var attempt = 0; attempt < 10; attempt++)
        {
            target.Fail(LinkCause.Refused);
            _bench.Run();
            _bench.Status.Cause.ShouldBe(LinkCause.Refused);
            _bench.Status.State.ShouldBe(LinkState.Down);
            var before = _bench.Clock.Uptime;
            target = Redial();
            pauses.Add(_bench.Clock.Uptime - before);
        }

        pauses[0].ShouldBeLessThan(TimeSpan.FromMilliseconds(400));
        pauses[^1].ShouldBeInRange(TimeSpan.FromSeconds(2.5), TimeSpan.FromSeconds(5.1));
        _bench.Waiting().ShouldBe("a0");
        _bench.Up(target);
        target.Written.ShouldBe("a\n");
    }

    [Fact]
    public void DownOutlet_HoldsNothing_EvenIfMessagesCome()
    {
        var target = _bench.Connect();
        _bench.Enqueue("a");
        target.Reset();
        _bench.Enqueue("b");
        _bench.Run();

        _bench.Inboxes.Remembered.Leases.ShouldBe(0);
        _bench.Waiting().ShouldBe("a0 b0");
    }

    [Fact]
    public void ReplacedProgram_IsNamed_WithTheFramesInDoubt()
    {
        var started = new DateTimeOffset(2030, 1, 1, 12, 0, 3, TimeSpan.Zero);
        _bench.Enqueue("a", "b");
        var target = _bench.Use(OutletBench.Settings());
        _bench.Up(target, new TargetProgram("1", 4711, "receiver", started.AddHours(-1)) { Began = 1 });
        target.Reset();
        _bench.Run();
        var next = Redial();

        _bench.Up(next, new TargetProgram("2", 5020, "receiver", started) { Began = 2 });

        _bench.Status.Cause.ShouldBe(LinkCause.PeerRestarted);
        _bench.Status.Evidence.ShouldBe(
            "receiver (pid 4711) was replaced by receiver (pid 5020, started 2030-01-01 12:00:03Z); 2 frames were in doubt, sent again");
        _bench.Changes[^2].InDoubt.ShouldHaveSingleItem().Messages.ShouldBe(2);
    }

    [Fact]
    public void AfterTheClockWasSetBack_TheStartOfTheProgramIsLeftOut_UntilItIsLookedAtAgain()
    {
        var started = new DateTimeOffset(2030, 1, 1, 12, 0, 3, TimeSpan.Zero);
        var program = new TargetProgram("1", 4711, "receiver", started) { Began = 1 };
        var target = _bench.Use(OutletBench.Settings());
        _bench.Up(target, program);
        _bench.Status.Program.ShouldBe("receiver (pid 4711, started 2030-01-01 12:00:03Z)");

        _bench.Clock.Advance(_bench.Clock.Now.AddHours(-1), _bench.Clock.Uptime);
        _bench.Clock.GoBack();
        _bench.Status.Program.ShouldBe("receiver (pid 4711)");

        target.Reset();
        _bench.Run();
        _bench.Status.Program.ShouldBeEmpty();
        _bench.Up(Redial(), program with { Started = started.AddHours(-1) });
        _bench.Status.Evidence.ShouldContain("is the same program as before");
        _bench.Status.Program.ShouldBe("receiver (pid 4711, started 2030-01-01 11:00:03Z)");
    }

    [Fact]
    public void SameProgram_IsNotCalledRestarted()
    {
        var program = new TargetProgram("1", 4711, "receiver", DateTimeOffset.UnixEpoch);
        var target = _bench.Use(OutletBench.Settings());
        _bench.Up(target, program);
        target.Reset();
        var next = Redial();

        _bench.Up(next, program with { Socket = "2" });

        _bench.Status.Cause.ShouldBe(LinkCause.ResetByPeer);
        _bench.Status.Evidence.ShouldContain("is the same program as before");
    }

    [Fact]
    public void TargetThatDoesNotRead_IsTold_AndItsReading()
    {
        _bench.Enqueue("a");
        var target = _bench.Connect();
        _bench.After(TimeSpan.FromSeconds(4));
        target.IsExamined.ShouldBeFalse();
        _bench.After(TimeSpan.FromSeconds(1));
        target.IsExamined.ShouldBeTrue();

        target.Answer("its window is closed");
        _bench.Status.Cause.ShouldBe(LinkCause.PeerStuck);
        _bench.Status.Evidence.ShouldBe("10.0.0.9:700 has taken nothing for 5 s, and 2 bytes wait for it: its window is closed");
        target.Acknowledge();

        _bench.Status.Cause.ShouldBe(LinkCause.None);
        _bench.Status.State.ShouldBe(LinkState.Up);
    }

    [Fact]
    public void TargetThatCloses_GetsNothingMore_AndIsDialedAgain()
    {
        var target = _bench.Connect();
        _bench.Enqueue("a");
        target.Close();
        _bench.Enqueue("b");
        target.Written.ShouldBe("a\n");
        target.IsReset.ShouldBeNull();

        target.Acknowledge();
        _bench.Run();

        target.IsReset.ShouldBe(false);
        _bench.Status.Cause.ShouldBe(LinkCause.ClosedByPeer);
        _bench.Waiting().ShouldBe("b0");
        _bench.Up(Redial());
        _bench.Targets.Last.Written.ShouldBe("b\n");
    }

    [Fact]
    public void TargetThatCloses_AndAcknowledgesNothing_IsGivenUpAfterASecond()
    {
        var target = _bench.Connect();
        _bench.Enqueue("a");
        target.Close();

        _bench.After(TimeSpan.FromSeconds(1));

        target.IsReset.ShouldBe(false);
        _bench.Waiting().ShouldBe("a0");
    }

    [Fact]
    public void Events_AreCompleted_AndWriteNothing()
    {
        var target = _bench.Connect();

        _bench.Frames("c1", "a");
        _bench.Tell("c1", TcpNames.Finished);

        target.Written.ShouldBe("a\n");
        target.IsFinished.ShouldBeFalse();
        _bench.Waiting().ShouldBe("a0");
    }

    [Fact]
    public void Stop_LetsTheMessagesGoBack_UncountedAndInOrder()
    {
        _bench.Enqueue("a", "b", "c");
        var target = _bench.Connect(OutletBench.Settings() with { ReplayWindow = TimeSpan.FromSeconds(9) });
        target.Acknowledge(2);
        _bench.Book.IsDrained.ShouldBeFalse();

        _bench.Book.Close();
        _bench.Run();
        _bench.Waiting().ShouldBe("a0 b0 c0");
        _bench.After(TimeSpan.FromSeconds(5));
        target.Acknowledge(4);
        _bench.After(TimeSpan.FromSeconds(4));
        _bench.Waiting().ShouldBe("b0 c0");
        _bench.Book.IsDrained.ShouldBeFalse();
        _bench.Book.SayGoodbye();
        _bench.Run();

        _bench.Waiting().ShouldBe("b0 c0");
        target.IsReset.ShouldBe(false);
    }

    [Fact]
    public void ManyRuns_NeverMakeADeadLetter()
    {
        _bench.Enqueue("a");
        for (var run = 0; run < 20; run++)
        {
            _bench.Connect();
            // Killed, with the delivery recorded.
            _bench.Restart();
        }

        var target = _bench.Connect();
        target.Written.ShouldBe("a\n");
        _bench.DeadLetters().ShouldBeEmpty();
    }

    [Fact]
    public void PausedQueue_LetsNothingMoreOut_EvenIfTheConnectionIsMadeAnew()
    {
        var queue = QueueId.Inbound("q");
        _bench.Enqueue("a");
        var target = _bench.Connect();
        _bench.Inboxes.Hold(queue);
        _bench.Enqueue("b");
        target.Reset();
        _bench.Run();

        var next = Redial();
        _bench.Up(next);
        next.Written.ShouldBeEmpty();
        _bench.Inboxes.LetGo(queue);
        _bench.Run();

        next.Written.ShouldBe("a\nb\n");
    }

    [Fact]
    public void MessagesOnTheirWay_AreHeld_AndNoOthers()
    {
        _bench.Enqueue("a");
        var target = _bench.Connect();
        _bench.Inboxes.Remembered.Leases.ShouldBe(1);

        target.Reset();
        _bench.Run();

        _bench.Inboxes.Remembered.Leases.ShouldBe(0);
    }

    /// <summary>The time of the next attempt comes.</summary>
    private FakeTarget Redial()
    {
        var before = _bench.Targets.Dialed.Count;
        for (var step = 0; _bench.Targets.Dialed.Count == before && step < 1000; step++) _bench.After(TimeSpan.FromMilliseconds(10));
        _bench.Targets.Dialed.Count.ShouldBe(before + 1);
        return _bench.Targets.Last;
    }
}
