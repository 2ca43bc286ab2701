using Gateway.Client.Wire;
using Gateway.Links.Causes;
using Gateway.Links.Protocol;
using Gateway.Management;
using Gateway.Store.Messages;
using Shouldly;
using Xunit;

namespace Gateway.Tests.Management;

public sealed class StateTests
{
    private readonly ManagementBench _bench = new();

    [Fact]
    public void State_TellsWhatWaitsForWhomSinceWhen()
    {
        _bench.Enqueue("orders@there", "a", "b");
        _bench.After(TimeSpan.FromMinutes(1));
        _bench.Enqueue("jobs@here", "c");

        var state = _bench.ReadState();

        var queue = state.Queues.Single(queue => queue.Id == QueueId.Outgoing("orders", "there"));
        (queue.Messages, queue.Head, queue.Tail, queue.OldestAt)
            .ShouldBe((2, 1, 2, new DateTimeOffset(2030, 1, 1, 0, 0, 0, TimeSpan.Zero)));
        var link = state.Links.Single(link => link.Status.Peer == "there");
        (link.Messages, link.OldestAt).ShouldBe((2, queue.OldestAt));
        state.Links.Single(other => other.Status.Peer == "far").Messages.ShouldBe(0);
        state.StoredBytes.ShouldBeGreaterThan(0);
    }

    [Fact]
    public void State_TellsWhichQueueIsFull_UntilAMessageHasLeftIt()
    {
        var bench = new ManagementBench(new StoreSettings { QueueMessagesMax = 2 });
        bench.Enqueue("orders@there", "a");
        bench.Enqueue("bills@there", "c");
        bench.Welcome("there");
        bench.Enqueue("orders@there", "b");
        IsFull("orders").ShouldBeTrue();
        IsFull("bills").ShouldBeFalse();
        bench.Acknowledge("there", "orders", 1);
        bench.After(TimeSpan.FromSeconds(2));

        IsFull("orders").ShouldBeFalse();

        bool IsFull(string queue) => bench.ReadState().Queues.Single(found => found.Id == QueueId.Outgoing(queue, "there")).IsFull;
    }

    [Fact]
    public void Link_AskedForSoonAfterTheState_IsTheOneOfNow_WithItsWarning()
    {
        _bench.ReadState();
        _bench.PeersAhead = TimeSpan.FromHours(2);
        _bench.Welcome("there");

        var link = _bench.Ask<LinkDetails?>(answer => _bench.Management.ReadLink("there", answer))!.Summary;

        link.Status.State.ShouldBe(LinkState.Up);
        link.Warning.ShouldStartWith("ClockSkew: the peer's clock is 2 h ahead of this one");
    }

    [Fact]
    public void State_AskedAgainSoon_IsTheSame_AndLaterANewOne()
    {
        var first = _bench.ReadState();

        _bench.ReadState().ShouldBeSameAs(first);
        _bench.After(TimeSpan.FromSeconds(1));
        _bench.ReadState().ShouldNotBeSameAs(first);
    }

    [Fact]
    public void Rates_AreCountedOverTheLastSeconds()
    {
        _bench.Enqueue("orders@there", "a");
        _bench.Welcome("there");
        _bench.ReadState();
        _bench.Enqueue("orders@there", "b", "c", "d", "e");
        _bench.Acknowledge("there", "orders", 3);
        _bench.After(TimeSpan.FromSeconds(2));

        var queue = _bench.ReadState().Queues.Single();

        (queue.StoredPerSecond, queue.RemovedPerSecond).ShouldBe((2, 1.5));
    }

    [Fact]
    public void MessagesOfAPeerThatIsNotConfigured_AreALinkWithNoRoute()
    {
        _bench.Enqueue("orders@there", "a", "b");

        _bench.Restart("far");
        var link = _bench.ReadState().Links.Single(link => link.Status.Peer == "there");

        link.Messages.ShouldBe(2);
        var status = link.Status;
        (status.State, status.Cause).ShouldBe((LinkState.Down, LinkCause.NoRoute));
        status.Evidence.ShouldBe("2 messages wait for 'there', which is not among Gateway:Peers");
    }

    [Fact]
    public void AFullQueue_IsLocalQuotaOnALinkThatIsUp_AndAWarningOnOneThatIsDown()
    {
        var bench = new ManagementBench(new StoreSettings { QueueMessagesMax = 1 });
        bench.Welcome("there");
        bench.Enqueue("orders@there", "a");
        bench.Enqueue("orders@there", "b").ShouldBeOfType<Reply.Rejected>();
        bench.Enqueue("orders@far", "a");
        bench.Enqueue("orders@far", "b").ShouldBeOfType<Reply.Rejected>();

        var links = bench.ReadState().Links.ToDictionary(link => link.Status.Peer);

        links["there"].Status.Cause.ShouldBe(LinkCause.LocalQuota);
        links["there"].Status.Evidence.ShouldContain("Store:QueueMessagesMax");
        links["far"].Status.Cause.ShouldBe(LinkCause.None);
        links["far"].Warning.ShouldContain("LocalQuota");
        bench.Acknowledge("there", "orders", 1);
        bench.Enqueue("orders@there", "c");
        bench.Core.Outgoing["there"].Status.Cause.ShouldBe(LinkCause.None);
    }

