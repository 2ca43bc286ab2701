using Gateway.Links;
using Gateway.Links.Protocol;
using Gateway.Links.Receiving;
using Gateway.Telemetry;
using Gateway.Tests.Store;
using Microsoft.Extensions.Logging.Abstractions;
using Shouldly;
using Xunit;

namespace Gateway.Tests.Links;

/// <summary>The accepting side of probes: who may open one, what it answers, its limits, and that no link notices.</summary>
public sealed class PeerProbesTests : IWayBack
{
    private static readonly ProbeFrame.Probe _first = new("there", "here", 0);

    private readonly LinkBench _bench = new();
    private readonly PeerLinks _links;
    private readonly PeerProbes _probes;
    private readonly Dictionary<string, Output> _outputs = [];
    private readonly List<(string Peer, Action<ProbeFrame.DialedBack> Done)> _dialed = [];

    public PeerProbesTests()
    {
        var outgoing = new Dictionary<string, OutgoingLink> { ["there"] = _bench.Link };
        _links = new PeerLinks(outgoing, _bench.Settings, _bench.Self, _bench.Clock, _bench.Store, new StoredMessages(), new OwnPast(),
            NoTelemetry.Instance, NullLogger<IncomingLink>.Instance);
        _probes = new PeerProbes(_bench.Self, outgoing, _links, _bench.Clock, this, NullLogger<PeerProbes>.Instance);
    }

    void IWayBack.Go(string peer, Action<ProbeFrame.DialedBack> done) => _dialed.Add((peer, done));

    [Fact]
    public void APeerIsAnswered_WithTheViewOfItsLinks()
    {
        Say("1", _first).ShouldBeTrue();

        var answer = Sent("1").ShouldHaveSingleItem().ShouldBeOfType<ProbeFrame.Probed>();
        answer.From.ShouldBe("here");
        answer.Back.State.ShouldBe(ProbedState.Down);
        answer.IsConnected.ShouldBeFalse();
    }

    [Fact]
    public void TheAnswer_SaysWhetherTheCallersLinkStands()
    {
        _links.OnIncoming("link", LinkCodec.Encode(new LinkFrame.Hello(LinkBench.There, "here", LinkBench.Limits, 0)), null, new Output());

        Say("1", _first);

        Sent("1").OfType<ProbeFrame.Probed>().Single().IsConnected.ShouldBeTrue();
    }

    [Fact]
    public void AProbe_LeavesTheLinkOfItsPeerAlone()
    {
        var link = new Output();
        _links.OnIncoming("link", LinkCodec.Encode(new LinkFrame.Hello(LinkBench.There, "here", LinkBench.Limits, 0)), null, link);
        _bench.Store.Run();
        var (answered, state) = (link.Links.Count, _bench.Link.Status);

        Say("1", _first);
        Say("1", new ProbeFrame.Echo(1, 10, 10));
        _probes.OnLost("1");
        _links.OnIncomingLost("1", LinkCause.ClosedByPeer, "closed");

        link.Links.Count.ShouldBe(answered);
        _links.IsConnected("there").ShouldBeTrue();
        _bench.Link.Status.ShouldBe(state);
    }

    [Theory]
    [InlineData("there", "here", false, nameof(RefusalCode.NotAuthorised))]
    [InlineData("stranger", "here", true, nameof(RefusalCode.UnknownPeer))]
    [InlineData("there", "elsewhere", true, nameof(RefusalCode.WrongName))]
    public void WhoeverMayNotSayHello_MayNotProbe(string from, string to, bool isProven, string code)
    {
        var names = new AuthorisedNames(new HashSet<string> { isProven ? from : "other" }, "");

        Say("1", new ProbeFrame.Probe(from, to, 0), names).ShouldBeFalse();
        Say("1", new ProbeFrame.Echo(1, 10, 10), names).ShouldBeFalse();

        Sent("1").ShouldHaveSingleItem().ShouldBeOfType<ProbeFrame.Refused>().Code.ToString().ShouldBe(code);
    }

    [Fact]
    public void AConnectionOfALink_NeverBecomesAProbe()
    {
        _links.OnIncoming("1", LinkCodec.Encode(new LinkFrame.Hello(LinkBench.There, "here", LinkBench.Limits, 0)), null, new Output());

        _probes.Takes("1", ProbeCodec.Encode(_first)).ShouldBeFalse();
    }

    [Fact]
    public void AnEcho_IsAnsweredWithThePaddingItAsksFor()
    {
        Say("1", _first);
        Say("1", new ProbeFrame.Echo(7, 300, 20));

        Sent("1")[^1].ShouldBe(new ProbeFrame.Echoed(7, 300));
    }

