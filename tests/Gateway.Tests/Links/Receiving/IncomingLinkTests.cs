using Gateway.Client.Wire;
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

public sealed class IncomingLinkTests
{
    private static readonly GatewayIdentity _self =
        new("here", new Guid("00000000-0000-0000-0000-0000000000aa"), new Guid("00000000-0000-0000-0000-000000000003"), 0, Run: 1);

    private readonly StoreBench _store = new(new StoreSettings { QueueMessagesMax = 20 });
    private readonly LoopClock _clock = new();
    private readonly SentFrames _sent = [];
    private readonly StoredMessages _stored = [];
    private readonly LinkSettings _settings = new() { Limits = LinkBench.Limits with { WindowBytes = 200 } };
    private readonly IncomingLink _link;

    public IncomingLinkTests()
    {
        _clock.Advance(new DateTimeOffset(2030, 1, 1, 0, 0, 0, TimeSpan.Zero));
        _link = NewLink();
    }

    [Fact]
    public void Hello_IsWelcomed()
    {
        Hello();

        TakeSent().ShouldHaveSingleItem().ShouldBeOfType<LinkFrame.Welcome>().From.ShouldBe(_self);
    }

    [Fact]
    public void Hello_FromAStranger_IsRefused() =>
        Refusal(LinkBench.There with { Name = "stranger" }, "here").ShouldBe(RefusalCode.UnknownPeer);

    [Fact]
    public void Hello_InANameThatTheCertificateIsNotFor_IsRefused_WhetherOrNotItIsAPeer()
    {
        foreach (var name in new[] { "there", "stranger" })
        {
            var link = NewLink(new AuthorisedNames(new HashSet<string> { "elsewhere" }, "'CN=elsewhere'"));
            link.OnFrame(new LinkFrame.Hello(LinkBench.There with { Name = name }, "here", LinkBench.Limits, 0));

            var refused = TakeSent().ShouldHaveSingleItem().ShouldBeOfType<LinkFrame.Refused>();
            refused.Code.ShouldBe(RefusalCode.NotAuthorised);
            refused.Text.ShouldBe($"the certificate 'CN=elsewhere' is for elsewhere, not for {name}");
            link.Peer.ShouldBeNull();
        }
    }

    [Fact]
    public void Hello_InANameThatTheCertificateIsFor_IsWelcomed()
    {
        NewLink(new AuthorisedNames(new HashSet<string> { "other", "there" }, ""))
            .OnFrame(new LinkFrame.Hello(LinkBench.There, "here", LinkBench.Limits, 0));
        _store.Run();

        TakeSent().ShouldHaveSingleItem().ShouldBeOfType<LinkFrame.Welcome>();
    }

    [Fact]
    public void Hello_ForSomebodyElse_IsRefused() => Refusal(LinkBench.There, "elsewhere").ShouldBe(RefusalCode.WrongName);

    [Fact]
    public void Hello_OfAnotherVersion_IsRefused()
    {
        _link.OnForeignHello(7);

        var refused = TakeSent().ShouldHaveSingleItem().ShouldBeOfType<LinkFrame.Refused>();
        refused.Code.ShouldBe(RefusalCode.Version);
        refused.Text.ShouldContain("version 7");
        _link.IsClosed.ShouldBeTrue();
    }

    [Fact]
    public void Hello_Twice_BreaksTheProtocol()
    {
        Hello();
        TakeSent();
        Frame(new LinkFrame.Hello(LinkBench.There, "here", LinkBench.Limits, 0));

        TakeSent().ShouldHaveSingleItem().ShouldBeOfType<LinkFrame.Refused>().Code.ShouldBe(RefusalCode.Protocol);
    }

    [Fact]
    public void Batch_BeforeTheWelcome_BreaksTheProtocol()
    {
        Frame(new LinkFrame.Hello(LinkBench.There, "here", LinkBench.Limits, 0));
        Frame(Batch("orders", 0, 1));

        TakeSent().ShouldHaveSingleItem().ShouldBeOfType<LinkFrame.Refused>().Code.ShouldBe(RefusalCode.Protocol);
        _store.Run();
        TakeSent().ShouldBeEmpty();
        _stored.ShouldBeEmpty();
    }

    [Fact]
    public void Batches_AreAcknowledgedOnceTogether_AndOnlyWhenDurable()
    {
        Hello();
        TakeSent();
        Frame(Batch("orders", 0, 1));
        Frame(Batch("orders", 1, 2, 3));
        _link.FlushAcks();
        TakeSent().ShouldBeEmpty();

        _store.Run();
        _link.FlushAcks();
        TakeSent().ShouldBe([new LinkFrame.Ack("orders", 3)]);
        _stored.Count.ShouldBe(3);
        _link.FlushAcks();
        TakeSent().ShouldBeEmpty();
    }

