using Gateway.Links.Causes;
using Gateway.Links.Protocol;
using Gateway.Links.Receiving;
using Gateway.Store.Commands;
using Gateway.Store.Messages;
using Gateway.Telemetry;
using Gateway.Tests.Store;
using Microsoft.Extensions.Logging.Abstractions;
using Shouldly;
using Xunit;

namespace Gateway.Tests.Links;

/// <summary>
/// The first batch of a queue for which nobody asked, or its answer, is lost, and the peer has numbers of that queue from a history of this
/// store that was put back: nothing may be taken for known.
/// </summary>
public sealed class OpeningTests
{
    private readonly LinkBench _bench = new();

    [Fact]
    public void Opening_UntilItIsAnswered_IsAllThatIsSentOfTheQueue()
    {
        _bench.Up();
        _bench.Enqueue("orders", "1", "2");
        _bench.Enqueue("orders", "3");
        _bench.Enqueue("bills", "4");

        _bench.TakeSent().Select(LinkBench.Bodies).ShouldBe(["1,2", "4"]);

        _bench.Link.OnFrame(new LinkFrame.Ack("orders", 2));
        _bench.Store.Run();
        _bench.TakeSent().Select(LinkBench.Bodies).ShouldBe(["3"]);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Opening_WithoutAnAnswer_IsStoredWholeOrNotAtAll_SoAPositionWithinIt_IsAForkedStore(long position)
    {
        OpenInVain();
        _bench.Up(LinkBench.Limits, ("orders", position));

        _bench.Link.Status.Cause.ShouldBe(LinkCause.StoreForked);
        _bench.Link.Status.Evidence.ShouldContain("only up to 0, or one batch up to 3");
        _bench.Waiting("orders").ShouldBe(3);
    }

    [Theory]
    [InlineData(0, new[] { "1,2,3" })]
    [InlineData(3, new string[0])]
    public void Opening_WithoutAnAnswer_ThatArrivedOrDidNot_GoesOnFromThere(long position, string[] sent)
    {
        OpenInVain();
        _bench.Up(LinkBench.Limits, ("orders", position));
        _bench.Store.Run();

        _bench.Link.Status.State.ShouldBe(LinkState.Up);
        _bench.TakeSent().OfType<LinkFrame.Batch>().Select(LinkBench.Bodies).ShouldBe(sent);
    }

    [Fact]
    public void Position_AtAPeerThatHasTakenNothingOfThisRun_IsNotOfThisRun()
    {
        OpenInVain();
        _bench.Link.OnConnected();
        var before = new KnownRun(_bench.Self.Run - 1, Guid.NewGuid(), "here");
        _bench.Link.OnFrame(new LinkFrame.Welcome(LinkBench.There, LinkBench.Limits, 0) { Known = before });
        _bench.Link.OnFrame(new LinkFrame.Positions([new QueuePosition("orders", 3)]));

        _bench.Link.Status.Cause.ShouldBe(LinkCause.StoreForked);
        _bench.Link.Status.Evidence.ShouldContain("has taken nothing of this run");
        _bench.Waiting("orders").ShouldBe(3);
    }

    [Fact]
    public void Resend_BeforeTheAnswer_IsOfWhatWasBefore()
    {
        _bench.Up();
        _bench.Enqueue("orders", "1", "2");
        _bench.TakeSent();

        _bench.Link.OnFrame(new LinkFrame.Resend("orders", 0));
        _bench.TakeSent().ShouldBeEmpty();
        _bench.Link.OnFrame(new LinkFrame.Positions([new QueuePosition("orders", 2)]));
        _bench.Link.Status.Cause.ShouldBe(LinkCause.StoreForked);
    }

    [Fact]
    public void Batch_BehindAnOpeningThatWasRefused_IsNotTakenForKnown_WhenTheAnswerWasLost()
    {
        var store = new StoreBench();
        var sent = new SentFrames();
        var self = new GatewayIdentity("here", store.StoreId, new Guid("00000000-0000-0000-0000-000000000003"), 0, Run: 1);
        var settings = new LinkSettings { Limits = LinkBench.Limits };
        var link = new IncomingLink(settings, self, LinkBench.Peers, _bench.Clock, store, sent, new StoredMessages(), new OwnPast(),
            NoTelemetry.Instance,
            NullLogger<IncomingLink>.Instance);
        store.Submit(new StoreInboundCommand(LinkBench.There.StoreId, "orders", 0, Numbered(6), _ => { }) { Suffix = "@here" });
        Take(new LinkFrame.Hello(LinkBench.There, "here", LinkBench.Limits, 0));

        Take(new LinkFrame.Batch("orders", 0, Numbered(3)) { Opens = true }).ShouldBe(Stands());
        Take(new LinkFrame.Batch("orders", 3, Numbered(6))).ShouldBe(Stands());
        Take(new LinkFrame.Batch("orders", 6, Numbered(9))).ShouldBe(Stands());
        // Above what is here there can be no other history.
        Take(new LinkFrame.Batch("orders", 6, Numbered(9)) { Opens = true }).ShouldBe("Ack 9");

        string Take(LinkFrame frame)
        {
            sent.Clear();
            link.OnFrame(frame);
            store.Run();
            link.FlushAcks();
            return sent.LastOrDefault() switch
            {
                LinkFrame.Positions positions => $"stands at {positions.Queues[0].Number}",
                LinkFrame.Ack ack => $"Ack {ack.Number}",
                var other => $"{other}",
            };
        }

        static string Stands() => "stands at 6";
    }

    [Fact]
    public void Queue_ThatWasForgottenWhileItHadATurn_SendsNothing_WhenAnotherOfItsNameBegins()
    {
        _bench.Up(LinkBench.Limits with { WindowMessages = 1 });
        _bench.Enqueue("bills", "a");
        _bench.Enqueue("orders", "1");
        var orders = QueueId.Outgoing("orders", "there");
        _bench.Store.Submit(new PurgeCommand(orders, [1], _ => { }));
        _bench.Store.Run();
        _bench.Link.OnForgotten(orders, 1);
        _bench.Link.Forget();
        _bench.Enqueue("orders", "2");
        _bench.TakeSent();

        _bench.Link.OnFrame(new LinkFrame.Ack("bills", 1));
        _bench.Store.Run();
        var batch = _bench.TakeSent().OfType<LinkFrame.Batch>().ShouldHaveSingleItem();
        (batch.Previous, LinkBench.Bodies(batch)).ShouldBe((1, "2"));
        _bench.Link.OnFrame(new LinkFrame.Ack("orders", 2));
        _bench.Link.UnderWay.IsDrained.ShouldBeTrue();
    }

    /// <summary>Three messages in one batch, and the connection is lost before an answer comes.</summary>
    private void OpenInVain()
    {
        _bench.Up();
        _bench.Enqueue("orders", "1", "2", "3");
        _bench.TakeSent().OfType<LinkFrame.Batch>().ShouldHaveSingleItem().Opens.ShouldBeTrue();
        _bench.Link.OnLost(LinkCause.ResetByPeer, "reset");
        _bench.After(_bench.Settings.BackoffMax);
        _bench.TakeSent();
    }

    /// <summary>One message of that number.</summary>
    private IReadOnlyList<NumberedMessage> Numbered(long number) => [new NumberedMessage(number, _bench.NewMessage("body"))];
}