    [Fact]
    public void TheWayBack_IsDialedOnce()
    {
        Say("1", _first);
        Say("1", new ProbeFrame.DialBack());
        var dialed = new ProbeFrame.DialedBack(ProbeStage.Reached, LinkCause.None, "it answered");
        _dialed.ShouldHaveSingleItem().Peer.ShouldBe("there");
        _dialed[0].Done(dialed);

        Sent("1")[^1].ShouldBe(dialed);
        Say("1", new ProbeFrame.DialBack());
        Sent("1")[^1].ShouldBeOfType<ProbeFrame.ProbeOver>();
        _dialed.Count.ShouldBe(1);
    }

    [Fact]
    public void ASilence_IsKeptByThisSide_AndExtendsTheTime()
    {
        Say("1", _first with { SilentMs = 600_000 });

        _outputs["1"].Quiet.ShouldBe(TimeSpan.FromMinutes(10));
        Pass(TimeSpan.FromMinutes(10) + PeerProbe.TimeMax - TimeSpan.FromSeconds(1));
        Sent("1").Count.ShouldBe(1);
        Pass(TimeSpan.FromSeconds(2));
        Sent("1")[^1].ShouldBeOfType<ProbeFrame.ProbeOver>();
    }

    [Fact]
    public void AProbeThatTakesTooLong_IsToldAndThenHungUp()
    {
        Say("1", _first);

        Pass(PeerProbe.TimeMax);

        Sent("1")[^1].ShouldBeOfType<ProbeFrame.ProbeOver>();
        _outputs["1"].IsHungUp.ShouldBeFalse();
        Say("1", new ProbeFrame.Echo(1, 10, 10));
        Sent("1").Count.ShouldBe(2);
        Pass(TimeSpan.FromSeconds(1));
        _outputs["1"].IsHungUp.ShouldBeTrue();
        _probes.NextTick.ShouldBe(TimeSpan.MaxValue);
    }

    [Fact]
    public void AnswersThatAreNotRead_EndTheProbe()
    {
        Say("1", _first);
        _outputs["1"].WaitingBytes = PeerProbe.WaitingBytesMax;

        Say("1", new ProbeFrame.Echo(1, 10, 0));

        Sent("1")[^1].ShouldBeOfType<ProbeFrame.ProbeOver>();
    }

    [Fact]
    public void TheBytes_AreLimited()
    {
        Say("1", _first);
        for (var sent = 0L; sent <= PeerProbe.BytesMax; sent += 2 * ProbeCodec.PadBytesMax)
            Say("1", new ProbeFrame.Echo(1, ProbeCodec.PadBytesMax, ProbeCodec.PadBytesMax));

        Sent("1")[^1].ShouldBeOfType<ProbeFrame.ProbeOver>();
        Sent("1").Count(frame => frame is ProbeFrame.Echoed)
            .ShouldBe((int)(PeerProbe.BytesMax / (2 * ProbeCodec.PadBytesMax)));
    }

    [Fact]
    public void TheProbesOfAPeer_AreLimited_UntilOneEnds()
    {
        for (var i = 0; i < PeerProbes.ProbesPerPeerMax; i++) Say($"{i}", _first).ShouldBeTrue();

        Say("more", _first).ShouldBeFalse();
        Sent("more").ShouldHaveSingleItem().ShouldBeOfType<ProbeFrame.ProbeOver>();
        _probes.OnLost("0");
        Say("again", _first).ShouldBeTrue();
    }

    private bool Say(string connection, ProbeFrame frame, AuthorisedNames? names = null)
    {
        var bytes = ProbeCodec.Encode(frame);
        _probes.Takes(connection, bytes).ShouldBeTrue();
        if (!_outputs.TryGetValue(connection, out var output)) _outputs[connection] = output = new Output();
        return _probes.OnFrame(connection, bytes, names, output);
    }

    private List<ProbeFrame> Sent(string connection) => _outputs[connection].Probes;

    private void Pass(TimeSpan time)
    {
        _bench.Clock.Advance(_bench.Clock.Now + time);
        _probes.Tick();
    }

    private sealed class Output : IProbeOutput
    {
        public List<LinkFrame> Links { get; } = [];

        public List<ProbeFrame> Probes { get; } = [];

        public TimeSpan Quiet { get; private set; }

        public bool IsHungUp { get; private set; }

        public long WaitingBytes { get; set; }

        public void Send(LinkFrame frame) => Links.Add(frame);

        public void Send(ProbeFrame frame) => Probes.Add(frame);

        public void KeepQuiet(TimeSpan time) => Quiet = time;

        public void HangUp() => IsHungUp = true;
    }
}
