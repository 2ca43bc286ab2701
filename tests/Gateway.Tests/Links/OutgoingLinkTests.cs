using Gateway.Client.Wire;
using Gateway.Links;
using Gateway.Store;
using Gateway.Store.Commands;
using Shouldly;
using Xunit;

namespace Gateway.Tests.Links;

public sealed class OutgoingLinkTests
{
    private readonly LinkBench _bench = new();

    [Fact]
    public void Start_Connected_SaysHelloAndNothingElse()
    {
        _bench.Enqueue("orders", "1");
        _bench.Link.Start();
        _bench.Link.OnConnected();
        _bench.Enqueue("orders", "2");
        _bench.After(TimeSpan.FromSeconds(1));

        var hello = _bench.TakeSent().ShouldHaveSingleItem().ShouldBeOfType<LinkFrame.Hello>();
        hello.From.ShouldBe(_bench.Self);
        hello.To.ShouldBe("there");
        _bench.Link.Status.State.ShouldBe(LinkState.Connecting);
    }

    [Fact]
    public void Welcome_WithoutPositions_SendsFromTheStart()
    {
        _bench.Enqueue("orders", "1", "2");
        _bench.Up();
        _bench.Store.Run();

        var batch = _bench.TakeSent().ShouldHaveSingleItem().ShouldBeOfType<LinkFrame.Batch>();
        (batch.Queue, batch.Previous).ShouldBe(("orders", 0));
        LinkBench.Bodies(batch).ShouldBe("1,2");
    }

    [Fact]
    public void Welcome_WithPosition_DropsWhatThePeerHasAndSendsTheRest()
    {
        _bench.Enqueue("orders", "1", "2", "3");
        _bench.Up(null, ("orders", 2));
        _bench.Store.Run();

        var batch = _bench.TakeSent().ShouldHaveSingleItem().ShouldBeOfType<LinkFrame.Batch>();
        (batch.Previous, LinkBench.Bodies(batch)).ShouldBe((2, "3"));
        _bench.Waiting("orders").ShouldBe(1);
    }

    [Fact]
    public void Welcome_PositionOfAQueueThatARepairForgot_IsTaken()
    {
        _bench.Link.NumbersAfter = 1_000;
        _bench.Up(null, ("forgotten", 1_000));

        _bench.Link.Status.State.ShouldBe(LinkState.Up);
    }

    [Fact]
    public void Welcome_PositionBeyondWhatThisStoreGave_IsLocalDisk()
    {
        _bench.Enqueue("orders", "1");
        _bench.Up(null, ("orders", 2));

        _bench.Link.Status.ShouldSatisfyAllConditions(
            status => status.State.ShouldBe(LinkState.Down),
            status => status.Cause.ShouldBe(LinkCause.LocalDisk),
            status => status.Evidence.ShouldContain("number 2 of queue orders"),
            status => status.Advice.ShouldNotBeEmpty());
        _bench.TakeSent().ShouldBeEmpty();
        _bench.IsHungUp.ShouldBeTrue();
    }

    [Fact]
    public void Full_HoldsTheQueueBack_AndNoOther_UntilThePeerTakesItAgain()
    {
        _bench.Up();
        _bench.Enqueue("orders", "1");
        _bench.Enqueue("orders", "2");
        _bench.TakeSent();

        _bench.Link.OnFrame(new LinkFrame.Full("orders", 1, 1000, "it holds all that it may"));
        _bench.Store.Run();
        _bench.Enqueue("bills", "a");

        LinkBench.Bodies(_bench.TakeSent().ShouldHaveSingleItem()).ShouldBe("a");
        _bench.Waiting("orders").ShouldBe(1);
        _bench.Link.Status.ShouldSatisfyAllConditions(
            status => status.State.ShouldBe(LinkState.Up),
            status => status.Cause.ShouldBe(LinkCause.PeerRefuses),
            status => status.Evidence.ShouldContain("it holds all that it may"),
            status => status.Advice.ShouldNotBeEmpty());

        _bench.After(TimeSpan.FromMilliseconds(1000));
        _bench.Store.Run();
        _bench.After(TimeSpan.FromMilliseconds(25));
        LinkBench.Bodies(_bench.TakeSent().OfType<LinkFrame.Batch>().ShouldHaveSingleItem()).ShouldBe("2");
        _bench.Link.OnFrame(new LinkFrame.Ack("orders", 2));
        _bench.Link.Status.Cause.ShouldBe(LinkCause.None);
    }

