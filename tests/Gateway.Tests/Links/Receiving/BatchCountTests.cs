using Gateway.Links.Protocol;
using Gateway.Links.Receiving;
using Gateway.Store;
using Gateway.Store.Commands;
using Gateway.Store.Messages;
using Gateway.Store.State;
using Gateway.Telemetry;
using Gateway.Tests.Store;
using Microsoft.Extensions.Logging.Abstractions;
using Shouldly;
using Xunit;

namespace Gateway.Tests.Links.Receiving;

/// <summary>
/// The batches of one store that a gateway has stored tell how far it has come with that one, independently of others. So it shows that
/// the gateway was put back also when batches that were under way then have raised its groups again.
/// </summary>
public sealed class BatchCountTests
{
    private const long OneMore = 1 << 24;

    private static readonly Guid _incarnation = new("00000000-0000-0000-0000-000000000003");

    private readonly StoreBench _store = new();
    private readonly LoopClock _clock = new();
    private readonly SentFrames _sent = [];
    private readonly LinkBench _messages = new();
    private long _lastClock;

    [Fact]
    public void EachBatch_CountsOnce_InTheAcknowledgementAndTheWelcome()
    {
        var link = Greet();
        var first = Batch("orders", 0, 1, 2);
        Say(link, first);
        Say(link, Batch("bills", 0, 1));
        Say(link, first);

        _sent.OfType<LinkFrame.Ack>().Select(ack => StoredBatches.CountOf(ack.Batches)).ShouldBe([1, 2, 2]);
        Greet();
        _sent.OfType<LinkFrame.Welcome>().Last().Batches.ShouldBe(_sent.OfType<LinkFrame.Ack>().Last().Batches);
    }

    [Fact]
    public void BatchesOfOthers_DoNotCount()
    {
        Say(Greet(), Batch("orders", 0, 1));
        Say(Greet(LinkBench.There with { StoreId = _incarnation, Name = "other" }), Batch("orders", 0, 1));
        Greet();

        StoredBatches.CountOf(_sent.OfType<LinkFrame.Welcome>().Last().Batches).ShouldBe(1);
    }

    [Fact]
    public void APeerThatKnowsMoreBatches_ThanAreHere_KnowsALostHistory_ThoughTheGroupIsReached()
    {
        var link = Greet();
        Say(link, Batch("orders", 0, 1));
        Say(link, Batch("orders", 1, 2));
        var (group, tally) = (_sent.OfType<LinkFrame.Ack>().Last().Group, _sent.OfType<LinkFrame.Ack>().Last().Batches);

        PastOf(group, tally).ShouldBe(PastVerdict.Own);
        PastOf(group, tally + OneMore).ShouldBe(PastVerdict.Foreign);
    }

    /// <summary>One that found no room before the gateway was put back was stored instead of one that had come after it.</summary>
    [Fact]
    public void APeerThatKnowsOtherBatches_ThanAreHere_KnowsALostHistory_ThoughThereAreAsManyOrMore()
    {
        var link = Greet();
        Say(link, Batch("orders", 0, 1));
        Say(link, Batch("orders", 1, 2));
        var (group, other) = (_sent.OfType<LinkFrame.Ack>().Last().Group, _sent.OfType<LinkFrame.Ack>().Last().Batches ^ 1);

        PastOf(group, other).ShouldBe(PastVerdict.Foreign);
        Say(Greet(), Batch("bills", 0, 1));
        PastOf(group, other).ShouldBe(PastVerdict.Foreign);
        PastOf(group, other ^ 1).ShouldBe(PastVerdict.Own);
    }

    [Fact]
    public void WhatIsKnownOfBatchesOfLongAgo_IsComparedByTheirNumberAlone()
    {
        var link = Greet();
        for (var number = 1; number <= 1030; number++) Say(link, Batch("orders", number - 1, number));
        var acks = _sent.OfType<LinkFrame.Ack>().ToList();

        PastOf(acks[^1].Group, acks[3].Batches ^ 1).ShouldBe(PastVerdict.Own);
        PastOf(acks[^1].Group, acks[10].Batches ^ 1).ShouldBe(PastVerdict.Foreign);
        PastOf(acks[^1].Group, acks[10].Batches).ShouldBe(PastVerdict.Own);
    }