    [Fact]
    public void Batch_Again_IsNotStoredAgain_ButAcknowledgedAgain()
    {
        Hello();
        Frame(Batch("orders", 0, 1));
        Frame(Batch("orders", 0, 1));
        _store.Run();
        _link.FlushAcks();
        TakeSent();
        Frame(Batch("orders", 0, 1));
        _store.Run();
        _link.FlushAcks();

        TakeSent().ShouldBe([new LinkFrame.Ack("orders", 1)]);
        _stored.Count.ShouldBe(1);
    }

    [Fact]
    public void Batch_AfterAGap_IsNotStored_AndAsksOnceForAResend()
    {
        Hello();
        Frame(Batch("orders", 0, 1));
        TakeSent();
        Frame(Batch("orders", 2, 3));
        Frame(Batch("orders", 3, 4));
        TakeSent().ShouldBe([new LinkFrame.Resend("orders", 1)]);

        Frame(Batch("orders", 1, 2, 3));
        Frame(Batch("orders", 3, 4));
        _store.Run();
        _link.FlushAcks();
        TakeSent().ShouldBe([new LinkFrame.Ack("orders", 4)]);
        _stored.Count.ShouldBe(4);
    }

    [Fact]
    public void Batch_WithoutRoom_IsToldOnce_AndTakenWhenItComesAgain()
    {
        Store(new Guid("00000000-0000-0000-0000-0000000000cc"), "orders", 0, [.. Enumerable.Range(1, 19).Select(number => (long)number)]);
        Hello();
        Frame(Batch("orders", 0, 1));
        _store.Run();
        _link.FlushAcks();
        TakeSent();

        Frame(Batch("orders", 1, 2));
        Frame(Batch("orders", 2, 3));
        Frame(Batch("bills", 0, 1));
        _store.Run();
        _link.FlushAcks();

        var answers = TakeSent();
        var full = answers.OfType<LinkFrame.Full>().ShouldHaveSingleItem();
        (full.Queue, full.Number).ShouldBe(("orders", 1));
        full.Text.ShouldContain("20 messages");
        answers.OfType<LinkFrame.Ack>().ShouldHaveSingleItem().ShouldBe(new LinkFrame.Ack("bills", 1));

        _store.Submit(new CompleteCommand(QueueId.Inbound("orders"), 1, () => { }));
        _store.Run();
        Frame(Batch("orders", 1, 2));
        _store.Run();
        _link.FlushAcks();
        TakeSent().ShouldBe([new LinkFrame.Ack("orders", 2)]);
    }

    [Fact]
    public void Batch_WithHoles_FollowsByItsPredecessor()
    {
        Hello();
        TakeSent();
        Frame(Batch("orders", 0, 5, 9));
        Frame(Batch("orders", 9, 20));
        _store.Run();
        _link.FlushAcks();

        TakeSent().ShouldBe([new LinkFrame.Ack("orders", 20)]);
    }

    [Fact]
    public void Batch_ThatTheStoreFindsAGapBefore_AsksForAResendFromWhereTheStoreStands()
    {
        Hello();
        TakeSent();
        Store(LinkBench.There.StoreId, "orders", 0, 1, 2, 3);
        Frame(Batch("orders", 0, 4));
        _store.Run();
        _link.FlushAcks();
        TakeSent().ShouldBe([new LinkFrame.Resend("orders", 3)]);

        Frame(Batch("orders", 3, 4));
        _store.Run();
        _link.FlushAcks();
        TakeSent().ShouldBe([new LinkFrame.Ack("orders", 4)]);
    }

    [Fact]
    public void Batches_BeyondTheWindow_CostTheConnection()
    {
        Hello();
        TakeSent();
        for (var number = 1; !_link.IsClosed && number < 100; number++) Frame(Batch("orders", number - 1, number));

        TakeSent().ShouldHaveSingleItem().ShouldBeOfType<LinkFrame.Refused>().Code.ShouldBe(RefusalCode.Protocol);
        _store.Run();
        _stored.Count.ShouldBeLessThan(10);
    }

    [Fact]
    public void Batch_WithABodyOverTheLimit_CostsTheConnection()
    {
        Hello();
        TakeSent();
        var message = GoldenLinkFrames.Message with { Body = new byte[LinkBench.Limits.BodyBytesMax + 1] };
        Frame(new LinkFrame.Batch("orders", 0, [new NumberedMessage(1, message)]));

        TakeSent().ShouldHaveSingleItem().ShouldBeOfType<LinkFrame.Refused>().Text.ShouldContain("limits");
    }

    [Fact]
    public void Batch_WithHeadersOverTheLimit_CostsTheConnection()
    {
        Hello();
        TakeSent();
        var headers = HeadersJson.Write(new Dictionary<string, string> { ["a"] = new('x', LinkBench.Limits.HeadersBytesMax) });
        Frame(new LinkFrame.Batch("orders", 0, [new NumberedMessage(1, GoldenLinkFrames.Message with { Headers = headers })]));

        TakeSent().ShouldHaveSingleItem().ShouldBeOfType<LinkFrame.Refused>().Text.ShouldContain("limits");
    }

