using Gateway.Links.Protocol;
using Gateway.Links.Sending;
using Gateway.Store;
using Gateway.Store.Messages;
using Gateway.Telemetry;
using Shouldly;
using Xunit;

namespace Gateway.Tests.Links.Sending;

/// <summary>An event of all queues of a link costs the same however many there are; each queue learns of it in time.</summary>
public sealed class OutgoingQueuesTests : IStoreInput, ISendTurns
{
    private const int Many = 50_000;

    private readonly OutgoingQueues _queues = new();

    [Fact]
    public void TheEndOfAConnectionIsToldToFewOfManyQueuesAtOnce()
    {
        var all = Add(Many);
        var before = all[0].Connection;

        _queues.EndConnection();

        all.Count(queue => queue.Connection != before).ShouldBe(0);
    }

    [Fact]
    public void EveryQueueLearnsTheEndBeforeAnythingElseHappensToIt()
    {
        var (found, turned, walked) = (Add("found"), Add("turned"), Add("walked"));
        foreach (var queue in _queues.All) queue.IsAsked = true;

        _queues.EndConnection();

        _queues.Find("found").ShouldBe(found);
        _queues.GiveTurn(turned);
        var walk = _queues.NewWalk();
        walk.Begin();
        while (walk.Next() is { } queue) queue.IsAsked.ShouldBeFalse();
        (found.IsAsked, turned.IsAsked, walked.IsAsked).ShouldBe((false, false, false));
    }

    [Fact]
    public void ATurnOfTheFormerConnectionIsNoTurnOfTheNext()
    {
        var queue = Add("reply");
        _queues.GiveTurn(queue);

        _queues.EndConnection();

        _queues.TakeTurn().ShouldBeNull();
        _queues.GiveTurn(queue);
        _queues.TakeTurn().ShouldBe(queue);
    }

    [Fact]
    public void QueuesHeldWhenAConnectionEndsAreNotHeldOnTheNext()
    {
        var (one, other) = (Add("one"), Add("other"));
        one.WaitForRoom();
        other.WaitForRoom();

        _queues.EndConnection();
        _queues.HasHeld.ShouldBeFalse();
        _queues.Find("one").ShouldNotBeNull().Room.IsHeld.ShouldBeFalse();
        _queues.Find("other").ShouldNotBeNull().WaitForRoom();

        _queues.HasHeld.ShouldBeTrue();
        other.Room.LeaveLine();
        _queues.HasHeld.ShouldBeFalse();
    }

    [Fact]
    public void AWalkVisitsEachQueueOnceThoughOthersComeAndGo()
    {
        var all = Add(10);
        var (walk, other) = (_queues.NewWalk(), _queues.NewWalk());
        walk.Begin();
        var visited = new List<OutgoingQueue>();
        for (var i = 0; walk.Next() is { } queue; i++)
        {
            visited.Add(queue);
            // The one just visited, and the one that is next.
            if (i == 2) _queues.Remove(queue);
            if (i == 4) _queues.Remove(all[5]);
            // Another walk takes nothing from it.
            if (i == 5) other.Begin();
            if (i > 5) other.Next();
            if (i == 6) all.Add(Add("late"));
        }

        visited.ShouldBe(all.Where(queue => queue != all[5]));
        walk.IsUnderWay.ShouldBeFalse();
    }

    [Fact]
    public void OfManyQueuesSomeAreAskedForAtOnceAndAllInTime()
    {
        var bench = new LinkBench { IsSlowToAnswer = true };
        foreach (var number in Enumerable.Range(0, 20_000)) bench.Link.AddKnownQueue(QueueId.Outgoing($"q{number}", "there"), 1, null);

        bench.Up();
        bench.Asked.Sum(ask => ask.Queues.Count).ShouldBe(LinkCodec.AskQueuesMax);

        var asked = new HashSet<string>();
        while (bench.Asked.Count > 0)
        {
            asked.UnionWith(bench.Asked.First().Queues);
            bench.Answer();
        }

        asked.Count.ShouldBe(20_000);
    }

    [Fact]
    public void QueuesThatBeganOnAConnectionAreAskedForOnTheNext()
    {
        var bench = new LinkBench().Up();
        bench.Enqueue("one", "m1");
        bench.Store.Run();
        bench.Link.OnLost(LinkCause.ResetByPeer, "reset");
        bench.After(TimeSpan.FromSeconds(2));
        bench.TakeSent();
        bench.IsSlowToAnswer = true;

        bench.Up();

        bench.Asked.Single().Queues.ShouldBe(["one"]);
        bench.Enqueue("one", "m2");
        bench.Store.Run();
        bench.TakeSent().OfType<LinkFrame.Batch>().ShouldBeEmpty("nothing is sent before the answer");
    }

    void IStoreInput.Submit(StoreCommand command)
    {
        // Nothing is stored.
    }

    void ISendTurns.OnMore(OutgoingQueue queue) => _queues.GiveTurn(queue);

    private List<OutgoingQueue> Add(int count) => [.. Enumerable.Range(0, count).Select(number => Add($"q{number}"))];

    private OutgoingQueue Add(string name)
    {
        var queue = new OutgoingQueue(QueueId.Outgoing(name, "there"), this, _queues, this, NoTelemetry.Instance, 0, setbacks: 0);
        _queues.Add(queue);
        return queue;
    }
}
