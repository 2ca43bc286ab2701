using Gateway.Links.Causes;
using Gateway.Links.Protocol;
using Gateway.Links.Receiving;
using Gateway.Store.Commands;
using Gateway.Store.Messages;
using Gateway.Store.State;
using Gateway.Telemetry;
using Gateway.Tests.Store;
using Microsoft.Extensions.Logging.Abstractions;
using Shouldly;
using Xunit;

namespace Gateway.Tests.Links;

/// <summary>
/// A number at the peer counts as sent by this history only if the run that sent it had come no farther than that is here.
/// </summary>
public sealed class OwnPastTests
{
    private static readonly Guid _former = new("00000000-0000-0000-0000-000000000098");
    private static readonly QueueId _orders = QueueId.Outgoing("orders", "there");

    private readonly LinkBench _bench = new();
    private readonly SentFrames _answers = [];

    [Fact]
    public void ACopyOfARunningStore_ThatHasAcceptedAndWasStoppedBeforeItSent_IsForked_ThoughThePositionIsWithinWhatItHolds()
    {
        // Copied at group 9 within run 1, which went on and sent number 1 to 3; run 2 on the copy has accepted others under these numbers.
        _bench.Link.Past.Runs = Runs(new StoreRun(1, _former, 1), new StoreRun(2, Guid.NewGuid(), 10),
            new StoreRun(3, _bench.Self.Incarnation, 20));
        _bench.Link.AddKnownQueue(_orders, 3, sent: null);
        Welcome(new KnownRun(1, _former, "here") { Group = 12 }, position: 3);

        _bench.Link.Status.Cause.ShouldBe(LinkCause.StoreForked);
        _bench.TakeSent().ShouldNotContain(frame => frame is LinkFrame.Batch);
    }

    [Fact]
    public void AStoreThatWasOnlyKilled_GoesOn_AlsoFromItsLastGroup()
    {
        _bench.Link.Past.Runs = RunList.Empty.With(new StoreRun(1, _former, 1)).With(new StoreRun(2, _bench.Self.Incarnation, 10));
        _bench.Link.AddKnownQueue(_orders, 3, sent: null);
        Welcome(new KnownRun(1, _former, "here") { Group = 9 }, position: 3);

        _bench.Link.Status.State.ShouldBe(LinkState.Up);
    }

    [Fact]
    public void AMachineThatWasPutBackWithinItsRun_StaysForked_HoweverFarItComes_AndInLaterRuns()
    {
        _bench.Link.Past.Runs = RunList.Empty.With(new StoreRun(1, _bench.Self.Incarnation, 1));
        var known = new KnownRun(1, _bench.Self.Incarnation, "here") { Group = 30 };
        Welcome(known, position: 3);
        _bench.Link.Status.Cause.ShouldBe(LinkCause.StoreForked);

        _bench.Link.Past.Send(40);
        Welcome(known, position: 3);
        _bench.Link.Status.Cause.ShouldBe(LinkCause.StoreForked);

        _bench.Store.Run();
        var later = new LinkBench();
        later.Link.Past.Runs = Runs(new StoreRun(1, _bench.Self.Incarnation, 1), new StoreRun(2, later.Self.Incarnation, 50));
        later.Link.RestoreKnown(null, null, _bench.Store.State.Marks[MarkNames.ForeignToPeer + "there"]);
        later.Link.Start();
        later.Link.OnConnected();
        later.Link.OnFrame(new LinkFrame.Welcome(LinkBench.There, LinkBench.Limits, 0) { Known = known });
        later.Link.Status.Cause.ShouldBe(LinkCause.StoreForked);
    }

    [Fact]
    public void AMachineThatWasPutBackWithinItsRun_IsNotTakenForItself_WhenItsOwnBatchesWereLost()
    {
        _bench.Link.Past.Runs = RunList.Empty.With(new StoreRun(1, _bench.Self.Incarnation, 1));
        _bench.Enqueue("orders", "1");
        _bench.Up();
        _bench.Store.Run();
        var sent = _bench.TakeSent().OfType<LinkFrame.Batch>().ShouldHaveSingleItem();
        _bench.Link.OnLost(LinkCause.ResetByPeer, "reset");
        _bench.After(_bench.Settings.BackoffMax);
        Welcome(new KnownRun(1, _bench.Self.Incarnation, "here") { Group = sent.Group + 1 }, position: 1);

        _bench.Link.Status.Cause.ShouldBe(LinkCause.StoreForked);
    }

