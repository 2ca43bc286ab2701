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
/// Each side proves that what the other last knew of it lies in its own past; where it cannot, nothing is sent until somebody acts.
/// </summary>
public sealed class LinkPastTests
{
    private static readonly Guid _other = new("00000000-0000-0000-0000-000000000099");

    private readonly LinkBench _bench = new();
    private readonly SentFrames _answers = [];

    [Fact]
    public void ARunOfThisStoreThatThePeerKnows_AndThisOneDoesNot_IsAForkedStore_ThatStays()
    {
        _bench.Link.Past.Runs = RunList.Empty.With(new StoreRun(1, _bench.Self.Incarnation, 1));
        Welcome(known: new KnownRun(1, _other, "here"));
        _bench.Enqueue("orders", "1");
        _bench.Link.Retry();
        _bench.Link.OnLost(LinkCause.Refused, "refused");

        _bench.Link.Status.ShouldSatisfyAllConditions(
            status => status.State.ShouldBe(LinkState.Down),
            status => status.Cause.ShouldBe(LinkCause.StoreForked),
            status => status.Advice.ShouldContain("store renew"));
        _bench.TakeSent().ShouldNotContain(frame => frame is LinkFrame.Batch);
    }

    [Fact]
    public void AForkedStore_IsNotHurriedByThePeersHello()
    {
        Refuse(RefusalCode.Forked);
        for (var i = 0; i < 10; i++) _bench.Link.OnPeerSeen(LinkBench.There);
        _bench.After(TimeSpan.FromSeconds(5));

        _bench.Dials.ShouldBe(1);
    }

    [Fact]
    public void AMachineThatWasPutBackWithinItsRun_IsAForkedStore_WhateverItHasAcceptedSince()
    {
        _bench.Enqueue("orders", "1");
        _bench.Up();
        _bench.Store.Run();
        _bench.Link.OnLost(LinkCause.ResetByPeer, "reset");
        _bench.Enqueue("orders", "2", "3", "4", "5");
        _bench.After(_bench.Settings.BackoffMax);
        _bench.Up(null, ("orders", 3));

        _bench.Link.Status.Cause.ShouldBe(LinkCause.StoreForked);
    }

    [Fact]
    public void WhatALaterRunHasOnlyAccepted_DoesNotCountAsSent()
    {
        _bench.Link.AddKnownQueue(QueueId.Outgoing("orders", "there"), 9, new SentNote(InDoubtUpTo: 0, Reach: 2));
        _bench.Up(null, ("orders", 3));

        _bench.Link.Status.Cause.ShouldBe(LinkCause.StoreForked);
    }

