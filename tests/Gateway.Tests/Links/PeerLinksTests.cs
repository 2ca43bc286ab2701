using Gateway.Links;
using Gateway.Links.Causes;
using Gateway.Links.Protocol;
using Gateway.Links.Receiving;
using Gateway.Store.Messages;
using Gateway.Telemetry;
using Gateway.Tests.Links.Protocol;
using Gateway.Tests.Store;
using Microsoft.Extensions.Logging.Abstractions;
using Shouldly;
using Xunit;

namespace Gateway.Tests.Links;

public sealed class PeerLinksTests
{
    private readonly LinkBench _bench = new();
    private readonly Dictionary<string, SentFrames> _sent = [];
    private readonly PeerLinks _links;

    public PeerLinksTests() => _links = new PeerLinks(
        new Dictionary<string, OutgoingLink> { ["there"] = _bench.Link },
        _bench.Settings,
        _bench.Self,
        _bench.Clock,
        _bench.Store,
        new StoredMessages(),
        new OwnPast(),
        NoTelemetry.Instance,
        NullLogger<IncomingLink>.Instance);

    [Fact]
    public void ANewerConnection_DisplacesTheOlder()
    {
        Hello("1");
        Hello("2");

        Sent("1").Last().ShouldBeOfType<LinkFrame.Refused>().Code.ShouldBe(RefusalCode.Displaced);
        Sent("2")[0].ShouldBeOfType<LinkFrame.Welcome>();
    }

    [Fact]
    public void APeerThatIsRemoved_LosesItsConnection_AndIsRefusedUntilItIsAddedAgain()
    {
        Hello("1");
        _links.Remove("there", _bench.Link);
        Hello("2");
        _links.Add("there");
        Hello("3");

        Sent("1").Last().ShouldBeOfType<LinkFrame.Refused>().Code.ShouldBe(RefusalCode.UnknownPeer);
        Sent("2").ShouldHaveSingleItem().ShouldBeOfType<LinkFrame.Refused>().Code.ShouldBe(RefusalCode.UnknownPeer);
        Sent("3")[0].ShouldBeOfType<LinkFrame.Welcome>();
    }

    [Fact]
    public void APeerThatMustShowAnotherCertificate_LosesItsConnection_AndMayConnectAgain()
    {
        Hello("1");
        _links.Prove("there");
        Hello("2");

        Sent("1").Last().ShouldBeOfType<LinkFrame.Refused>().Code.ShouldBe(RefusalCode.NotAuthorised);
        Sent("2")[0].ShouldBeOfType<LinkFrame.Welcome>();
    }

    [Fact]
    public void AHelloOvertakenByALaterOneOfTheSameRun_DisplacesNobody()
    {
        Incoming("2", new LinkFrame.Hello(LinkBench.There, "here", LinkBench.Limits, ClockUnixMs: 2));
        Incoming("1", new LinkFrame.Hello(LinkBench.There, "here", LinkBench.Limits, ClockUnixMs: 1));
        _bench.Store.Run();

        Sent("1").ShouldHaveSingleItem().ShouldBeOfType<LinkFrame.Refused>().Code.ShouldBe(RefusalCode.Displaced);
        Sent("2").ShouldHaveSingleItem().ShouldBeOfType<LinkFrame.Welcome>();
    }

    [Theory]
    [InlineData(2_000)]
    [InlineData(1_000)]
    [InlineData(0)]
    public void AHelloOvertakenByOneOfALaterRun_DisplacesNobody_WhateverTheClocksSay(long laterStartedUnixMs)
    {
        Incoming("2", new LinkFrame.Hello(LinkBench.ThereAgain with { StartedUnixMs = laterStartedUnixMs }, "here", LinkBench.Limits,
            ClockUnixMs: 1));
        Incoming("1", new LinkFrame.Hello(LinkBench.There, "here", LinkBench.Limits, ClockUnixMs: 2));
        _bench.Store.Run();

        var refused = Sent("1").ShouldHaveSingleItem().ShouldBeOfType<LinkFrame.Refused>();
        refused.Code.ShouldBe(RefusalCode.Forked);
        refused.Text.ShouldContain($"{LinkBench.ThereAgain.Incarnation:N}");
        Sent("2").ShouldHaveSingleItem().ShouldBeOfType<LinkFrame.Welcome>();
    }

