using Gateway.Links.Protocol;
using Gateway.Store.Commands;
using Gateway.Store.Messages;
using Gateway.Store.State;
using Shouldly;
using Xunit;

namespace Gateway.Tests.Links;

/// <summary>Messages that a peer acknowledged and lost are listed by id; the listing says where their ids are no longer known.</summary>
public sealed class LostIdsTests
{
    private readonly LinkBench _bench = new();

    [Fact]
    public void WhatThePeerHasLost_IsListedByItsIds_Once()
    {
        var ids = SendAndLose(25, lost: 23);
        ComeBackAt(2);
        ComeBackAt(2);

        _bench.Link.Status.Cause.ShouldBe(LinkCause.PeerWentBack);
        var told = Told();
        for (var number = 3; number <= 25; number++)
            told.Count(line => line.Contains($" {number} {ids[number - 1]}", StringComparison.Ordinal)).ShouldBe(1, $"{number}");
        told.ShouldNotContain(line => line.Contains(ids[1], StringComparison.Ordinal)
            || line.Contains("not known", StringComparison.Ordinal));
    }

    [Fact]
    public void WhatIsNotThereAnyMore_IsSaidToBeUnknown()
    {
        _bench.Link.AddKnownQueue(QueueId.Outgoing("orders", "there"), 9, sent: null, acknowledged: 7);
        _bench.Link.RestoreKnown(
            new HistoryPoint(LinkBench.There.StoreId, 5, Guid.NewGuid(), 5) { Of = _bench.Self.StoreId }.ToNote(), accepted: null);
        _bench.Link.Start();
        _bench.Link.OnConnected();
        _bench.Link.OnFrame(new LinkFrame.Welcome(LinkBench.There, LinkBench.Limits, 0) { Past = PastVerdict.Foreign });
        _bench.Link.OnFrame(new LinkFrame.Positions([new QueuePosition("orders", 4)]));
        _bench.Store.Run();

        Told().ShouldHaveSingleItem().ShouldContain(
            "the ids of these 3 numbers, as far as there were messages, are not known here any more");
    }

    private List<string> Told() => [.. _bench.Link.History.Changes.Select(change => change.Evidence)
        .Where(evidence => evidence.StartsWith("acknowledged and gone at the peer, of queue orders", StringComparison.Ordinal))];

    private List<string> SendAndLose(int count, int lost)
    {
        lost.ShouldBeLessThan(count);
        _bench.Enqueue("orders", [.. Enumerable.Range(1, count).Select(number => $"{number}")]);
        var ids = new List<string>();
        _bench.Store.Submit(new ReadQueueCommand(QueueId.Outgoing("orders", "there"), 0, count, int.MaxValue, found =>
            ids.AddRange(found.Select(stored => stored.Message.Id.ToString()))));
        _bench.Up();
        _bench.Store.Run();
        _bench.Link.OnFrame(new LinkFrame.Ack("orders", count));
        _bench.Store.Run();
        _bench.Waiting("orders").ShouldBe(0);
        return ids;
    }

    private void ComeBackAt(long position)
    {
        _bench.Link.OnLost(LinkCause.ResetByPeer, "reset");
        _bench.After(TimeSpan.FromMinutes(1));
        _bench.Up(null, ("orders", position));
        _bench.Store.Run();
    }
}
