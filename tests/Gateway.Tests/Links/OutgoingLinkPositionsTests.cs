using Gateway.Links.Causes;
using Gateway.Links.Protocol;
using Gateway.Store.Commands;
using Gateway.Store.Messages;
using Gateway.Store.State;
using Shouldly;
using Xunit;

namespace Gateway.Tests.Links;

/// <summary>
/// Where the receiver stands is asked for in pieces, and not for queues that begin while the link is up; queues come and go.
/// </summary>
public sealed class OutgoingLinkPositionsTests
{
    private readonly LinkBench _bench = new(
        new LinkSettings { Limits = LinkBench.Limits with { WindowMessages = 100_000, WindowBytes = 100_000_000 } });

    [Fact]
    public void Welcome_ManyQueues_AreAskedForInPieces_AndGoOnAsTheAnswersCome()
    {
        _bench.IsSlowToAnswer = true;
        for (var queue = 0; queue < 600; queue++) _bench.Enqueue($"reply-{queue}", "1");
        _bench.Up(_bench.Settings.Limits);

        var (pieces, sent) = (new List<int>(), new List<int>());
        while (_bench.Asked.Count > 0)
        {
            pieces.Add(_bench.Asked.ShouldHaveSingleItem().Queues.Count);
            _bench.Answer();
            sent.Add(Acknowledge());
        }

        pieces.ShouldBe([256, 256, 88]);
        sent.ShouldBe(pieces);
        _bench.Link.Status.State.ShouldBe(LinkState.Up);
    }

    [Fact]
    public void Queue_ThatBeginsWhileTheLinkIsUp_IsOpenedByItsFirstBatch_WithoutAQuestion()
    {
        _bench.IsSlowToAnswer = true;
        _bench.Up(_bench.Settings.Limits);
        _bench.Enqueue("orders", "1");
        _bench.Enqueue("orders", "2");

        _bench.Asked.ShouldBeEmpty();
        var opening = _bench.TakeSent().ShouldHaveSingleItem().ShouldBeOfType<LinkFrame.Batch>();
        _bench.Link.OnFrame(new LinkFrame.Ack("orders", 1));
        _bench.Store.Run();
        var next = _bench.TakeSent().ShouldHaveSingleItem().ShouldBeOfType<LinkFrame.Batch>();
        new[] { opening, next }.Select(batch => (batch.Previous, batch.Opens)).ShouldBe([(0, true), (1, false)]);
    }

    [Fact]
    public void Queue_ThatWasOpened_IsAskedForOnTheNextConnection()
    {
        _bench.Up(_bench.Settings.Limits);
        _bench.Enqueue("orders", "1");
        _bench.Enqueue("orders", "2");
        _bench.TakeSent();
        _bench.Link.OnLost(LinkCause.ResetByPeer, "reset");
        _bench.After(_bench.Settings.BackoffMax);
        _bench.Up(_bench.Settings.Limits, ("orders", 1));
        _bench.Store.Run();

        var batch = _bench.TakeSent().OfType<LinkFrame.Batch>().ShouldHaveSingleItem();
        (batch.Previous, batch.Opens, LinkBench.Bodies(batch)).ShouldBe((1, false, "2"));
    }

    [Fact]
    public void Opening_WhereThePeerStandsBeyondIt_IsAForkedStore_AndNothingIsTakenForKnown()
    {
        _bench.Up(_bench.Settings.Limits);
        _bench.Enqueue("orders", "1");
        _bench.Link.OnFrame(new LinkFrame.Positions([new QueuePosition("orders", 1)]));
        _bench.Store.Run();

        _bench.Link.Status.ShouldSatisfyAllConditions(
            status => status.Cause.ShouldBe(LinkCause.StoreForked),
            status => status.Evidence.ShouldContain("number 1 of queue orders"));
        _bench.Waiting("orders").ShouldBe(1);
    }

    [Fact]
    public void Position_ThatOnlyANewMessageReaches_IsAForkedStore()
    {
        // The store was put back from a copy, and has given one number of those again that the peer knows.
        _bench.Link.AddKnownQueue(QueueId.Outgoing("orders", "there"), 2, sent: null);
        _bench.Enqueue("orders", "1", "2", "3", "4");
        _bench.Up(_bench.Settings.Limits, ("orders", 4));

        _bench.Link.Status.Cause.ShouldBe(LinkCause.StoreForked);
        _bench.Waiting("orders").ShouldBe(4);
    }

    [Fact]
    public void Position_OfAQueueForWhichNobodyAsked_IsWrongService()
    {
        _bench.Up();
        _bench.Link.OnFrame(new LinkFrame.Positions([new QueuePosition("orders", 0)]));

        _bench.Link.Status.Cause.ShouldBe(LinkCause.WrongService);
    }