    [Theory]
    [InlineData(2_000)]
    [InlineData(1_000)]
    [InlineData(0)]
    public void AHelloOfALaterRun_DisplacesTheFormer_WhateverTheClocksSay(long laterStartedUnixMs)
    {
        Incoming("1", new LinkFrame.Hello(LinkBench.There, "here", LinkBench.Limits, ClockUnixMs: 2));
        Incoming("2", new LinkFrame.Hello(LinkBench.ThereAgain with { StartedUnixMs = laterStartedUnixMs }, "here", LinkBench.Limits,
            ClockUnixMs: 1));
        _bench.Store.Run();

        Sent("1").Last().ShouldBeOfType<LinkFrame.Refused>().Code.ShouldBe(RefusalCode.Displaced);
        Sent("2").ShouldHaveSingleItem().ShouldBeOfType<LinkFrame.Welcome>();
    }

    [Fact]
    public void AnotherRunOfTheSameNumber_IsRefused_AsLongAsTheFirstIsConnected()
    {
        var copy = LinkBench.There with { Incarnation = LinkBench.ThereAgain.Incarnation };
        Hello("1");
        Incoming("2", new LinkFrame.Hello(copy, "here", LinkBench.Limits, 0));

        Sent("2").Last().ShouldBeOfType<LinkFrame.Refused>().Code.ShouldBe(RefusalCode.Forked);
        Sent("1").ShouldHaveSingleItem().ShouldBeOfType<LinkFrame.Welcome>();
    }

    [Fact]
    public void RunsOnDifferentStores_DisplaceEachOther()
    {
        var anew = LinkBench.There with { Incarnation = Guid.NewGuid(), StoreId = Guid.NewGuid(), Run = 1 };
        Hello("1");
        Incoming("2", new LinkFrame.Hello(anew, "here", LinkBench.Limits, 0));
        Hello("3");

        foreach (var displaced in new[] { "1", "2" })
            Sent(displaced).Last().ShouldBeOfType<LinkFrame.Refused>().Code.ShouldBe(RefusalCode.Displaced);
        Sent("3").ShouldContain(frame => frame is LinkFrame.Welcome);
    }

    [Theory]
    [InlineData(2_000)]
    [InlineData(1_000)]
    [InlineData(0)]
    public void ALateHelloOfAFormerRun_IsNoRestart_WhateverTheClocksSay(long laterStartedUnixMs)
    {
        var later = LinkBench.ThereAgain with { StartedUnixMs = laterStartedUnixMs };
        _bench.Up();
        _bench.Link.OnLost(LinkCause.ResetByPeer, "reset");
        _bench.After(TimeSpan.FromSeconds(1));
        _bench.Link.OnConnected();
        _bench.Welcome(later);

        Hello("1");

        _bench.Link.Status.State.ShouldBe(LinkState.Up);
    }

    [Fact]
    public void ARefusedHello_DisplacesNobody()
    {
        Hello("1");
        Incoming("2", new LinkFrame.Hello(LinkBench.ThereAgain, "somebody", LinkBench.Limits, 0));
        _bench.Store.Run();

        Sent("1").ShouldHaveSingleItem().ShouldBeOfType<LinkFrame.Welcome>();
        Sent("2").ShouldHaveSingleItem().ShouldBeOfType<LinkFrame.Refused>().Code.ShouldBe(RefusalCode.WrongName);
    }

