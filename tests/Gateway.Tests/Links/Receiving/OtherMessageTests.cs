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
/// The accepting side: a batch follows on the message that is here, or it is of another history; and what a peer knows to be here must be.
/// </summary>
public sealed class OtherMessageTests
{
    private static readonly Guid _incarnation = new("00000000-0000-0000-0000-000000000003");

    private readonly StoreBench _store = new();
    private readonly LoopClock _clock = new();
    private readonly SentFrames _sent = [];
    private readonly OwnPast _past = new() { Runs = RunList.Empty.With(new StoreRun(1, _incarnation, 1)) };
    private readonly LinkBench _messages = new();
    private readonly IncomingLink _link;
    private readonly Message _first;

    public OtherMessageTests()
    {
        _first = _messages.NewMessage("1");
        _link = NewLink();
        Say(_link, new LinkFrame.Hello(LinkBench.There, "here", LinkBench.Limits, 0));
        Say(_link, new LinkFrame.Batch("orders", 0, [new NumberedMessage(1, _first)]));
    }

    [Fact]
    public void Batch_ThatFollowsOnWhatIsHere_IsTaken()
    {
        Send(previous: 1, MessageCheck.Of(_first), number: 2).ShouldBe("Ack 2");
        Send(previous: 2, previousCheck: 0, number: 3).ShouldBe("Ack 3");
    }

    [Fact]
    public void Batch_ThatFollowsOnAnotherMessageOfTheSameNumber_IsNotTaken_NorWhatComesBehindIt()
    {
        Send(previous: 1, MessageCheck.Of(_first) ^ 1, number: 2).ShouldBe($"Positions 1 {MessageCheck.Of(_first)}");
        Send(previous: 2, previousCheck: 5, number: 3).ShouldBe($"Positions 1 {MessageCheck.Of(_first)}");

        _store.State.Position(LinkBench.There.StoreId, "orders@here").ShouldBe(new StoredPosition(1, MessageCheck.Of(_first)));
        _store.State.Find(QueueId.Inbound("orders"))!.Messages.ShouldBe(1);
    }

    [Fact]
    public void Batch_ThatEndsWithAnotherMessageThanTheOneThatIsHere_IsNotTakenForKnown()
    {
        var link = NewLink();
        Say(link, new LinkFrame.Hello(LinkBench.There, "here", LinkBench.Limits, 1));
        Say(link, new LinkFrame.Batch("orders", 0, [new NumberedMessage(1, _messages.NewMessage("other"))]));
        Last().ShouldBe($"Positions 1 {MessageCheck.Of(_first)}");

        link = NewLink();
        Say(link, new LinkFrame.Hello(LinkBench.There, "here", LinkBench.Limits, 2));
        Say(link, new LinkFrame.Batch("orders", 0, [new NumberedMessage(1, _first)]));
        Last().ShouldBe("Ack 1");
    }

    [Fact]
    public void AnIdThatIsAcceptedAgainLater_IsAnotherMessage()
    {
        var again = _first with { EnqueuedUnixMs = _first.EnqueuedUnixMs + 1 };

        MessageCheck.Of(again).ShouldNotBe(MessageCheck.Of(_first));
        MessageCheck.Of(_first with { Body = "other"u8.ToArray() }).ShouldBe(MessageCheck.Of(_first));
    }

    [Fact]
    public void AMachineThatWasPutBack_HasLostWhatThePeerKnows_HoweverFarOthersHaveBroughtIt()
    {
        var group = _sent.OfType<LinkFrame.Ack>().Last().Group;
        group.ShouldBeGreaterThan(0);
        for (var i = 0; i < 20; i++)
        {
            _store.Submit(new MarkCommand("others", $"{i}", done: null));
            _store.Run();
        }

        PastOf(group, LinkBench.There.StoreId).ShouldBe(PastVerdict.Own);
        PastOf(group + 1, LinkBench.There.StoreId).ShouldBe(PastVerdict.Foreign);
    }

    [Fact]
    public void WhatASenderKnew_WhenItsStoreHadAnotherIdentity_IsJudgedByThat()
    {
        var group = _sent.OfType<LinkFrame.Ack>().Last().Group;
        var renewed = LinkBench.There with { StoreId = new Guid("00000000-0000-0000-0000-0000000000cc") };

        PastOf(group, LinkBench.There.StoreId, renewed).ShouldBe(PastVerdict.Own);
        PastOf(group + 1, LinkBench.There.StoreId, renewed).ShouldBe(PastVerdict.Foreign);
        PastOf(0, renewed.StoreId, renewed).ShouldBe(PastVerdict.Own);
    }

    private IncomingLink NewLink() =>
        new(new LinkSettings { Limits = LinkBench.Limits }, new GatewayIdentity("here", _store.StoreId, _incarnation, 0, Run: 1),
            LinkBench.Peers, _clock, _store, _sent, new StoredMessages(), _past, NoTelemetry.Instance, NullLogger<IncomingLink>.Instance);

    private PastVerdict PastOf(long group, Guid of, GatewayIdentity? peer = null)
    {
        var known = new HistoryPoint(_store.StoreId, 1, _incarnation, group) { Of = of };
        Say(NewLink(), new LinkFrame.Hello(peer ?? LinkBench.There, "here", LinkBench.Limits, 0) { Known = known });
        return _sent.OfType<LinkFrame.Welcome>().Last().Past;
    }

    private string Send(long previous, uint previousCheck, long number)
    {
        Say(_link, new LinkFrame.Batch("orders", previous, [new NumberedMessage(number, _messages.NewMessage("x"))])
        { PreviousCheck = previousCheck });
        return Last();
    }

    private string Last() => _sent.Last() switch
    {
        LinkFrame.Ack ack => $"Ack {ack.Number}",
        LinkFrame.Positions { Queues: [var position] } => $"Positions {position.Number} {position.Check}",
        var other => $"{other}",
    };

    private void Say(IncomingLink link, LinkFrame frame)
    {
        link.OnFrame(frame);
        _store.Run();
        link.FlushAcks();
    }
}