    [Fact]
    public void Question_WithoutAnAnswer_IsPeerStuck()
    {
        _bench.IsSlowToAnswer = true;
        _bench.Enqueue("orders", "1");
        _bench.Up();
        // The first heartbeat tells that the question has arrived.
        var patience = _bench.Settings.AckTimeout + _bench.Settings.HeartbeatInterval;
        for (var waited = TimeSpan.Zero; waited <= patience; waited += TimeSpan.FromSeconds(1))
        {
            if (waited < _bench.Settings.AckTimeout) _bench.Link.Status.State.ShouldBe(LinkState.Up);
            foreach (var ping in _bench.TakeSent().OfType<LinkFrame.Ping>())
                _bench.Link.OnFrame(new LinkFrame.Pong(ping.Token, _bench.Clock.NowUnixMs));
            _bench.After(TimeSpan.FromSeconds(1));
        }

        _bench.Link.Status.Cause.ShouldBe(LinkCause.PeerStuck);
    }

    [Fact]
    public void Names_UsedOnceEach_LeaveNothingBehind()
    {
        _bench.Up(_bench.Settings.Limits);
        for (var round = 0; round < 40; round++)
        {
            for (var queue = 0; queue < 500; queue++) _bench.Enqueue($"reply-{round}-{queue}", "1");
            Acknowledge();
            Forget();
        }

        _bench.Store.State.Queues.Count.ShouldBe(new StoreSettings().EmptyQueuesKept);
        _bench.Link.UnderWay.Remembered.ShouldBe(_bench.Store.State.Queues.Count);
        _bench.Store.State.Marks.Keys.ShouldBe([MarkNames.KnownPeer + "there"]);
    }

    [Fact]
    public void Names_WhoseMessagesExpireWhileThePeerIsAway_LeaveNothingBehind()
    {
        for (var round = 0; round < 4; round++)
        {
            for (var queue = 0; queue < 500; queue++) _bench.Enqueue($"reply-{round}-{queue}", "1");
            foreach (var queue in _bench.Store.State.Queues.Where(queue => queue.Messages > 0))
                _bench.Store.Submit(new PurgeCommand(queue.Id, [queue.FirstNumber], _ => { }));
            Forget();
        }

        _bench.Link.UnderWay.Remembered.ShouldBe(new StoreSettings().EmptyQueuesKept);
        _bench.Store.State.Marks.Count.ShouldBe(new StoreSettings().EmptyQueuesKept);
    }

    [Fact]
    public void Name_ThatComesBackAfterItWasForgotten_GoesOnAboveAllNumbers_AndALateAnswerIsNoFault()
    {
        _bench.Up(_bench.Settings.Limits);
        for (var queue = 0; queue <= new StoreSettings().EmptyQueuesKept; queue++) _bench.Enqueue($"reply-{queue}", "1", "2");
        Acknowledge();
        Forget();
        _bench.Store.State.Find(QueueId.Outgoing("reply-0", "there")).ShouldBeNull();

        _bench.Link.OnFrame(new LinkFrame.Ack("reply-0", 2));
        _bench.Enqueue("reply-0", "3");

        _bench.Link.Status.State.ShouldBe(LinkState.Up);
        var again = _bench.TakeSent().ShouldHaveSingleItem().ShouldBeOfType<LinkFrame.Batch>();
        (again.Previous, again.Opens, again.Messages[0].Number).ShouldBe((2, true, 3));
    }

    /// <summary>The peer acknowledges what was sent, and what that lets be sent; gives how many batches that were.</summary>
    private int Acknowledge()
    {
        var batches = 0;
        for (_bench.Store.Run(); _bench.TakeSent() is { Count: > 0 } sent; _bench.Store.Run())
        {
            foreach (var batch in sent.OfType<LinkFrame.Batch>())
            {
                batches++;
                _bench.Link.OnFrame(new LinkFrame.Ack(batch.Queue, batch.Messages[^1].Number));
            }
        }

        return batches;
    }

    /// <summary>As the gateway does once a second.</summary>
    private void Forget()
    {
        _bench.Store.Run();
        _bench.Store.Submit(new ExpireCommand(_bench.Clock.Now, DueQueues.None, new Dictionary<QueueId, long>(), done =>
        {
            foreach (var (queue, lastNumber) in done.Forgotten) _bench.Link.OnForgotten(queue, lastNumber);
            _bench.Link.Forget();
        }));
        _bench.Store.Run();
    }
}