    [Fact]
    public void AGroupOfAFormerRun_IsOwn_WhenThisRunHasSentOnlyOlderOnes()
    {
        _bench.Link.Past.Runs = Runs(new StoreRun(1, _former, 1), new StoreRun(2, _bench.Self.Incarnation, 36));
        _bench.Link.Past.Send(18);

        _bench.Link.Past.IsForeign(new KnownRun(2, _bench.Self.Incarnation, "here") { Group = 22 }).ShouldBeFalse();
        _bench.Link.Past.IsForeign(new KnownRun(2, _bench.Self.Incarnation, "here") { Group = 36 }).ShouldBeTrue();
    }

    [Fact]
    public void ABatch_TellsTheHighestGroupOfWhichTheRunHasSent_ReadOrJustStored()
    {
        _bench.Enqueue("orders", "1");
        var first = _bench.Store.State.Find(_orders)!.Find(1)!.Value.Group;
        _bench.Up();
        _bench.Store.Run();
        _bench.Enqueue("orders", "2");
        var second = _bench.Store.State.Find(_orders)!.Find(2)!.Value.Group;
        _bench.Link.OnFrame(new LinkFrame.Resend("orders", 0));
        _bench.Store.Run();

        var groups = _bench.TakeSent().OfType<LinkFrame.Batch>().Select(batch => batch.Group).ToList();
        groups.First().ShouldBe(first);
        groups.Skip(1).ShouldAllBe(group => group == second);
        groups.Count.ShouldBeGreaterThan(1);
        second.ShouldBeGreaterThan(first);
    }

    [Fact]
    public void TheReceiver_KeepsTheGroupWithThePosition_AndTellsItInTheWelcome()
    {
        var link = NewIncoming();
        Say(link, new LinkFrame.Hello(LinkBench.There, "here", LinkBench.Limits, 0));
        Say(link, new LinkFrame.Batch("orders", 0, [new NumberedMessage(1, _bench.NewMessage("1"))]) { Group = 5 });
        Say(link, new LinkFrame.Batch("orders", 1, [new NumberedMessage(2, _bench.NewMessage("2"))]) { Group = 8 });
        Say(NewIncoming(), new LinkFrame.Hello(LinkBench.There, "here", LinkBench.Limits, 1));

        _answers.OfType<LinkFrame.Welcome>().Last().Known.ShouldBe(new KnownRun(1, LinkBench.There.Incarnation, "there") { Group = 8 });
    }

    [Fact]
    public void AfterARepair_TheGroupsBeforeItTellNothing_ButThoseOfEarlierRunsDo()
    {
        // A repair takes the time for the number of its run, and begins the groups anew.
        var repaired = Runs(
            new StoreRun(1, _former, 1),
            new StoreRun(2, _former, 10),
            new StoreRun(1_900_000_000, _former, 3),
            new StoreRun(1_900_000_001, _former, 9));

        repaired.JudgeSender(2, _former, 5_000).ShouldBe(PastVerdict.Own);
        repaired.JudgeSender(1, _former, 9).ShouldBe(PastVerdict.Own);
        repaired.JudgeSender(1, _former, 10).ShouldBe(PastVerdict.Foreign);
        repaired.JudgeSender(1_900_000_000, _former, 9).ShouldBe(PastVerdict.Foreign);
    }

    [Fact]
    public void WhatAPeerKnows_IsReadFromItsNote()
    {
        var known = new KnownRun(3, _former, "shop") { Group = 12 };

        KnownRun.ParseWithGroup(known.ToNoteWithGroup()).ShouldBe(known);
        KnownRun.ParseWithGroup(known.ToNote()).ShouldBeNull();
        KnownRun.ParseWithGroup(null).ShouldBeNull();
        KnownRun.ParseWithGroup("3 x").ShouldBeNull();
    }

    private static RunList Runs(params StoreRun[] runs) => runs.Aggregate(RunList.Empty, (list, run) => list.With(run));

    private void Welcome(KnownRun known, long position)
    {
        if (_bench.Dials == 0) _bench.Link.Start();
        if (_bench.Link.Status.State == LinkState.Down) _bench.Link.Retry();
        _bench.Link.OnConnected();
        _bench.Link.OnFrame(new LinkFrame.Welcome(LinkBench.There, LinkBench.Limits, _bench.Clock.NowUnixMs) { Known = known });
        if (_bench.Asked.Count > 0) _bench.Link.OnFrame(new LinkFrame.Positions([new QueuePosition("orders", position)]));
    }

    private IncomingLink NewIncoming() =>
        new(_bench.Settings, _bench.Self, LinkBench.Peers, _bench.Clock, _bench.Store, _answers, new StoredMessages(), new OwnPast(),
            NoTelemetry.Instance,
            NullLogger<IncomingLink>.Instance);

    private void Say(IncomingLink link, LinkFrame frame)
    {
        link.OnFrame(frame);
        _bench.Store.Run();
    }
}