    [Fact]
    public void AChangeOfAnOutlet_IsAnEvent()
    {
        _bench.Management.OnTcpChanged(
            TcpFindings.Outlet, "press", new LinkChange(_bench.Clock.Now, LinkState.Down, LinkCause.Refused, "nothing listens"));

        var told = _bench.Management.Events.ReadAfter(0, 10)[^1];
        (told.Kind, told.About, told.Text).ShouldBe(("outlet", "press", "down (Refused): nothing listens"));
    }

    [Fact]
    public void Trace_TellsTheMessagesWay()
    {
        var queue = QueueId.Outgoing("orders", "there");
        _bench.Welcome("there");
        _bench.Enqueue("orders@there", "a");
        _bench.Enqueue("orders@there", "b");
        _bench.Acknowledge("there", "orders", 1);
        _bench.Lose("there");

        var trace = _bench.Ask<MessageTrace?>(answer => _bench.Management.Trace(queue, 2, answer)).ShouldNotBeNull();

        trace.Steps.Select(step => step.Step).ShouldBe(["accepted", "stored", "in-doubt", "sent", "waiting"]);
        trace.Sent.ShouldBe(1);
        _bench.Ask<MessageTrace?>(answer => _bench.Management.Trace(queue, 1, answer)).ShouldBeNull();
    }

    [Fact]
    public void Trace_CountsHowOftenAMessageWasSent_SinceTheGatewayStarted()
    {
        var queue = QueueId.Outgoing("orders", "there");
        MessageTrace TraceOf(long number) =>
            _bench.Ask<MessageTrace?>(answer => _bench.Management.Trace(queue, number, answer)).ShouldNotBeNull();
        _bench.Enqueue("orders@there", "a");
        TraceOf(1).Sent.ShouldBe(0);
        for (var i = 0; i < 3; i++)
        {
            _bench.Welcome("there");
            _bench.Lose("there");
        }

        _bench.Enqueue("orders@there", "b");
        TraceOf(1).Steps.ShouldContain(step => step.Text == "sent 3 times since the gateway started");
        TraceOf(2).Sent.ShouldBe(0);
        _bench.Restart();

        TraceOf(1).Sent.ShouldBe(0);
        TraceOf(1).Steps.ShouldNotContain(step => step.Text.Contains("since the gateway started"));
    }

    [Fact]
    public void Watchers_AreToldOfLinksAndActs_UntilTheyLeave()
    {
        var begin = _bench.Management.Events.Last;
        var signals = 0;
        void Signal() => signals++;
        _bench.Management.Events.Watch(Signal);
        _bench.Welcome("there");
        _bench.Ask<bool>(answer => _bench.Management.RetryPeer("there", "ann", answer));
        var told = _bench.Management.Events.ReadAfter(begin, 10);
        _bench.Management.Events.Unwatch(Signal);
        _bench.Lose("there");

        signals.ShouldBe(2);
        // A run's numbers begin where no other run's do.
        told.Select(entry => $"{entry.Number - told[0].Number} {entry.Kind} {entry.About}").ShouldBe(["0 link there", "1 audit there"]);
    }

    [Fact]
    public void Receiver_ThatLeavesBeforeTheAnswer_GivesBackWhatWasFound()
    {
        Action<Received> answer = _ => throw new InvalidOperationException("nobody is there");
        _bench.Management.Receive("bob", "jobs", 2, null, TimeSpan.FromSeconds(30), answer);
        _bench.Enqueue("jobs@here", "a");
        _bench.Management.EndReceive(answer);
        _bench.Run();

        Received? second = null;
        _bench.Management.Receive("ann", "jobs", 1, null, TimeSpan.FromSeconds(30), got => second = got);
        _bench.After(TimeSpan.FromSeconds(1));

        second.ShouldNotBeNull().Messages.ShouldHaveSingleItem().Message.Deliveries.ShouldBe(1);
    }

    [Fact]
    public void Receiver_GetsNothing_WhenTheTimeIsOver()
    {
        Received? received = null;
        _bench.Management.Receive("bob", "jobs", 1, null, TimeSpan.FromSeconds(2), answer => received = answer);

        _bench.After(TimeSpan.FromSeconds(1));
        received.ShouldBeNull();
        _bench.After(TimeSpan.FromSeconds(1));

        received.ShouldNotBeNull().Messages.ShouldBeEmpty();
    }

    [Fact]
    public void OnlyTheReceiverOfADelivery_CanSettleIt()
    {
        Received? received = null;
        _bench.Enqueue("jobs@here", "a");
        _bench.Management.Receive("bob", "jobs", 1, null, TimeSpan.FromSeconds(2), answer => received = answer);
        _bench.Run();
        var complete = new Request.Complete(RequestId.FromNumber(1), received.ShouldNotBeNull().Messages[0].Token);

        _bench.Ask<Reply>(answer => _bench.Management.Settle("ann", complete, answer))
            .ShouldBeOfType<Reply.Rejected>().Code.ShouldBe(WireCode.LeaseLost);
        _bench.Ask<Reply>(answer => _bench.Management.Settle("bob", complete, answer)).ShouldBeOfType<Reply.Settled>();
        _bench.Waiting(QueueId.Inbound("jobs")).ShouldBe("");
    }
}
