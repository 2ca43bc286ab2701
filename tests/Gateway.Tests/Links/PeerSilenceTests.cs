using Gateway.Links;
using Gateway.Links.Causes;
using Gateway.Links.Protocol;
using Gateway.Links.Receiving;
using Gateway.Store.Commands;
using Gateway.Telemetry;
using Gateway.Tests.Store;
using Microsoft.Extensions.Logging.Abstractions;
using Shouldly;
using Xunit;

namespace Gateway.Tests.Links;

/// <summary>
/// A peer that takes a connection and does not answer: how far it had come tells more than the time that is over, and its own word most.
/// </summary>
public sealed class PeerSilenceTests
{
    private readonly LinkBench _bench = new();

    [Fact]
    public void APeerThatNeverAnswered_MayBeAnotherProgram()
    {
        _bench.Link.Start();
        _bench.Link.OnLost(LinkCause.PeerSilent, "10.0.0.7:7421 took the connection, and not one byte came");

        _bench.Link.Status.Evidence.ShouldEndWith("no gateway has answered there yet");
        LinkDiagnosis.Candidates(_bench.Link.Status, _bench.Link.History.Changes).Select(candidate => candidate.Cause)
            .ShouldBe([LinkCause.PeerSilent, LinkCause.WrongService]);
    }

    [Fact]
    public void APeerThatHasAnsweredBefore_IsNoOtherProgram_AndNoFirewallIsBlamed()
    {
        _bench.Up();
        _bench.Link.OnLost(LinkCause.HalfOpen, "nothing heard");
        _bench.After(_bench.Settings.BackoffMax);
        _bench.Link.OnConnected();
        _bench.After(_bench.Settings.HandshakeTimeout + TimeSpan.FromMilliseconds(1));

        var status = _bench.Link.Status;
        status.Cause.ShouldBe(LinkCause.PeerSilent);
        status.Evidence.ShouldContain("though the connection was taken and greeted; the peer has answered a hello before");
        status.Advice.ShouldContain("hangs");
        status.Advice.ShouldNotContain("no firewall drops");
        LinkDiagnosis.Candidates(status, _bench.Link.History.Changes).ShouldHaveSingleItem();
    }

    [Fact]
    public void APeerThatSaysThatItsStoreDoesNotAnswer_IsStuck_AlsoInPlaceOfAWelcome()
    {
        _bench.Link.Start();
        _bench.Link.OnConnected();
        _bench.Link.OnFrame(new LinkFrame.Stalled(3_000));
        _bench.After(_bench.Settings.HandshakeTimeout + TimeSpan.FromMilliseconds(1));

        _bench.Link.Status.Cause.ShouldBe(LinkCause.PeerStuck);
        _bench.Link.Status.Evidence.ShouldContain("its own store has not answered for 3 s");
    }

    [Fact]
    public void OnALinkThatIsUp_ItIsToldUntilTheStoreAnswers_AndTheLinkIsNotWell()
    {
        _bench.UpWith(LinkBench.Limits, "orders", "1");
        _bench.Link.OnFrame(new LinkFrame.Stalled(5_000));

        var status = _bench.Link.Status;
        (status.State, status.Cause, status.IsWell).ShouldBe((LinkState.Up, LinkCause.PeerStuck, false));
        status.Advice.ShouldNotBeEmpty();

        _bench.Link.OnFrame(new LinkFrame.Ack("orders", 1));
        (_bench.Link.Status.Cause, _bench.Link.Status.IsWell).ShouldBe((LinkCause.None, true));
    }

    [Fact]
    public void APeerWithoutRoom_IsNotWell_UntilItTakesMessages()
    {
        _bench.UpWith(LinkBench.Limits, "orders", "1");
        _bench.Link.OnFrame(new LinkFrame.Full("orders", 0, 1000, "no room"));
        _bench.Link.Status.IsWell.ShouldBeFalse();

        _bench.After(TimeSpan.FromSeconds(1));
        _bench.Store.Run();
        _bench.Link.OnFrame(new LinkFrame.Ack("orders", 1));
        _bench.Link.Status.IsWell.ShouldBeTrue();
    }