    [Fact]
    public void AHelloInANameOfAnother_DisplacesNobody()
    {
        Hello("1");
        var hello = LinkCodec.Encode(new LinkFrame.Hello(LinkBench.ThereAgain, "here", LinkBench.Limits, 0));
        _links.OnIncoming("2", hello, new AuthorisedNames(new HashSet<string> { "elsewhere" }, ""), Sent("2"));
        _bench.Store.Run();

        Sent("1").ShouldHaveSingleItem().ShouldBeOfType<LinkFrame.Welcome>();
        Sent("2").ShouldHaveSingleItem().ShouldBeOfType<LinkFrame.Refused>().Code.ShouldBe(RefusalCode.NotAuthorised);
    }

    [Fact]
    public void ALateFrameOfADisplacedConnection_IsRefusedAndStoresNothing()
    {
        Hello("1");
        Hello("2");
        Incoming("1", new LinkFrame.Batch("orders", 0, [new(1, GoldenLinkFrames.Message)]));
        _bench.Store.Run();

        _bench.Store.State.Queues.ShouldBeEmpty();
        Sent("1").Last().ShouldBeOfType<LinkFrame.Refused>();
    }

    [Fact]
    public void TheSameRunOfAPeer_IsToldHowItsLastConnectionEndedHere()
    {
        Hello("1");
        _links.OnIncomingLost("1", LinkCause.ResetByPeer, "reset");
        Hello("2");
        Hello("3");
        Incoming("4", new LinkFrame.Hello(LinkBench.ThereAgain, "here", LinkBench.Limits, 0));
        _bench.Store.Run();

        Ends("2").ShouldHaveSingleItem().Cause.ShouldBe(LinkCause.ResetByPeer);
        Ends("3").ShouldHaveSingleItem().Cause.ShouldBe(LinkCause.None, "it was open until the next one came");
        Ends("4").ShouldBeEmpty("another run knows nothing of it");

        List<LinkFrame.LastEnd> Ends(string connection) => Sent(connection).OfType<LinkFrame.LastEnd>().ToList();
    }

    [Fact]
    public void AHello_WakesTheLinkBack()
    {
        _links.Start();
        _bench.Link.OnLost(LinkCause.Refused, "refused");
        _bench.Clock.Advance(_bench.Clock.Now + _bench.Settings.BackoffMin);
        Hello("1");

        _bench.Dials.ShouldBe(2);
    }

    [Fact]
    public void BytesThatAreNoFrame_AreRefused()
    {
        _links.OnIncoming("1", [1, 2, 3], null, Sent("1"));
        _links.OnIncoming("2", [1, (byte)'G', (byte)'W', (byte)'L', 9], null, Sent("2"));

        Sent("1").ShouldHaveSingleItem().ShouldBeOfType<LinkFrame.Refused>().Code.ShouldBe(RefusalCode.Protocol);
        Sent("2").ShouldHaveSingleItem().ShouldBeOfType<LinkFrame.Refused>().Code.ShouldBe(RefusalCode.Version);
    }

    [Fact]
    public void AHelloWithAHugeName_IsRefusedInFewBytes()
    {
        var hello =
            LinkCodec.Encode(new LinkFrame.Hello(LinkBench.There with { Name = new string('x', 65_535) }, "here", LinkBench.Limits, 0));
        _links.OnIncoming("1", hello, null, Sent("1"));

        LinkCodec.Encode(Sent("1").ShouldHaveSingleItem()).Length.ShouldBeLessThan(2000);
    }

    [Fact]
    public void AKnownQueueOfAPeerThatIsNotConfiguredAnyMore_IsLeftInTheStore() =>
        Should.NotThrow(() => _links.AddKnownQueue(QueueId.Outgoing("orders", "gone"), 5, null, 0));

    private void Hello(string connection)
    {
        Incoming(connection, new LinkFrame.Hello(LinkBench.There, "here", LinkBench.Limits, 0));
        _bench.Store.Run();
    }

    private void Incoming(string connection, LinkFrame frame) =>
        _links.OnIncoming(connection, LinkCodec.Encode(frame), null, Sent(connection));

    private SentFrames Sent(string connection)
    {
        if (!_sent.TryGetValue(connection, out var sent)) _sent[connection] = sent = [];
        return sent;
    }
}
