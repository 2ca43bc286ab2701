using Gateway.Links.Causes;
using Gateway.Links.Protocol;
using Gateway.Store.Messages;
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
        _bench.Link.AddKnownQueue(QueueId.Outgoing("orders", "there"), 3, sent: null);
        _bench.Enqueue("orders", "1", "2", "3");
        _bench.Up(null, ("orders", 2));
        _bench.Store.Run();

        var batch = _bench.TakeSent().ShouldHaveSingleItem().ShouldBeOfType<LinkFrame.Batch>();
        (batch.Previous, LinkBench.Bodies(batch)).ShouldBe((2, "3"));
        _bench.Waiting("orders").ShouldBe(1);
    }

    [Fact]
    public void Welcome_PositionBeyondWhatThisStoreGave_IsAForkedStore()
    {
        _bench.Enqueue("orders", "1");
        _bench.Up(null, ("orders", 2));

        _bench.Link.Status.ShouldSatisfyAllConditions(
            status => status.State.ShouldBe(LinkState.Down),
            status => status.Cause.ShouldBe(LinkCause.StoreForked),
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
    public void Ping_IsAnsweredWithItsToken()
    {
        _bench.Up();
        _bench.Link.OnFrame(new LinkFrame.Ping(7));

        _bench.TakeSent().ShouldBe([new LinkFrame.Pong(7, _bench.Clock.NowUnixMs)]);
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
        bench.UpWith(LinkBench.Limits, "orders", "0");
        bench.TakeSent();

        bench.Enqueue("orders", "1", "2");
        string.Join(" ", bench.TakeSent().Select(LinkBench.Bodies)).ShouldBe("1,2");
        bench.Enqueue("orders", new string('a', 150), new string('b', 150), "3");

        bench.TakeSent().Select(LinkBench.Bodies).Select(bodies => bodies[^1]).ShouldBe(['a', 'b', '3']);
    }

    [Fact]
    public void Window_OfMessages_IsKept()
    {
        _bench.UpWith(LinkBench.Limits with { WindowMessages = 3 }, "orders", "1");
        foreach (var body in new[] { "2", "3", "4", "5" }) _bench.Enqueue("orders", body);
        string.Join(" ", _bench.TakeSent().Select(LinkBench.Bodies)).ShouldBe("1 2 3");

        _bench.Link.OnFrame(new LinkFrame.Ack("orders", 2));
        LinkBench.Bodies(_bench.TakeSent().ShouldHaveSingleItem()).ShouldBe("4,5");
    }

    [Fact]
    public void Window_OfBytes_IsExceededByOneBatchAtMost()
    {
        var bench = new LinkBench(new LinkSettings { Limits = LinkBench.Limits, BatchBytes = 1 });
        bench.UpWith(LinkBench.Limits with { WindowBytes = 150 }, "orders", "1", "2", "3", "4", "5");

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

        // The second was read from the store when the first had its next turn already.
        order.ShouldBe(["1", "2", "a", "3", "b", "c"]);
    }

    [Fact]
    public void Ack_DropsFromTheStore()
    {
        _bench.Up();
        _bench.Enqueue("orders", "1", "2");
        _bench.Link.OnFrame(new LinkFrame.Ack("orders", 2));
        _bench.Store.Run();

        _bench.Waiting("orders").ShouldBe(0);
        _bench.Link.UnderWay.IsDrained.ShouldBeTrue();
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
        _bench.UpWith(LinkBench.Limits, "orders", "1");
        _bench.Enqueue("orders", "2");
        _bench.TakeSent();
        _bench.Link.OnFrame(new LinkFrame.Resend("orders", 1));
        _bench.Store.Run();

        var batch = _bench.TakeSent().ShouldHaveSingleItem().ShouldBeOfType<LinkFrame.Batch>();
        (batch.Previous, LinkBench.Bodies(batch)).ShouldBe((1, "2"));
        // The receiver has taken the first, but said nothing of its disk.
        _bench.Waiting("orders").ShouldBe(2);
        _bench.Link.UnderWay.InDoubtUpTo(QueueId.Outgoing("orders", "there")).ShouldBe(2);

        _bench.Link.OnFrame(new LinkFrame.Ack("orders", 2));
        _bench.Store.Run();
        _bench.Waiting("orders").ShouldBe(0);
        _bench.Link.UnderWay.IsDrained.ShouldBeTrue();
        _bench.Link.UnderWay.InDoubtUpTo(QueueId.Outgoing("orders", "there")).ShouldBe(0);
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
        _bench.Link.Room.OnRefused("the queue is full");
        _bench.Clock.Advance(_bench.Clock.Now + TimeSpan.FromSeconds(5));

        _bench.Link.OnLost(LinkCause.ResetByPeer, "reset");

        _bench.Kept[^1].UpSeconds.ShouldBe(10);
    }

    [Fact]
    public void Lost_WhileUp_KeepsNothingInMemory()
    {
        _bench.Up();
        _bench.Enqueue("orders", "1");
        _bench.Link.OnLost(LinkCause.ClosedByPeer, "closed");

        _bench.Link.UnderWay.IsDrained.ShouldBeTrue();
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
}