    [Fact]
    public void AfterARepair_WhichCountsAnew_TheCountTellsNothing()
    {
        Say(Greet(), Batch("orders", 0, 1));
        var repaired = RunList.Empty.With(new StoreRun(1, _incarnation, 1)).With(new StoreRun(5, Guid.NewGuid(), 3));

        PastOf(group: 0, 3 * OneMore, repaired).ShouldBe(PastVerdict.Own);
        PastOf(group: 0, 3 * OneMore, RunList.Empty.With(new StoreRun(2, _incarnation, 1))).ShouldBe(PastVerdict.Unknown);
    }

    [Fact]
    public void TheCount_IsThereAgain_WhenTheStoreIsOpenedFromItsSnapshot()
    {
        var (blocks, sender) = (new MemoryBlockStore(), LinkBench.There.StoreId);
        var store = MessageStore.Open(blocks, new StoreSettings(), Guid.NewGuid());
        for (var number = 1; number <= 3; number++)
            store.Execute([new StoreInboundCommand(
                sender, "orders", number - 1, [new NumberedMessage(number, _messages.NewMessage("x"))], _ => { })]);
        var before = store.State.Positions.BatchesOf(sender);
        store.Close();

        StoredBatches.CountOf(before).ShouldBe(3);
        var positions = MessageStore.Open(blocks, new StoreSettings(), Guid.NewGuid()).State.Positions;
        positions.BatchesOf(sender).ShouldBe(before);
        positions.HadBatches(sender, before ^ 1).ShouldBeFalse();
    }

    [Fact]
    public void ASender_KeepsTheCountThatItWasTold_AndTellsItInItsNextHello()
    {
        var bench = new LinkBench();
        bench.Enqueue("orders", "1");
        bench.Up();
        bench.Store.Run();
        bench.Link.OnFrame(new LinkFrame.Ack("orders", 1) { Group = 8, Batches = 5 });
        bench.Link.OnFrame(new LinkFrame.Ack("orders", 1) { Group = 8, Batches = 4 });
        bench.Link.OnLost(LinkCause.ResetByPeer, "reset");
        bench.Store.Run();
        bench.TakeSent();
        bench.After(bench.Settings.BackoffMax);
        bench.Link.OnConnected();

        var known = bench.TakeSent().OfType<LinkFrame.Hello>().ShouldHaveSingleItem().Known!;
        known.Batches.ShouldBe(5);
        HistoryPoint.Parse(bench.Store.State.Marks[MarkNames.KnownPeer + "there"]).ShouldBe(known);
    }

    private IncomingLink Greet(GatewayIdentity? peer = null, HistoryPoint? known = null, RunList? runs = null)
    {
        var link = new IncomingLink(new LinkSettings { Limits = LinkBench.Limits },
            new GatewayIdentity("here", _store.StoreId, _incarnation, 0, Run: 1), new HashSet<string> { "there", "other" }, _clock,
            _store, _sent, new StoredMessages(), new OwnPast { Runs = runs ?? RunList.Empty.With(new StoreRun(1, _incarnation, 1)) },
            NoTelemetry.Instance, NullLogger<IncomingLink>.Instance);
        Say(link, new LinkFrame.Hello(peer ?? LinkBench.There, "here", LinkBench.Limits, ++_lastClock) { Known = known });
        return link;
    }

    private PastVerdict PastOf(long group, long batches, RunList? runs = null)
    {
        var known = new HistoryPoint(_store.StoreId, 1, _incarnation, group) { Of = LinkBench.There.StoreId, Batches = batches };
        Greet(known: known, runs: runs);
        return _sent.OfType<LinkFrame.Welcome>().Last().Past;
    }

    private LinkFrame.Batch Batch(string queue, long previous, params long[] numbers) =>
        new(queue, previous, [.. numbers.Select(number => new NumberedMessage(number, _messages.NewMessage("x")))]);

    private void Say(IncomingLink link, LinkFrame frame)
    {
        link.OnFrame(frame);
        _store.Run();
        link.FlushAcks();
    }
}
