using Gateway.Links;
using Gateway.Links.Protocol;
using Gateway.Links.Receiving;
using Gateway.Store.Commands;
using Gateway.Telemetry;
using Gateway.Tests.Store;
using Microsoft.Extensions.Logging.Abstractions;
using Shouldly;
using Xunit;

namespace Gateway.Tests.Links;

/// <summary>Frames under way on a connection that this side gave up: each was once refused, with a line in the log.</summary>
public sealed class GivenUpConnectionTests
{
    private readonly LinkBench _bench = new();
    private readonly SentFrames _sent = [];
    private readonly PeerLinks _links;

    public GivenUpConnectionTests() => _links = new PeerLinks(new Dictionary<string, OutgoingLink> { ["there"] = _bench.Link },
        _bench.Settings, _bench.Self, _bench.Clock, _bench.Store, new StoredMessages(), new OwnPast(), NoTelemetry.Instance,
        NullLogger<IncomingLink>.Instance);

    [Fact]
    public void FramesBehindARefusal_AreNotAnswered()
    {
        Say("one", new LinkFrame.Hello(LinkBench.There, "somebody else", LinkBench.Limits, 0));
        for (var i = 1; i <= 10_000; i++) Say("one", new LinkFrame.Batch("orders", 0, [new NumberedMessage(i, _bench.NewMessage("x"))]));

        _sent.ShouldHaveSingleItem().ShouldBeOfType<LinkFrame.Refused>();
    }

    [Fact]
    public void FramesOnAConnectionThatWasDisplaced_AreNotAnswered()
    {
        Say("one", new LinkFrame.Hello(LinkBench.There, "here", LinkBench.Limits, 0));
        Say("two", new LinkFrame.Hello(LinkBench.There, "here", LinkBench.Limits, 1));
        _bench.Store.Run();
        var answers = _sent.Count;
        for (var i = 1; i <= 10; i++) Say("one", new LinkFrame.Ping(i)).ShouldBeFalse();

        _sent.Count.ShouldBe(answers);
        Say("two", new LinkFrame.Ping(1)).ShouldBeTrue();
    }

    [Fact]
    public void AName_IsFreeForAnotherConnection_WhenTheOneThatWasGivenUpHasEnded()
    {
        Say("one", new LinkFrame.Hello(LinkBench.There, "somebody else", LinkBench.Limits, 0));
        _links.OnIncomingLost("one", LinkCause.ClosedByPeer, "closed");

        Say("one", new LinkFrame.Hello(LinkBench.There, "here", LinkBench.Limits, 1)).ShouldBeTrue();
    }

    private bool Say(string connection, LinkFrame frame) => _links.OnIncoming(connection, LinkCodec.Encode(frame), null, _sent);
}