    [Fact]
    public void AStoreThatDoesNotAnswer_IsSaidToThePeer_InTimeAndAgain_AndNotWhenItHasAnswered()
    {
        var sent = new SentFrames();
        var link = new IncomingLink(_bench.Settings, _bench.Self, LinkBench.Peers, _bench.Clock, _bench.Store, sent, new StoredMessages(),
            new OwnPast(), NoTelemetry.Instance, NullLogger<IncomingLink>.Instance);
        link.OnFrame(new LinkFrame.Hello(LinkBench.There, "here", LinkBench.Limits, 0));
        var hello = Stalls();
        hello.First().ShouldBeLessThan((int)_bench.Settings.HandshakeTimeout.TotalMilliseconds);
        hello.Count.ShouldBeGreaterThan(1);

        _bench.Store.Run();
        sent.Clear();
        Stalls().ShouldBeEmpty();

        link.OnFrame(new LinkFrame.Batch("orders", 0, [new NumberedMessage(1, _bench.NewMessage("1"))]));
        Stalls().First().ShouldBeLessThan(10_000);

        List<int> Stalls()
        {
            for (var second = 0; second < 7; second++)
            {
                _bench.Clock.Advance(_bench.Clock.Now + TimeSpan.FromSeconds(1));
                link.OnBytes();
                if (_bench.Clock.Uptime >= link.NextTick) link.Tick();
            }

            return [.. sent.OfType<LinkFrame.Stalled>().Select(stalled => stalled.ForMs)];
        }
    }

    [Theory]
    [InlineData(nameof(LinkCause.Refused), "Correct the peer's address")]
    [InlineData(nameof(LinkCause.ConnectTimeout), "no firewall drops connections to it")]
    public void AnAddressThatDoesNotAnswer_WhileThePeersOwnConnectionStands_IsNotAPeerThatIsDown(string name, string advice)
    {
        var cause = Enum.Parse<LinkCause>(name);
        _bench.Link.Start();
        _bench.Link.OnPeerSeen(LinkBench.There);
        for (var attempt = 0; attempt < 2; attempt++)
        {
            _bench.Link.OnLost(cause, "no");
            _bench.After(TimeSpan.FromMinutes(1));
        }

        _bench.Link.Status.Evidence.ShouldBe("no; the peer runs all the same: its own connection to this gateway stands");
        _bench.Link.Status.Advice.ShouldContain(advice);

        _bench.Link.OnPeerGone();
        _bench.Link.OnLost(cause, "no");
        _bench.Link.Status.Evidence.ShouldBe("no");
        _bench.Link.Status.Advice.ShouldBe(LinkAdvice.For(cause));
    }

    [Fact]
    public void ThePeer_IsGone_WithTheLastOfItsConnections()
    {
        var links = new PeerLinks(new Dictionary<string, OutgoingLink> { ["there"] = _bench.Link }, _bench.Settings, _bench.Self,
            _bench.Clock, _bench.Store, new StoredMessages(), new OwnPast(), NoTelemetry.Instance, NullLogger<IncomingLink>.Instance);
        var hello = LinkCodec.Encode(new LinkFrame.Hello(LinkBench.There, "here", LinkBench.Limits, 0));
        links.OnIncoming("one", hello, null, new SentFrames());
        links.OnIncoming("two", hello, null, new SentFrames());
        Refuse().ShouldContain("the peer runs all the same");

        links.OnIncomingLost("one", LinkCause.ResetByPeer, "reset");
        Refuse().ShouldContain("the peer runs all the same");
        links.OnIncomingLost("two", LinkCause.ResetByPeer, "reset");
        Refuse().ShouldBe("no");

        string Refuse()
        {
            for (var attempt = 0; attempt < 2; attempt++) _bench.Link.OnLost(LinkCause.Refused, "no");
            return _bench.Link.Status.Evidence;
        }
    }
}