    [Fact]
    public void Full_BeyondWhatWasSent_IsNoAnswerOfAGateway()
    {
        _bench.Up();
        _bench.Link.OnFrame(new LinkFrame.Full("orders", 1, 1000, ""));

        _bench.Link.Status.Cause.ShouldBe(LinkCause.WrongService);
    }

    [Fact]
    public void Welcome_FromAnotherName_IsNotAuthorised()
    {
        _bench.Link.Start();
        _bench.Link.OnConnected();
        _bench.Welcome(LinkBench.There with { Name = "elsewhere" });

        _bench.Link.Status.Cause.ShouldBe(LinkCause.NotAuthorised);
        _bench.Link.Status.Evidence.ShouldContain("elsewhere");
    }

    [Theory]
    [InlineData((int)RefusalCode.Version, (int)LinkCause.VersionMismatch)]
    [InlineData((int)RefusalCode.UnknownPeer, (int)LinkCause.NotAuthorised)]
    [InlineData((int)RefusalCode.WrongName, (int)LinkCause.NotAuthorised)]
    [InlineData((int)RefusalCode.Displaced, (int)LinkCause.DuplicateName)]
    [InlineData((int)RefusalCode.Protocol, (int)LinkCause.WrongService)]
    [InlineData((int)RefusalCode.Silent, (int)LinkCause.HalfOpen)]
    [InlineData(200, (int)LinkCause.WrongService)]
    public void Refused_EachCode_HasItsCause(int code, int cause)
    {
        _bench.Link.Start();
        _bench.Link.OnConnected();
        _bench.Link.OnFrame(new LinkFrame.Refused((RefusalCode)code, "because"));

        _bench.Link.Status.Cause.ShouldBe((LinkCause)cause);
        _bench.Link.Status.Evidence.ShouldContain("because");
        _bench.IsHungUp.ShouldBeTrue();
    }

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
    public void Ping_IsAnsweredWithItsToken()
    {
        _bench.Up();
        _bench.Link.OnFrame(new LinkFrame.Ping(7));

        _bench.TakeSent().ShouldBe([new LinkFrame.Pong(7)]);
    }

