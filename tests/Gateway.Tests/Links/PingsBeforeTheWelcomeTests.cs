using Gateway.Links.Causes;
using Gateway.Links.Protocol;
using Gateway.Links.Receiving;
using Gateway.Telemetry;
using Gateway.Tests.Store;
using Microsoft.Extensions.Logging.Abstractions;
using Shouldly;
using Xunit;

namespace Gateway.Tests.Links;

/// <summary>A pong vouches for a link; where there is none yet, none is given, and none counts as a sign of life.</summary>
public sealed class PingsBeforeTheWelcomeTests
{
    [Fact]
    public void APing_BeforeTheHello_EndsTheConnection() =>
        Accepting(new LinkFrame.Ping(5)).ShouldHaveSingleItem().ShouldBeOfType<LinkFrame.Refused>().Code.ShouldBe(RefusalCode.Protocol);

    [Fact]
    public void APong_BeforeTheHello_EndsTheConnection_InsteadOfKeepingItAlive() =>
        Accepting(new LinkFrame.Pong(5, 0)).ShouldHaveSingleItem().ShouldBeOfType<LinkFrame.Refused>().Code.ShouldBe(RefusalCode.Protocol);

    [Fact]
    public void APing_BeforeTheWelcome_IsNotAnswered()
    {
        var bench = new LinkBench();
        bench.Link.Start();
        bench.Link.OnConnected();
        bench.TakeSent();

        bench.Link.OnFrame(new LinkFrame.Ping(5));

        bench.TakeSent().ShouldBeEmpty();
        bench.Link.Status.State.ShouldBe(LinkState.Connecting);
    }

    private static List<LinkFrame> Accepting(LinkFrame frame)
    {
        var clock = new LoopClock();
        clock.Advance(new DateTimeOffset(2030, 1, 1, 0, 0, 0, TimeSpan.Zero));
        var sent = new SentFrames();
        var self = new GatewayIdentity("here", Guid.NewGuid(), Guid.NewGuid(), 0, Run: 1);
        var link = new IncomingLink(new LinkSettings { Limits = LinkBench.Limits }, self, LinkBench.Peers, clock, new SubmittedCommands(),
            sent, new StoredMessages(), new OwnPast(),
            NoTelemetry.Instance,
            NullLogger<IncomingLink>.Instance);
        link.OnFrame(frame);
        link.IsClosed.ShouldBeTrue();
        return sent;
    }
}
