using Gateway.Links.Causes;
using Gateway.Links.Fleet;
using Gateway.Links.Protocol;
using Gateway.Links.Receiving;
using Gateway.Telemetry;
using Gateway.Tests.Store;
using Microsoft.Extensions.Logging.Abstractions;
using Shouldly;
using Xunit;

namespace Gateway.Tests.Links.Fleet;

/// <summary>A link asks its peer for its state; whatever comes of that, the link stays as it is.</summary>
public sealed class PeerSummaryTests
{
    private static readonly LinkFrame _question = new LinkFrame.Ping(LinkFrame.Ping.AsksForSummary);
    private static readonly GatewaySummary _told = new() { Share = FleetShare.Totals, Version = "9.1", AgeMs = 3000 };

    private readonly LinkBench _bench = new();
    private int _settled;

    private PeerSummary Summary => _bench.Link.Summary;

    [Fact]
    public void AnAnswer_IsKeptWithTheTimeAtWhichItWasTrue()
    {
        Ask().ShouldBeTrue();
        _bench.TakeSent().ShouldBe([_question]);
        _bench.After(TimeSpan.FromMilliseconds(20));

        Tell(_told);

        (Summary.Answer, Summary.Last!.Version, _settled).ShouldBe((PeerAnswer.Summary, "9.1", 1));
        Summary.LastAt.ShouldBe(_bench.Clock.Now - TimeSpan.FromSeconds(3));
    }

    [Fact]
    public void Questions_AreAskedOneAtATime_AtALimitedRate()
    {
        Ask();
        Ask().ShouldBeFalse("the first is not answered");
        Tell(_told);
        Ask().ShouldBeFalse("that is too early");
        _bench.TakeSent().Count(frame => frame.Equals(_question)).ShouldBe(1);

        _bench.Clock.Advance(_bench.Clock.Now + PeerSummary.AskEvery);

        Ask().ShouldBeTrue();
    }

    [Fact]
    public void Questions_OverASlowLine_AreAskedMoreRarely()
    {
        Ask();
        _bench.Clock.Advance(_bench.Clock.Now + TimeSpan.FromSeconds(4));
        Tell(_told);
        _bench.Clock.Advance(_bench.Clock.Now + TimeSpan.FromSeconds(39));
        Ask().ShouldBeFalse();

        _bench.Clock.Advance(_bench.Clock.Now + TimeSpan.FromSeconds(1));

        Ask().ShouldBeTrue();
    }

    [Fact]
    public void AnOlderPeer_AnswersAMerePing_AndKeepsItsLink()
    {
        Ask();

        _bench.Link.OnFrame(new LinkFrame.Pong(LinkFrame.Ping.AsksForSummary, _bench.Clock.NowUnixMs));

        (Summary.Answer, Summary.Last, _bench.Link.Status.State, _settled).ShouldBe((PeerAnswer.NotKnown, null, LinkState.Up, 1));
        _bench.Clock.Advance(_bench.Clock.Now + PeerSummary.AskEvery);
        Ask().ShouldBeFalse("it does not learn it on this connection");
    }

    [Theory]
    [InlineData(0)]
    [InlineData(100)]
    [InlineData(10_000_000)]
    public void AnAnswerThatCannotBeRead_IsNoMoreThanThat(int length)
    {
        Ask();
        var bytes = new byte[1 + length];
        bytes.AsSpan().Fill(0xFF);
        bytes[0] = 112;

        LinkCodec.TryDecode(bytes, out var frame).ShouldBeTrue();
        ((LinkFrame.Summary)frame).Content.Length.ShouldBeLessThanOrEqualTo(LinkFrame.Summary.ContentBytesMax);
        _bench.Link.OnFrame(frame);

        (Summary.Answer, _bench.Link.Status.State, _settled).ShouldBe((PeerAnswer.Unreadable, LinkState.Up, 1));
    }

    [Fact]
    public void AnAnswerThatWasNotAskedFor_IsPassedOver()
    {
        Ask();
        Tell(_told);

        Tell(_told with { Version = "forged" });

        Summary.Last!.Version.ShouldBe("9.1");
    }

    [Fact]
    public void APeerThatDoesNotAnswer_IsSilent_AndItsLateAnswerCounts()
    {
        Ask();
        Summary.IsAwaited.ShouldBeTrue();
        _bench.Clock.Advance(_bench.Clock.Now + PeerSummary.Patience);

        Ask().ShouldBeFalse();

        (Summary.Answer, Summary.IsAwaited).ShouldBe((PeerAnswer.Silent, false));
        Tell(_told);
        (Summary.Answer, Summary.Last!.Version).ShouldBe((PeerAnswer.Summary, "9.1"));
    }

    [Fact]
    public void AConnectionThatEnds_SettlesTheQuestion_AndWhatWasKnownStays()
    {
        Ask();
        Tell(_told);
        _bench.Clock.Advance(_bench.Clock.Now + PeerSummary.AskEvery);
        Ask();

        _bench.Link.OnLost(LinkCause.ResetByPeer, "cut");

        (_settled, Summary.IsAwaited, Summary.Last!.Version).ShouldBe((2, false, "9.1"));
    }

    [Fact]
    public void Question_IsAnsweredToAWelcomedPeer_AndBeforeThatItIsAViolation()
    {
        var (source, sent, store) = (new Source(), new SentFrames(), new StoreBench());
        var link = Accepting(source, sent, store);
        link.OnFrame(new LinkFrame.Hello(LinkBench.There, "here", LinkBench.Limits, 0));
        store.Run();
        sent.Clear();

        link.OnFrame(_question);

        SummaryCodec.Decode(sent.ShouldHaveSingleItem().ShouldBeOfType<LinkFrame.Summary>().Content.Span)!.Version.ShouldBe("for there");
        Accepting(source, sent, store).OnFrame(_question);
        sent[^1].ShouldBeOfType<LinkFrame.Refused>().Code.ShouldBe(RefusalCode.Protocol);
        source.Asked.ShouldBe(["there"]);
    }

    private bool Ask()
    {
        if (_bench.Link.Status.State != LinkState.Up)
        {
            _bench.Up();
            _bench.TakeSent();
        }

        return Summary.Ask(() => _settled++);
    }

    private void Tell(GatewaySummary summary) => _bench.Link.OnFrame(new LinkFrame.Summary(SummaryCodec.Encode(summary)));

    private IncomingLink Accepting(ISummarySource source, SentFrames sent, StoreBench store) => new(
        _bench.Settings, _bench.Self, LinkBench.Peers, _bench.Clock, store, sent, new StoredMessages(), new OwnPast(), NoTelemetry.Instance,
        NullLogger<IncomingLink>.Instance)
    { Summaries = source };

    private sealed class Source : ISummarySource
    {
        public List<string> Asked { get; } = [];

        public void Ask(string peer, Action<GatewaySummary> answer)
        {
            Asked.Add(peer);
            answer(new GatewaySummary { Share = FleetShare.Totals, Version = $"for {peer}" });
        }
    }
}
