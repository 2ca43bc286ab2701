using System.Globalization;
using Gateway.Client.Wire;
using Gateway.Management;
using Gateway.Store.Browsing;
using Gateway.Store.Messages;
using Shouldly;
using Xunit;

namespace Gateway.Tests.Management;

public sealed class MessageStatesTests
{
    private static readonly QueueId _orders = QueueId.Outgoing("orders", "there");
    private static readonly QueueId _jobs = QueueId.Inbound("jobs");

    private readonly ManagementBench _bench = new();

    [Fact]
    public void WhatIsSentAndNotAcknowledged_IsSent_AndInDoubtWhenTheConnectionEnds()
    {
        _bench.Enqueue("orders@there", "a", "b");
        StatesOf(_orders).ShouldBe("1 waiting, 2 waiting");
        _bench.Welcome("there");
        StatesOf(_orders).ShouldBe("1 sent, 2 sent");
        _bench.Lose("there");
        _bench.Enqueue("orders@there", "c");

        StatesOf(_orders).ShouldBe("1 indoubt, 2 indoubt, 3 waiting");
        StatesOf(_orders, MessageState.InDoubt).ShouldBe("1 indoubt, 2 indoubt");
        StatesOf(_orders, MessageState.Waiting).ShouldBe("3 waiting");
    }

    [Fact]
    public void WhatWaitsInAPausedQueue_OrForAPausedPeer_IsPaused()
    {
        _bench.Enqueue("orders@there", "a");
        _bench.Enqueue("orders@far", "b");
        _bench.Enqueue("jobs@here", "c");
        _bench.Ask<bool>(answer => _bench.Management.PausePeer("there", "", "ann", answer));
        _bench.Ask<bool>(answer => _bench.Management.PauseQueue(QueueId.Outgoing("orders", "far"), "", "ann", answer));
        _bench.Ask<bool>(answer => _bench.Management.PauseQueue(_jobs, "", "ann", answer));

        foreach (var queue in new[] { _orders, QueueId.Outgoing("orders", "far"), _jobs }) StatesOf(queue).ShouldBe("1 paused");
    }

    [Fact]
    public void WhatAConsumerHas_IsLeased_AndDelayedWhenItIsToComeLater()
    {
        Received? received = null;
        _bench.Enqueue("jobs@here", "a", "b", "c");
        _bench.Management.Receive("bob", "jobs", 2, null, TimeSpan.FromSeconds(2), answer => received = answer);
        _bench.Run();
        var first = received.ShouldNotBeNull().Messages[0].Token;
        _bench.Ask<Reply>(answer => _bench.Management.Settle(
            "bob", new Request.Abandon(RequestId.FromNumber(1), first, TimeSpan.FromMinutes(1)), answer)).ShouldBeOfType<Reply.Settled>();

        StatesOf(_jobs).ShouldBe("1 delayed, 2 leased, 3 waiting");
        _bench.After(TimeSpan.FromMinutes(2));
        StatesOf(_jobs).ShouldBe("1 waiting, 2 waiting, 3 waiting");
    }

    [Fact]
    public void ASearchByState_EndsItsPageWhereItIsFull_AndGoesOnFromThere()
    {
        _bench.Enqueue("orders@there", "a", "b", "c");

        var first = Browse(_orders, 0, MessageState.Waiting, entriesMax: 2);

        (first.Entries.Count, first.ScannedUpTo, first.IsEnd).ShouldBe((2, 2, false));
        var second = Browse(_orders, first.ScannedUpTo, MessageState.Waiting, entriesMax: 2);
        (second.Entries.Single().Number, second.IsEnd).ShouldBe((3, true));
    }

    [Fact]
    public void ADeadLetter_HasNone()
    {
        _bench.Enqueue("orders@there", "a");
        _bench.Operate(new OperationRequest { Kind = OperationKind.DeadLetter, Queue = _orders });

        _bench.Ask<BrowsePage>(answer => _bench.Management.Browse(
            null, 0, BrowseFilter.All, null, 10, answer)).Entries.ShouldHaveSingleItem().State.ShouldBeNull();
    }

    private string StatesOf(QueueId queue, MessageState? wanted = null)
    {
        var page = Browse(queue, 0, wanted, entriesMax: 100);
        page.IsEnd.ShouldBeTrue();
        return string.Join(", ", page.Entries.Select(
            entry => string.Create(CultureInfo.InvariantCulture, $"{entry.Number} {entry.State?.ToString().ToLowerInvariant()}")));
    }

    private BrowsePage Browse(QueueId queue, long after, MessageState? wanted, int entriesMax) =>
        _bench.Ask<BrowsePage>(answer => _bench.Management.Browse(queue, after, BrowseFilter.All, wanted, entriesMax, answer));
}