    [Fact]
    public void APeerThatWasPutBack_TellsWhatItHasLost_AndIsLeftAloneUntilItIsAccepted()
    {
        KnowThePeer();
        _bench.Link.AddKnownQueue(QueueId.Outgoing("orders", "there"), 9, sent: null, acknowledged: 7);
        Welcome(PastVerdict.Foreign);
        _bench.Asked.ShouldHaveSingleItem().Queues.ShouldBe(["orders"]);
        _bench.Link.OnFrame(new LinkFrame.Positions([new QueuePosition("orders", 4)]));

        _bench.Link.Status.Cause.ShouldBe(LinkCause.PeerWentBack);
        _bench.Link.Status.Evidence.ShouldContain("5 to 7 of queue orders");
        _bench.Link.Accept("accepted by ann", () => { }).ShouldBeTrue();
        Welcome(PastVerdict.Foreign);
        _bench.Link.Status.State.ShouldBe(LinkState.Up);
        _bench.Link.Accept("accepted by ann", () => { }).ShouldBeFalse();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void APeerThatWentBack_IsThatCause_AlsoIfTheConnectionEndsBeforeItHasToldWhatItLost(bool isSilent)
    {
        KnowThePeer();
        _bench.Link.AddKnownQueue(QueueId.Outgoing("orders", "there"), 9, sent: null, acknowledged: 7);
        Welcome(PastVerdict.Foreign);
        if (isSilent) _bench.After(_bench.Settings.HandshakeTimeout + TimeSpan.FromSeconds(1));
        else _bench.Link.OnLost(LinkCause.ResetByPeer, "reset");

        _bench.Link.Status.ShouldSatisfyAllConditions(
            status => status.Cause.ShouldBe(LinkCause.PeerWentBack),
            status => status.Evidence.ShouldContain(isSilent ? "PeerSilent" : "ResetByPeer: reset"));
    }

    [Fact]
    public void AnAcceptance_IsKeptUntilAConnectionHasUsedIt()
    {
        var accepted = MarkNames.AcceptedPeer + "there";
        KnowThePeer();
        Welcome(PastVerdict.Foreign);
        var isDurable = false;
        _bench.Link.Accept("accepted by ann", () => isDurable = true);
        isDurable.ShouldBeFalse();
        _bench.Store.Run();
        isDurable.ShouldBeTrue();
        _bench.Store.State.Marks[accepted].ShouldBe("accepted by ann");

        Welcome(PastVerdict.Foreign);
        _bench.Store.Run();

        _bench.Store.State.Marks.ContainsKey(accepted).ShouldBeFalse();
        _bench.Link.OnLost(LinkCause.ResetByPeer, "reset");
        _bench.After(_bench.Settings.BackoffMax);
        Welcome(PastVerdict.Foreign);
        _bench.Link.Status.Cause.ShouldBe(LinkCause.PeerWentBack);
    }

    [Fact]
    public void AnAcceptanceOfAFormerRun_CountsForTheFirstConnectionOfThisOne()
    {
        _bench.Link.RestoreKnown(new HistoryPoint(LinkBench.There.StoreId, 5, _other, 5) { Of = _bench.Self.StoreId }.ToNote(),
            "accepted by ann");
        Welcome(PastVerdict.Foreign);

        _bench.Link.Status.State.ShouldBe(LinkState.Up);
        _bench.Link.History.Changes.Last().Evidence.ShouldContain("goes on from where the peer stands, accepted by ann");
    }

    [Fact]
    public void APeerThatStandsBelowWhatItAcknowledgedInThisRun_WentBack()
    {
        _bench.Enqueue("orders", "1", "2");
        _bench.Up();
        _bench.Store.Run();
        _bench.Link.OnFrame(new LinkFrame.Ack("orders", 2));
        _bench.Link.OnLost(LinkCause.ResetByPeer, "reset");
        _bench.Enqueue("orders", "3");
        _bench.After(_bench.Settings.BackoffMax);
        _bench.Up(null, ("orders", 1));

        _bench.Link.Status.Cause.ShouldBe(LinkCause.PeerWentBack);
        _bench.After(_bench.Settings.BackoffMax);
        _bench.Link.OnConnected();
        _bench.Link.OnFrame(new LinkFrame.Welcome(LinkBench.There, LinkBench.Limits, 0));
        _bench.Link.Status.State.ShouldBe(LinkState.Connecting);
    }

    [Fact]
    public void APeerWithANewStore_GoesOn_AndTheHistorySaysSo()
    {
        KnowThePeer();
        _bench.Link.Start();
        _bench.Link.OnConnected();
        _bench.Welcome(LinkBench.There with { StoreId = _other });

        _bench.Link.Status.State.ShouldBe(LinkState.Up);
        _bench.Link.History.Changes.Last().Evidence.ShouldContain("the peer has another store");
    }

    [Fact]
    public void WhatIsKnownOfThePeer_IsKeptBeforeWhatItAcknowledgedIsDropped()
    {
        _bench.Enqueue("orders", "1");
        _bench.Up();
        _bench.Store.Run();
        _bench.Link.OnFrame(new LinkFrame.Ack("orders", 1) { Group = 8 });
        _bench.Link.OnLost(LinkCause.ResetByPeer, "reset");
        _bench.Store.Run();

        HistoryPoint.Parse(_bench.Store.State.Marks[MarkNames.KnownPeer + "there"])
            .ShouldBe(new HistoryPoint(LinkBench.There.StoreId, 1, LinkBench.There.Incarnation, 8) { Of = _bench.Self.StoreId });
    }

    [Fact]
    public void WhatTheLastAcknowledgementToldOfThePeer_IsKeptASecondLater_ThoughNoMoreComes()
    {
        _bench.Enqueue("orders", "1", "2");
        _bench.Up();
        _bench.Store.Run();
        _bench.Link.OnFrame(new LinkFrame.Ack("orders", 2) { Group = 8 });
        _bench.After(TimeSpan.FromSeconds(1));
        _bench.Store.Run();

        HistoryPoint.Parse(_bench.Store.State.Marks[MarkNames.KnownPeer + "there"])!.Group.ShouldBe(8);
    }

    [Fact]
    public void ARunThatIsNotAboveTheKnownOne_IsRefused_ButNotBeforeThatHasSent()
    {
        var first = NewIncoming();
        Say(first, new LinkFrame.Hello(LinkBench.There, "here", LinkBench.Limits, 0));
        var copy = LinkBench.There with { Incarnation = _other, Name = "copy" };
        Hello(copy).ShouldBeOfType<LinkFrame.Welcome>();
        Say(first, new LinkFrame.Batch("orders", 0, [new NumberedMessage(1, _bench.NewMessage("1"))]));

        Hello(copy).ShouldBeOfType<LinkFrame.Refused>().Code.ShouldBe(RefusalCode.Forked);
        Hello(copy with { Run = 2 }).ShouldBeOfType<LinkFrame.Welcome>().Known.ShouldBe(
            new KnownRun(1, LinkBench.There.Incarnation, "there"));
    }

    [Fact]
    public void WhatThePeerKnowsOfThisStore_IsJudged()
    {
        var (self, runs) = (_bench.Self, RunList.Empty.With(new StoreRun(1, _bench.Self.Incarnation, 1)));

        PastOf(null).ShouldBe(PastVerdict.Nothing);
        PastOf(new HistoryPoint(self.StoreId, 1, self.Incarnation, 0) { Of = LinkBench.There.StoreId }).ShouldBe(PastVerdict.Own);
        PastOf(new HistoryPoint(self.StoreId, 1, self.Incarnation, 1_000) { Of = LinkBench.There.StoreId }).ShouldBe(PastVerdict.Foreign);
        PastOf(new HistoryPoint(self.StoreId, 1, _other, 0) { Of = LinkBench.There.StoreId }).ShouldBe(PastVerdict.Foreign);
        PastOf(new HistoryPoint(_other, 1, _other, 0) { Of = LinkBench.There.StoreId }).ShouldBe(PastVerdict.OtherStore);

        PastVerdict PastOf(HistoryPoint? known)
        {
            Say(NewIncoming(runs), new LinkFrame.Hello(LinkBench.There, "here", LinkBench.Limits, 0) { Known = known });
            return _answers.Last().ShouldBeOfType<LinkFrame.Welcome>().Past;
        }
    }

    private void KnowThePeer() =>
        _bench.Link.RestoreKnown(new HistoryPoint(LinkBench.There.StoreId, 5, _other, 5) { Of = _bench.Self.StoreId }.ToNote(),
            accepted: null);

    private void Welcome(PastVerdict past = PastVerdict.Nothing, KnownRun? known = null)
    {
        if (_bench.Dials == 0) _bench.Link.Start();
        _bench.Link.OnConnected();
        _bench.Link.OnFrame(new LinkFrame.Welcome(LinkBench.There, LinkBench.Limits, _bench.Clock.NowUnixMs)
        { Past = past, Known = known });
    }

    private void Refuse(RefusalCode code)
    {
        _bench.Link.Start();
        _bench.Link.OnConnected();
        _bench.Link.OnFrame(new LinkFrame.Refused(code, "no"));
    }

    private IncomingLink NewIncoming(RunList? runs = null) =>
        new(_bench.Settings, _bench.Self, new HashSet<string> { "there", "copy" }, _bench.Clock, _bench.Store, _answers,
            new StoredMessages(), new OwnPast { Runs = runs ?? RunList.Empty }, NoTelemetry.Instance, NullLogger<IncomingLink>.Instance);

    private LinkFrame Hello(GatewayIdentity from)
    {
        Say(NewIncoming(), new LinkFrame.Hello(from, "here", LinkBench.Limits, 0));
        return _answers.Last();
    }

    private void Say(IncomingLink link, LinkFrame frame)
    {
        link.OnFrame(frame);
        _bench.Store.Run();
    }
}
