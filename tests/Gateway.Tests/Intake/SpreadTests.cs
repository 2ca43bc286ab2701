using Gateway.Client;
using Gateway.Client.Wire;
using Gateway.Intake;
using Gateway.Store.Messages;
using Shouldly;
using Xunit;

namespace Gateway.Tests.Intake;

/// <summary>Routes that give each message to one of their destinations.</summary>
public sealed class SpreadTests
{
    private static readonly MessageId _id = new(new Guid("01890a5d-ac96-774b-bcce-b302099a8057"));
    private static readonly QueueId _there = QueueId.Outgoing("orders", "there");
    private static readonly QueueId _far = QueueId.Outgoing("orders", "far");
    private static readonly QueueId _here = QueueId.Inbound("orders");

    private readonly IntakeBench _bench = new IntakeBench().Hello();

    [Fact]
    public void Share_GivesEachMessageToOne_InTurns()
    {
        _bench.Enqueue("shared", [.. Enumerable.Range(0, 5).Select(number => IntakeBench.Item($"{number}"))]);
        _bench.Enqueue("shared", IntakeBench.Item("last"));

        _bench.Take().Count.ShouldBe(2);
        _bench.Placed.Count.ShouldBe(6);
        _bench.Placed.CountBy(placed => placed.Queue).Select(part => part.Value).ShouldBe([2, 2, 2]);
    }

    [Fact]
    public void Share_LeavesOutThoseThatAreDown_AndMakesUpForIt()
    {
        _bench.Standing.Down.UnionWith([_there, _far]);
        for (var i = 0; i < 4; i++) _bench.Enqueue("shared", IntakeBench.Item());
        _bench.Take();
        Places().ShouldBe([_here, _here, _here, _here]);

        _bench.Standing.Down.Remove(_far);
        for (var i = 0; i < 4; i++) _bench.Enqueue("shared", IntakeBench.Item());

        _bench.Take();
        Places().Skip(4).ShouldBe([_far, _far, _far, _far]);
    }

    [Fact]
    public void Share_WhenAllAreDown_TakesTheMessage()
    {
        _bench.Standing.Down.UnionWith([_there, _far, _here]);
        _bench.Enqueue("shared", IntakeBench.Item());

        _bench.Take().ShouldHaveSingleItem().ShouldBeOfType<Reply.Accepted>();
    }

    [Fact]
    public void Share_TheSameIdAgain_StaysWhereItIs_AlthoughThatIsDownNow()
    {
        _bench.Enqueue("shared", IntakeBench.Item(id: _id));
        _bench.Take();
        _bench.Standing.Down.Add(_bench.Placed[0].Queue);
        _bench.Enqueue("shared", IntakeBench.Item(id: _id), IntakeBench.Item("other"));

        _bench.Take().ShouldHaveSingleItem().ShouldBeOfType<Reply.Accepted>().MessageIds[0].ShouldBe(_id);
        _bench.Placed.Count.ShouldBe(2);
        _bench.Placed[1].Queue.ShouldNotBe(_bench.Placed[0].Queue);
    }

    [Fact]
    public void Partition_GivesAKeyToOne_WhateverIsDown()
    {
        for (var i = 0; i < 20; i++)
        {
            _bench.Enqueue("parted", Keyed("a"), Keyed("b"), Keyed("c"), Keyed("d"));
            _bench.Take().ShouldHaveSingleItem().ShouldBeOfType<Reply.Accepted>();
            _bench.Standing.Down.Add(i % 2 == 0 ? _there : _far);
        }

        var byKey = _bench.Placed.GroupBy(placed => HeadersJson.Find(placed.Message.Message.Headers.Span, "key"));
        foreach (var key in byKey) key.Select(placed => placed.Queue).Distinct().Count().ShouldBe(1, key.Key);
        _bench.Placed.Count.ShouldBe(80);
        Places().Distinct().Count().ShouldBeGreaterThan(1);
    }