    [Fact]
    public void Up_AliveButNothingAcknowledged_IsPeerStuck()
    {
        _bench.Up();
        _bench.Enqueue("orders", "1");
        StayAlive(_bench.Settings.AckTimeout + TimeSpan.FromSeconds(2));

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
    public void Connecting_HelloNotAnswered_IsConnectTimeout()
    {
        _bench.Link.Start();
        _bench.Link.OnConnected();
        _bench.After(_bench.Settings.HandshakeTimeout + TimeSpan.FromMilliseconds(1));

        _bench.Link.Status.Cause.ShouldBe(LinkCause.ConnectTimeout);
        _bench.Link.Status.Evidence.ShouldContain("hello");
    }

    [Fact]
    public void Connecting_HeartbeatsButNoWelcome_IsConnectTimeoutToo()
    {
        _bench.Link.Start();
        _bench.Link.OnConnected();
        for (var i = 0; i < 20; i++)
        {
            _bench.Link.OnFrame(new LinkFrame.Ping(i));
            _bench.After(_bench.Settings.HandshakeTimeout / 10);
        }

        _bench.Link.Status.Cause.ShouldBe(LinkCause.ConnectTimeout);
    }

    [Fact]
    public void Down_AfterTheBackoff_DialsAgain_AndNeverGivesUp()
    {
        _bench.Link.Start();
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
    public void Down_SameCauseAgainAndAgain_KeepsSince()
    {
        _bench.Link.Start();
        _bench.Link.OnLost(LinkCause.Refused, "refused");
        var since = _bench.Link.Status.Since;
        _bench.After(_bench.Settings.BackoffMax);
        _bench.Link.OnLost(LinkCause.Refused, "refused");
        _bench.Link.Status.Since.ShouldBe(since);

        _bench.After(_bench.Settings.BackoffMax);
        _bench.Link.OnLost(LinkCause.Unreachable, "no route");
        _bench.Link.Status.Since.ShouldBe(_bench.Clock.Now);
    }

    [Fact]
    public void Welcome_WithANewIncarnation_IsPeerRestarted()
    {
        _bench.Up();
        _bench.Link.OnLost(LinkCause.ResetByPeer, "reset");
        _bench.After(_bench.Settings.BackoffMax);
        _bench.Link.OnConnected();
        _bench.Welcome(LinkBench.ThereAgain);

        _bench.Link.Status.State.ShouldBe(LinkState.Up);
        _bench.Link.Status.Cause.ShouldBe(LinkCause.PeerRestarted);
        _bench.Link.Status.Evidence.ShouldContain(LinkBench.ThereAgain.Incarnation.ToString("N"));
    }

    [Fact]
    public void Welcome_WithTheSameIncarnationAfterAReset_StaysResetByPeer()
    {
        _bench.Up();
        _bench.Link.OnLost(LinkCause.ResetByPeer, "reset");
        _bench.After(_bench.Settings.BackoffMax);
        _bench.Link.OnConnected();
        _bench.Welcome(LinkBench.There);

        (_bench.Link.Status.State, _bench.Link.Status.Cause).ShouldBe((LinkState.Up, LinkCause.ResetByPeer));
    }

    [Fact]
    public void FirstWelcome_OfAnotherRunThanTheHistoryKnows_IsPeerRestarted()
    {
        _bench.Link.History.Restore(Known(LinkBench.There));
        _bench.Link.Start();
        _bench.Link.OnConnected();
        _bench.Welcome(LinkBench.ThereAgain);

        _bench.Link.Status.Cause.ShouldBe(LinkCause.PeerRestarted);
        _bench.Link.Status.Evidence.ShouldContain(LinkBench.ThereAgain.Incarnation.ToString("N"));
        _bench.Link.Status.Evidence.ShouldEndWith(", while this gateway was down or before");
    }

    [Fact]
    public void FirstWelcome_OfTheRunThatTheHistoryKnows_HasNoCause()
    {
        _bench.Link.History.Restore(Known(LinkBench.There));
        _bench.Link.History.Restore(new LinkChange(_bench.Clock.Now, LinkState.Down, LinkCause.ResetByPeer, "cut"));
        _bench.Up();

        (_bench.Link.Status.State, _bench.Link.Status.Cause).ShouldBe((LinkState.Up, LinkCause.None));
    }

    [Fact]
    public void Drill_OfALinkThatIsUp_IsPutIntoTheConnection_AndKeptInTheHistory()
    {
        _bench.Up();

        _bench.Link.Drill(DrillKind.HalfOpen, TimeSpan.FromSeconds(3)).ShouldBeTrue();

        _bench.Drills.ShouldBe([DrillKind.HalfOpen]);
        _bench.Kept[^1].Evidence.ShouldContain("a drill (half-open)");
        _bench.Link.Status.State.ShouldBe(LinkState.Up);
    }

    [Fact]
    public void Drill_OfALinkThatIsDown_IsRefused()
    {
        _bench.Up();
        _bench.Link.OnLost(LinkCause.ResetByPeer, "cut");

        _bench.Link.Drill(DrillKind.Reset, TimeSpan.FromSeconds(3)).ShouldBeFalse();

        _bench.Drills.ShouldBeEmpty();
    }

    [Fact]
    public void PeerSeen_WhileDown_DialsAtOnce()
    {
        _bench.Up();
        _bench.After(TimeSpan.FromSeconds(1));
        _bench.Link.OnLost(LinkCause.ResetByPeer, "reset");
        _bench.Link.OnPeerSeen(LinkBench.ThereAgain);

        _bench.Dials.ShouldBe(2);
    }

    [Theory]
    [InlineData(2_000)]
    [InlineData(1_000)]
    [InlineData(0)]
    public void PeerSeen_InALaterRunWhileUp_LeavesTheOldConnection_WhateverTheClocksSay(long laterStartedUnixMs)
    {
        _bench.Up();
        _bench.After(TimeSpan.FromSeconds(1));
        _bench.Link.OnPeerSeen(LinkBench.ThereAgain with { StartedUnixMs = laterStartedUnixMs });

        _bench.Dials.ShouldBe(2);
        _bench.Link.Status.Cause.ShouldBe(LinkCause.PeerRestarted);
    }

    [Fact]
    public void PeerSeen_OnANewStoreWhileUp_LeavesTheOldConnection()
    {
        _bench.Up();
        _bench.After(TimeSpan.FromSeconds(1));
        _bench.Link.OnPeerSeen(LinkBench.ThereAgain with { StoreId = Guid.NewGuid(), Run = 1 });

        _bench.Dials.ShouldBe(2);
        _bench.Link.Status.Cause.ShouldBe(LinkCause.PeerRestarted);
    }

    [Fact]
    public void PeerSeen_WithTheSameIncarnationWhileUp_ChangesNothing()
    {
        _bench.Up();
        _bench.Link.OnPeerSeen(LinkBench.There);

        _bench.Dials.ShouldBe(1);
        _bench.Link.Status.State.ShouldBe(LinkState.Up);
    }

    [Fact]
    public void PeerSeen_RightAfterAnAttempt_WaitsForTheShortestBackoff()
    {
        // Two sides whose stores are both too old would otherwise call each other back without a pause.
        _bench.Up(null, ("orders", 9));
        for (var i = 0; i < 100; i++) _bench.Link.OnPeerSeen(LinkBench.There);
        _bench.Dials.ShouldBe(1);

        _bench.After(_bench.Settings.BackoffMin);
        _bench.Dials.ShouldBe(2);
    }

    [Fact]
    public void Goodbye_IsGoingAway()
    {
        _bench.Up();
        _bench.Link.OnFrame(new LinkFrame.Goodbye());

        _bench.Link.Status.Cause.ShouldBe(LinkCause.GoingAway);
    }

    [Fact]
    public void Frames_OutOfPlace_AreWrongService()
    {
        _bench.Up();
        _bench.Link.OnFrame(new LinkFrame.Hello(LinkBench.There, "here", LinkBench.Limits, 0));

        _bench.Link.Status.Cause.ShouldBe(LinkCause.WrongService);
    }

    [Fact]
    public void WhatWasStoredTogether_GoesInOneFrame_UnlessItFillsMore()
    {
        var bench = new LinkBench(new LinkSettings { Limits = LinkBench.Limits, BatchBytes = 200 });
        bench.Up();

        bench.Enqueue("orders", "1", "2");
        string.Join(" ", bench.TakeSent().Select(LinkBench.Bodies)).ShouldBe("1,2");
        bench.Enqueue("orders", new string('a', 150), new string('b', 150), "3");

        bench.TakeSent().Select(LinkBench.Bodies).Select(bodies => bodies[^1]).ShouldBe(['a', 'b', '3']);
    }

    [Fact]
    public void Window_OfMessages_IsKept()
    {
        _bench.Up(LinkBench.Limits with { WindowMessages = 3 });
        foreach (var body in new[] { "1", "2", "3", "4", "5" }) _bench.Enqueue("orders", body);
        string.Join(" ", _bench.TakeSent().Select(LinkBench.Bodies)).ShouldBe("1 2 3");

        _bench.Link.OnFrame(new LinkFrame.Ack("orders", 2));
        LinkBench.Bodies(_bench.TakeSent().ShouldHaveSingleItem()).ShouldBe("4,5");
    }

    [Fact]
    public void Window_OfBytes_IsExceededByOneBatchAtMost()
    {
        var bench = new LinkBench(new LinkSettings { Limits = LinkBench.Limits, BatchBytes = 1 });
        bench.Up(LinkBench.Limits with { WindowBytes = 150 });
        bench.Enqueue("orders", "1", "2", "3", "4", "5");

        var size = LinkCodec.BatchItemBytes(bench.NewMessage("1"));
        bench.TakeSent().Count.ShouldBe((150 / size) + 1);
    }

    [Fact]
    public void Queues_TakeTurns()
    {
        _bench.Enqueue("orders", "1", "2", "3");
        _bench.Enqueue("bills", "a", "b", "c");
        _bench.Up(LinkBench.Limits with { WindowMessages = 1 });
        _bench.Store.Run();

        var order = new List<string>();
        while (_bench.TakeSent() is [LinkFrame.Batch batch])
        {
            order.Add(LinkBench.Bodies(batch));
            _bench.Link.OnFrame(new LinkFrame.Ack(batch.Queue, batch.Messages[^1].Number));
        }

        order.ShouldBe(["1", "a", "2", "b", "3", "c"]);
    }

    [Fact]
    public void Ack_DropsFromTheStore()
    {
        _bench.Up();
        _bench.Enqueue("orders", "1", "2");
        _bench.Link.OnFrame(new LinkFrame.Ack("orders", 2));
        _bench.Store.Run();

        _bench.Waiting("orders").ShouldBe(0);
        _bench.Link.IsDrained.ShouldBeTrue();
    }

    [Theory]
    [InlineData("orders", 2)]
    [InlineData("unknown", 0)]
    public void Ack_OfWhatWasNotSent_IsWrongService(string queue, long number)
    {
        _bench.Up();
        _bench.Enqueue("orders", "1");
        _bench.Link.OnFrame(new LinkFrame.Ack(queue, number));

        _bench.Link.Status.Cause.ShouldBe(LinkCause.WrongService);
        _bench.Store.Run();
        _bench.Waiting("orders").ShouldBe(1);
    }

    [Fact]
    public void Resend_SendsAgainFromThere_AndDropsNothing()
    {
        _bench.Up();
        _bench.Enqueue("orders", "1");
        _bench.Enqueue("orders", "2");
        _bench.TakeSent();
        _bench.Link.OnFrame(new LinkFrame.Resend("orders", 1));
        _bench.Store.Run();

        var batch = _bench.TakeSent().ShouldHaveSingleItem().ShouldBeOfType<LinkFrame.Batch>();
        (batch.Previous, LinkBench.Bodies(batch)).ShouldBe((1, "2"));
        // The receiver has taken the first, but said nothing of its disk.
        _bench.Waiting("orders").ShouldBe(2);
        _bench.Link.InDoubt.ShouldBe([(QueueId.Outgoing("orders", "there"), 2)]);

        _bench.Link.OnFrame(new LinkFrame.Ack("orders", 2));
        _bench.Store.Run();
        _bench.Waiting("orders").ShouldBe(0);
        _bench.Link.IsDrained.ShouldBeTrue();
        _bench.Link.InDoubt.ShouldBeEmpty();
    }

    [Fact]
    public void Expired_BeforeSending_IsADeadLetter_AndTheNumbersHaveAHole()
    {
        _bench.Enqueue("orders", "1");
        _bench.Enqueue("orders", expires: _bench.Clock.NowUnixMs + 10, "2");
        _bench.Enqueue("orders", "3");
        _bench.Clock.Advance(_bench.Clock.Now.AddSeconds(1));
        _bench.Up();
        _bench.Store.Run();

        var batches = _bench.TakeSent().Cast<LinkFrame.Batch>().ToList();
        string.Join(" ", batches.Select(LinkBench.Bodies)).ShouldBe("1 3");
        batches[1].Previous.ShouldBe(1);
        _bench.Store.State.DeadLetters.ShouldHaveSingleItem().Reason.ShouldBe(DeadLetterReason.Expired);
    }

    [Fact]
    public void Expired_NothingAfterItIsSentBeforeItsDeadLetterIsDurable()
    {
        _bench.Up();
        _bench.Link.OnFrame(new LinkFrame.Ping(0));
        _bench.TakeSent();
        _bench.Enqueue("orders", expires: _bench.Clock.NowUnixMs, "1");
        _bench.TakeSent();

        _bench.Link.OnLost(LinkCause.ResetByPeer, "reset");
        _bench.Enqueue("orders", expires: _bench.Clock.NowUnixMs, "2");
        _bench.Enqueue("orders", "3");
        _bench.Link.OnPeerSeen(LinkBench.There);
        _bench.After(_bench.Settings.BackoffMax);
        _bench.Up();
        _bench.Store.RunOnce();
        _bench.TakeSent().OfType<LinkFrame.Batch>().ShouldBeEmpty();
        _bench.Store.Submitted.ShouldContain(command => command is DeadLetterCommand);

        _bench.Store.Run();
        LinkBench.Bodies(_bench.TakeSent().ShouldHaveSingleItem()).ShouldBe("3");
    }

    [Fact]
    public void TooLargeForThePeer_IsADeadLetter_AndDoesNotStopTheQueue()
    {
        _bench.Up(LinkBench.Limits with { BodyBytesMax = 3 });
        _bench.Enqueue("orders", "long", "ok");

        LinkBench.Bodies(_bench.TakeSent().ShouldHaveSingleItem()).ShouldBe("ok");
        var dead = _bench.Store.State.DeadLetters.ShouldHaveSingleItem();
        dead.Reason.ShouldBe(DeadLetterReason.RefusedByPeer);
        dead.Text.ShouldContain("4 bytes");
    }

    [Fact]
    public void InDoubt_FromSendingUntilThePositionIsKnown()
    {
        _bench.Up();
        _bench.Enqueue("orders", "1", "2");
        _bench.Link.InDoubt.ShouldBe([(QueueId.Outgoing("orders", "there"), 2)]);

        _bench.Link.OnLost(LinkCause.ResetByPeer, "reset");
        _bench.Link.InDoubt.ShouldBe([(QueueId.Outgoing("orders", "there"), 2)]);

        _bench.After(_bench.Settings.BackoffMax);
        _bench.Up(null, ("orders", 2));
        _bench.Link.InDoubt.ShouldBeEmpty();
    }

    [Fact]
    public void InDoubt_AfterARestart_CoversWhatTheFormerRunMayHaveSent()
    {
        _bench.Link.AddKnownQueue(QueueId.Outgoing("orders", "there"), 5, sentUpTo: null);

        _bench.Link.InDoubt.ShouldBe([(QueueId.Outgoing("orders", "there"), 5)]);
    }

    [Fact]
    public void InDoubt_AfterARestart_IsAsNoted_WhenThereWasNoConnection()
    {
        _bench.Enqueue("orders", "1", "2");
        _bench.Store.State.Marks.ShouldBe(new Dictionary<string, string> { ["sent/orders@there"] = "0" });
        _bench.Up();
        _bench.Store.Run();
        _bench.Store.State.Marks.ShouldBeEmpty();
        _bench.Link.OnLost(LinkCause.ResetByPeer, "reset");
        _bench.Enqueue("orders", "3");
        _bench.Store.State.Marks.ShouldBe(new Dictionary<string, string> { ["sent/orders@there"] = "2" });

        var bench = new LinkBench();
        bench.Link.AddKnownQueue(QueueId.Outgoing("orders", "there"), 3, sentUpTo: 2);
        bench.Link.InDoubt.ShouldBe([(QueueId.Outgoing("orders", "there"), 2)]);
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
        _bench.Link.OnFrame(new LinkFrame.Pong(1));
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

    [Fact]
    public void Hellos_AreInTheOrderOfTheirClocks_AlthoughItIsSetBack()
    {
        _bench.Link.Start();
        _bench.Link.OnConnected();
        var first = _bench.TakeSent().OfType<LinkFrame.Hello>().Single();
        _bench.Clock.Advance(_bench.Clock.Now.AddHours(-1), _bench.Clock.Uptime);
        _bench.Link.OnConnected();

        _bench.TakeSent().OfType<LinkFrame.Hello>().Single().ClockUnixMs.ShouldBeGreaterThan(first.ClockUnixMs);
    }

    [Fact]
    public void UpSeconds_CountFromTheConnection_WhateverItsCauseWasMeanwhile()
    {
        _bench.Up();
        _bench.Clock.Advance(_bench.Clock.Now + TimeSpan.FromSeconds(5));
        _bench.Link.OnRefusedHere("the queue is full");
        _bench.Clock.Advance(_bench.Clock.Now + TimeSpan.FromSeconds(5));

        _bench.Link.OnLost(LinkCause.ResetByPeer, "reset");

        _bench.Kept[^1].UpSeconds.ShouldBe(10);
    }

    [Fact]
    public void Nothing_IsSentBeforeTheNoteThatNothingWasIsGone()
    {
        _bench.Enqueue("orders", "1");

        _bench.Up();
        _bench.TakeSent().ShouldBeEmpty();
        _bench.Store.RunOnce();

        LinkBench.Bodies(_bench.TakeSent().ShouldHaveSingleItem()).ShouldBe("1");
    }

    [Fact]
    public void Lost_WhileUp_KeepsNothingInMemory()
    {
        _bench.Up();
        _bench.Enqueue("orders", "1");
        _bench.Link.OnLost(LinkCause.ClosedByPeer, "closed");

        _bench.Link.IsDrained.ShouldBeTrue();
        _bench.Enqueue("orders", "2");
        _bench.After(TimeSpan.Zero);
        _bench.TakeSent().OfType<LinkFrame.Batch>().Count().ShouldBe(1);
        _bench.Waiting("orders").ShouldBe(2);
    }

    [Fact]
    public void SayGoodbye_OnlyWhenUp()
    {
        _bench.Link.SayGoodbye();
        _bench.TakeSent().ShouldBeEmpty();

        _bench.Up();
        _bench.Link.SayGoodbye();
        _bench.TakeSent().ShouldHaveSingleItem().ShouldBeOfType<LinkFrame.Goodbye>();
    }

    [Fact]
    public void Advice_ExistsForEachCause()
    {
        foreach (var cause in Enum.GetValues<LinkCause>().Where(cause => cause != LinkCause.None)) LinkAdvice.For(cause).ShouldNotBeEmpty();
    }

    private void StayAlive(TimeSpan time)
    {
        for (var end = _bench.Clock.Now + time; _bench.Clock.Now < end;)
        {
            _bench.Link.OnFrame(new LinkFrame.Pong(0));
            _bench.After(TimeSpan.FromSeconds(1));
        }
    }

    private LinkChange Known(GatewayIdentity peer) => new(_bench.Clock.Now, LinkState.Up, LinkCause.None, "connected for the first time in this run") { Incarnation = peer.Incarnation };
}