    [Theory]
    [InlineData("there")]
    [InlineData("somebody-else")]
    public void Batch_WhateverSourceItClaims_IsStoredAsOfThePeer(string claimed)
    {
        Hello();
        Frame(new LinkFrame.Batch("orders", 0, [new NumberedMessage(1, GoldenLinkFrames.Message with { Source = claimed })]));
        _store.Run();

        _stored.ShouldHaveSingleItem().Message.Message.Source.ShouldBe(LinkBench.There.Name);
    }

    [Fact]
    public void Displaced_SaysSo_AndSendsNothingMore()
    {
        Hello();
        Frame(Batch("orders", 0, 1));
        TakeSent();
        _link.Displace(LinkBench.ThereAgain);
        TakeSent().ShouldHaveSingleItem().ShouldBeOfType<LinkFrame.Refused>().Code.ShouldBe(RefusalCode.Displaced);

        _store.Run();
        _link.FlushAcks();
        _link.SayGoodbye();
        TakeSent().ShouldBeEmpty();
        _stored.Count.ShouldBe(1);
    }

    [Fact]
    public void Silence_EndsIt_AndSaysSo()
    {
        Hello();
        _clock.Advance(_clock.Now + _settings.DeadAfter);
        _link.Tick();
        _link.IsClosed.ShouldBeFalse();
        TakeSent();
        _clock.Advance(_clock.Now.AddMilliseconds(1));
        _link.Tick();

        _link.IsClosed.ShouldBeTrue();
        TakeSent().ShouldHaveSingleItem().ShouldBeOfType<LinkFrame.Refused>().Code.ShouldBe(RefusalCode.Silent);
    }

    [Fact]
    public void NoHello_EndsItToo()
    {
        _clock.Advance(_clock.Now + _settings.DeadAfter + TimeSpan.FromMilliseconds(1));
        _link.Tick();

        _link.IsClosed.ShouldBeTrue();
    }

    [Fact]
    public void Heartbeats_AreSentAndAnswered()
    {
        Hello();
        TakeSent();
        Frame(new LinkFrame.Ping(5));
        TakeSent().ShouldBe([new LinkFrame.Pong(5, _clock.NowUnixMs)]);

        _clock.Advance(_clock.Now + (_settings.HeartbeatInterval * 1.25));
        _link.NextTick.ShouldBe(_clock.Uptime);
        _link.Tick();
        TakeSent().ShouldHaveSingleItem().ShouldBeOfType<LinkFrame.Ping>();
    }

    [Fact]
    public void APeerThatIsHeard_IsNotAsked()
    {
        Hello();
        Frame(new LinkFrame.Ping(5));
        TakeSent();
        for (var second = 0; second < 10; second++)
        {
            _clock.Advance(_clock.Now + _settings.HeartbeatInterval);
            Frame(new LinkFrame.Ping(6));
            _link.Tick();
        }

        TakeSent().ShouldAllBe(frame => frame is LinkFrame.Pong);
    }

    [Fact]
    public void Goodbye_EndsItWithoutAWord()
    {
        Hello();
        TakeSent();
        Frame(new LinkFrame.Goodbye());

        _link.IsClosed.ShouldBeTrue();
        TakeSent().ShouldBeEmpty();
    }

    private IncomingLink NewLink(AuthorisedNames? authorised = null) =>
        new(_settings, _self, LinkBench.Peers, _clock, _store, _sent, _stored, new OwnPast(), NoTelemetry.Instance,
            NullLogger<IncomingLink>.Instance)
        { Authorised = authorised };

    private void Hello()
    {
        Frame(new LinkFrame.Hello(LinkBench.There, "here", LinkBench.Limits, 0));
        _store.Run();
    }

    private RefusalCode Refusal(GatewayIdentity from, string to)
    {
        Frame(new LinkFrame.Hello(from, to, LinkBench.Limits, 0));
        _store.Run();
        _link.IsClosed.ShouldBeTrue();
        return TakeSent().ShouldHaveSingleItem().ShouldBeOfType<LinkFrame.Refused>().Code;
    }

    private void Frame(LinkFrame frame) => _link.OnFrame(frame);

    private static LinkFrame.Batch Batch(string queue, long previous, params long[] numbers) =>
        new(queue, previous, numbers.Select(number => new NumberedMessage(number, GoldenLinkFrames.Message)).ToList());

    private void Store(Guid senderStore, string queue, long previous, params long[] numbers)
    {
        _store.Submit(new StoreInboundCommand(senderStore, queue, previous, Batch(queue, previous, numbers).Messages, _ => { })
        { Suffix = "@here" });
        _store.Run();
    }

    private List<LinkFrame> TakeSent()
    {
        // The group that made it durable is the store's affair.
        var sent = _sent.Select(frame => frame is LinkFrame.Ack ack ? ack with { Group = 0, Batches = 0 } : frame).ToList();
        _sent.Clear();
        return sent;
    }
}