    /// <summary>Also where one of the destinations is the gateway itself: there it is an inbound queue.</summary>
    [Fact]
    public void Partition_IsTheSameAtEveryGateway()
    {
        string[] list = ["orders@there", "orders@far", "orders@here"];
        foreach (var key in Enumerable.Range(0, 50).Select(number => $"{number}"))
        {
            var places = new[] { "here", "there", "far", "elsewhere" }.Select(own =>
            {
                var destinations = new Destinations(own, list.Select(one => one[7..]).Append("elsewhere").ToHashSet(),
                    new Dictionary<string, Route> { ["parted"] = new(list) { Mode = RouteMode.Partition } }, new ChangingStanding());
                destinations.Find("parted", out var targets).ShouldBeNull();
                return ((PartitionedQueues)destinations.SpreadOf("parted", targets, 1)!).PlaceOf(Keyed(key).Headers.Span);
            });
            places.Distinct().ShouldHaveSingleItem().ShouldNotBeNull();
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("""{"customer":"7"}""")]
    [InlineData("""{"key":""}""")]
    public void Partition_AMessageWithoutAKey_IsRefusedWithHelp_AndNothingOfTheRequestIsTaken(string headers)
    {
        _bench.Enqueue("parted", Keyed("a"), IntakeBench.Item(headers: headers, id: _id));

        var refused = _bench.TakeRejected();
        (refused.Code, refused.Text).ShouldBe((WireCode.NoKey, $"message {_id} has no header 'key', by which the route 'parted' leads each "
            + "message to one of its destinations; set it, or enqueue to one of them as queue@peer"));
        _bench.Placed.ShouldBeEmpty();
        _bench.Enqueues.IsIdle.ShouldBeTrue();
    }

    /// <summary>The route has become one by keys since: what was accepted is accepted, and stays where it is.</summary>
    [Fact]
    public void Partition_TheSameIdAgain_IsAcceptedWithoutAKey()
    {
        Configure(new Route(["orders@there"]));
        _bench.Enqueue("parted", IntakeBench.Item(id: _id));
        _bench.Take();
        Configure(new Route(["orders@far", "orders@here"]) { Mode = RouteMode.Partition });
        _bench.Enqueue("parted", IntakeBench.Item(id: _id));

        _bench.Take().ShouldHaveSingleItem().ShouldBeOfType<Reply.Accepted>();
        Places().ShouldBe([_there]);
    }

    [Fact]
    public void Partition_ADestinationThatIsFull_RefusesItsKeysAlone()
    {
        var bench = _bench;
        var (keyThere, keyFar) = (KeyOf(_there), KeyOf(_far));
        bench.Store.Submit(new Gateway.Store.Commands.UseLimitsCommand(new StoreSettings { QueueMessagesMax = 2 }));
        bench.Enqueue("parted", Keyed(keyThere, "1"), Keyed(keyThere, "2"));
        bench.Take().ShouldHaveSingleItem().ShouldBeOfType<Reply.Accepted>();

        bench.Enqueue("parted", Keyed(keyFar, "3"), Keyed(keyThere, "4"));
        var refused = bench.TakeRejected();
        bench.Enqueue("parted", Keyed(keyFar, "5"));

        refused.Code.ShouldBe(WireCode.StoreFull);
        refused.Text.ShouldContain("outgoing orders@there");
        bench.Full.ShouldHaveSingleItem().Targets.ShouldBe([_there]);
        bench.Take().ShouldHaveSingleItem().ShouldBeOfType<Reply.Accepted>();
        Places().ShouldBe([_there, _there, _far]);
    }

    [Fact]
    public void Share_FillsUpTheOthers_AndRefusesWhenAllAreFull()
    {
        var bench = new IntakeBench().Hello();
        bench.Store.Submit(new Gateway.Store.Commands.UseLimitsCommand(new StoreSettings { QueueMessagesMax = 2 }));
        bench.Standing.Down.UnionWith([_there, _far]);
        for (var i = 0; i < 6; i++) bench.Enqueue("shared", IntakeBench.Item());
        bench.Take().ShouldAllBe(reply => reply is Reply.Accepted);
        bench.Placed.CountBy(placed => placed.Queue).Select(part => part.Value).ShouldBe([2, 2, 2]);

        bench.Enqueue("shared", IntakeBench.Item());

        bench.TakeRejected().Code.ShouldBe(WireCode.StoreFull);
        bench.Full.ShouldHaveSingleItem().Targets.ShouldBe([_there, _far, _here]);
    }

    private IEnumerable<QueueId> Places() => _bench.Placed.Select(placed => placed.Queue);

    private void Configure(Route route) =>
        _bench.Destinations.Use(IntakeBench.Peers, new Dictionary<string, Route> { ["parted"] = route });

    private static EnqueueItem Keyed(string key, string body = "hi") => IntakeBench.Item(body, $$"""{"a":"b","key":"{{key}}"}""");

    /// <summary>A key that belongs to the queue.</summary>
    private string KeyOf(QueueId queue)
    {
        _bench.Destinations.Find("parted", out var targets);
        var spread = (PartitionedQueues)_bench.Destinations.SpreadOf("parted", targets, 1)!;
        return Enumerable.Range(0, 1000).Select(number => $"{number}")
            .First(key => spread.Queues[spread.PlaceOf(Keyed(key).Headers.Span)!.Value] == queue);
    }
}
