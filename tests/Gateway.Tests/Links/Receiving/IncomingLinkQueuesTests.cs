using Gateway.Links.Protocol;
using Gateway.Links.Receiving;
using Gateway.Store.Commands;
using Gateway.Store.Messages;
using Gateway.Telemetry;
using Gateway.Tests.Links.Protocol;
using Gateway.Tests.Store;
using Microsoft.Extensions.Logging.Abstractions;
using Shouldly;
using Xunit;

namespace Gateway.Tests.Links.Receiving;

/// <summary>The accepting side with very many queues, and with those that begin.</summary>
public sealed class IncomingLinkQueuesTests
{
    private static readonly GatewayIdentity _self =
        new("here", new Guid("00000000-0000-0000-0000-0000000000aa"), new Guid("00000000-0000-0000-0000-000000000003"), 0, Run: 1);

    private readonly StoreBench _store = new(new StoreSettings { PeerQueuesMax = 300 });
    private readonly LoopClock _clock = new();
    private readonly SentFrames _sent = [];
    private readonly StoredMessages _stored = [];
    private readonly IncomingLink _link;

    public IncomingLinkQueuesTests()
    {
        _clock.Advance(new DateTimeOffset(2030, 1, 1, 0, 0, 0, TimeSpan.Zero));
        _link = new IncomingLink(new LinkSettings { Limits = LinkBench.Limits }, _self, LinkBench.Peers, _clock, _store,
            _sent, _stored, new OwnPast(), NoTelemetry.Instance, NullLogger<IncomingLink>.Instance);
        Run(new LinkFrame.Hello(LinkBench.There, "here", LinkBench.Limits, 0));
    }

    [Fact]
    public void Ask_IsAnsweredForThatStoreAlone_InTheOrderOfTheQuestion()
    {
        Store(LinkBench.There.StoreId, "orders", 2);
        Store(new Guid("00000000-0000-0000-0000-0000000000cc"), "bills", 9);

        var positions = Run(new LinkFrame.Ask(["bills", "orders"])).ShouldHaveSingleItem().ShouldBeOfType<LinkFrame.Positions>();

        positions.Queues.Select(position => (position.Queue, position.Number)).ShouldBe([("bills", 0), ("orders", 2)]);
        positions.Queues[1].Check.ShouldBe(_store.State.Position(LinkBench.There.StoreId, "orders@here").Check);
    }

    [Fact]
    public void Ask_BeforeTheAnswer_BreaksTheProtocol()
    {
        _link.OnFrame(new LinkFrame.Ask(["orders"]));

        Run(new LinkFrame.Ask(["bills"])).ShouldHaveSingleItem().ShouldBeOfType<LinkFrame.Refused>().Code.ShouldBe(RefusalCode.Protocol);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(5)]
    public void Opening_FromAtOrAboveWhatIsHere_IsTaken(long position)
    {
        if (position > 0) Store(LinkBench.There.StoreId, "orders", position);

        Run(Batch("orders", 5, 7, opens: true), Batch("orders", 7, 8)).ShouldBe([new LinkFrame.Ack("orders", 8)]);
        _stored.Count.ShouldBe(2);
    }

    [Theory]
    [InlineData(6)]
    [InlineData(7)]
    [InlineData(8)]
    public void Opening_FromBelowWhatIsHere_IsRefused_AndNothingIsStoredOrAcknowledged(long position)
    {
        Store(LinkBench.There.StoreId, "orders", position);

        var answer = Run(Batch("orders", 5, 7, opens: true), Batch("orders", 7, 9)).ShouldHaveSingleItem()
            .ShouldBeOfType<LinkFrame.Positions>();

        answer.Queues.Select(there => (there.Queue, there.Number)).ShouldBe([("orders", position)]);
        _stored.ShouldBeEmpty();
    }

    [Fact]
    public void Batch_OfAQueueThatIsNotKnownHere_IsComparedByTheStore()
    {
        Store(LinkBench.There.StoreId, "orders", 5);

        Run(Batch("orders", 7, 8), Batch("orders", 8, 9)).ShouldBe([new LinkFrame.Resend("orders", 5)]);
        Run(Batch("orders", 5, 8), Batch("orders", 8, 9)).ShouldBe([new LinkFrame.Ack("orders", 9)]);
    }

    [Fact]
    public void Queues_ThatHaveComeToRest_AreNotRemembered()
    {
        for (var queue = 0; queue < 5_000; queue++)
        {
            Run(Batch($"reply-{queue}", 0, 1, opens: true)).ShouldBe([new LinkFrame.Ack($"reply-{queue}", 1)]);
            _store.Submit(new CompleteCommand(QueueId.Inbound($"reply-{queue}"), _stored[^1].Message.Number, () => { }));
        }

        _link.Remembered.ShouldBe(0);
        _store.State.Queues.Count.ShouldBeLessThan(300);
        _store.State.Positions.Count.ShouldBe(5_000);
    }

    [Fact]
    public void Queues_BeyondWhatAPeerMayMake_LackRoomThatIsShared_AndAreTakenWhenOthersAreEmpty()
    {
        var answers = Enumerable.Range(0, 550).SelectMany(queue => Run(Batch($"reply-{queue}", 0, 1, opens: true))).ToList();

        answers.OfType<LinkFrame.Ack>().Count().ShouldBe(300);
        var full = answers.OfType<LinkFrame.Full>().ToList();
        full.Count.ShouldBe(250);
        full[0].Text.ShouldContain("Store:PeerQueuesMax");
        full.ShouldAllBe(frame => frame.IsShared && frame.RetryAfterMs == 100);

        _store.Submit(new CompleteCommand(QueueId.Inbound("reply-0"), 1, () => { }));
        Run(Batch("reply-549", 0, 1)).ShouldBe([new LinkFrame.Ack("reply-549", 1)]);
        _link.Remembered.ShouldBe(249);
    }

    private List<LinkFrame> Run(params LinkFrame[] frames)
    {
        foreach (var frame in frames) _link.OnFrame(frame);
        _store.Run();
        _link.FlushAcks();
        // The group that made it durable is the store's affair.
        var sent = _sent.Select(frame => frame is LinkFrame.Ack ack ? ack with { Group = 0, Batches = 0 } : frame).ToList();
        _sent.Clear();
        return sent;
    }

    private static LinkFrame.Batch Batch(string queue, long previous, long number, bool opens = false) =>
        new(queue, previous, [new NumberedMessage(number, GoldenLinkFrames.Message)]) { Opens = opens };

    private void Store(Guid sender, string queue, long number)
    {
        _store.Submit(new StoreInboundCommand(sender, queue, 0, [new NumberedMessage(number, GoldenLinkFrames.Message)], _ => { })
        { Suffix = "@here" });
        _store.Run();
    }
}
