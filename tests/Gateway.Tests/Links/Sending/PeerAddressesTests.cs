using Gateway.Links.Causes;
using Gateway.Links.Protocol;
using Gateway.Links.Sending;
using Shouldly;
using Xunit;

namespace Gateway.Tests.Links.Sending;

public sealed class PeerAddressesTests
{
    private const string First = "10.0.0.1";
    private const string Second = "10.0.0.2";

    private readonly LinkBench _bench = new();

    [Fact]
    public void SameRun_AtAnotherAddress_IsAddressChanged()
    {
        UpAt(First);
        _bench.Link.OnLost(LinkCause.ResetByPeer, "cut");

        Redial(Second);
        _bench.Welcome(LinkBench.There);

        _bench.Link.Status.Cause.ShouldBe(LinkCause.AddressChanged);
        _bench.Link.Status.Evidence.ShouldBe("the address was 10.0.0.1 when the link was last up, and is 10.0.0.2 now");
    }

    [Fact]
    public void AnotherRun_AtAnotherAddress_IsPeerRestarted_AndSaysWhere()
    {
        UpAt(First);
        _bench.Link.OnLost(LinkCause.ResetByPeer, "cut");

        Redial(Second);
        _bench.Welcome(LinkBench.ThereAgain);

        _bench.Link.Status.Cause.ShouldBe(LinkCause.PeerRestarted);
        _bench.Link.Status.Evidence.ShouldContain("and is 10.0.0.2 now");
    }

    [Fact]
    public void AttemptsFail_WhereTheNameLeadsNow_IsAddressChanged()
    {
        UpAt(First);
        _bench.Link.OnLost(LinkCause.ClosedByPeer, "closed");
        _bench.Link.Status.Cause.ShouldBe(LinkCause.ClosedByPeer);

        _bench.Link.Retry();
        _bench.Link.OnFound(new PeerAddress([Second], null));
        _bench.Link.OnLost(LinkCause.Refused, "nobody listens");

        _bench.Link.Status.Cause.ShouldBe(LinkCause.AddressChanged);
        _bench.Link.Status.Evidence.ShouldBe(
            "the address was 10.0.0.1 when the link was last up, and is 10.0.0.2 now; there: nobody listens (Refused)");
    }

    [Fact]
    public void ANameWithSeveralAddresses_AnotherOfThemAnswers_HasNotChanged()
    {
        UpAt(First, Second);
        _bench.Link.OnLost(LinkCause.ResetByPeer, "cut");

        Redial(Second, First);
        _bench.Welcome(LinkBench.There);

        _bench.Link.Status.Cause.ShouldBe(LinkCause.ResetByPeer);
    }

    [Fact]
    public void ANameWithoutAnAddress_IsNotResolved_WhereverItLedBefore()
    {
        UpAt(First);
        _bench.Link.OnLost(LinkCause.ResetByPeer, "cut");
        _bench.Link.Retry();

        _bench.Link.OnLost(LinkCause.NameNotResolved, "no such host");

        _bench.Link.Status.Cause.ShouldBe(LinkCause.NameNotResolved);
    }

    [Fact]
    public void SameRun_AtAnotherAddressThanBeforeOurOwnRestart_IsAddressChanged()
    {
        _bench.Link.History.Restore(new LinkChange(_bench.Clock.Now, LinkState.Up, LinkCause.None, "up")
        { Incarnation = LinkBench.There.Incarnation, Address = First });

        UpAt(Second);

        _bench.Link.Status.Cause.ShouldBe(LinkCause.AddressChanged);
        _bench.Link.Status.Evidence.ShouldBe("the address was 10.0.0.1 when the link was last up, and is 10.0.0.2 now");
        _bench.Kept[^1].Address.ShouldBe(Second);
    }

    [Fact]
    public void TheAddress_IsKeptWithTheChange_AndReadBack()
    {
        UpAt(First);

        LinkHistory.Read(LinkHistory.Write(_bench.Kept[^1]))!.Address.ShouldBe(First);
    }

    [Fact]
    public void AnotherRunOfTheSameStore_AtAnotherOfItsAddresses_HasTakenOver()
    {
        UpAtPlace("alpha:7421");
        _bench.Link.OnLost(LinkCause.ResetByPeer, "cut");

        UpAtPlace("beta:7421", LinkBench.ThereAgain);

        _bench.Link.Status.State.ShouldBe(LinkState.Up);
        _bench.Link.Status.Cause.ShouldBe(LinkCause.PeerTookOver);
        _bench.Link.Status.Evidence.ShouldStartWith("beta:7421 has taken over from alpha:7421: the peer came back there with incarnation ");
        _bench.Link.Status.Advice.ShouldStartWith("Nothing to do");
    }

    [Fact]
    public void AnotherRun_AtTheSameOfItsAddresses_WasRestarted()
    {
        UpAtPlace("alpha:7421");
        _bench.Link.OnLost(LinkCause.ResetByPeer, "cut");

        UpAtPlace("alpha:7421", LinkBench.ThereAgain);

        _bench.Link.Status.Cause.ShouldBe(LinkCause.PeerRestarted);
    }

    [Fact]
    public void AnotherStore_AtAnotherOfItsAddresses_HasNotTakenOver()
    {
        UpAtPlace("alpha:7421");
        _bench.Link.OnLost(LinkCause.ResetByPeer, "cut");

        UpAtPlace("beta:7421", LinkBench.ThereAgain with { StoreId = Guid.NewGuid() });

        _bench.Link.Status.Cause.ShouldBe(LinkCause.PeerRestarted);
    }

    [Fact]
    public void AStandby_IsNoEnd_WhileThePeerHasOtherAddresses()
    {
        _bench.OtherAddresses = 1;
        _bench.Link.Start();
        _bench.Link.OnConnected();

        _bench.Link.OnFrame(new LinkFrame.Refused(RefusalCode.Standby, "this process stands by"));

        _bench.Link.Status.State.ShouldBe(LinkState.Connecting);
        _bench.Kept.ShouldBeEmpty();
        _bench.Link.OnConnected();
        _bench.Welcome(LinkBench.There);
        _bench.Link.Status.IsWell.ShouldBeTrue();
    }

    [Fact]
    public void WhereverAProcessStandsBy_ThePeerIsStandby()
    {
        _bench.OtherAddresses = 1;
        _bench.Link.Start();
        for (var i = 0; i < 2; i++)
        {
            _bench.Link.OnConnected();
            _bench.Link.OnFrame(new LinkFrame.Refused(RefusalCode.Standby, "this process stands by"));
        }

        _bench.Link.Status.State.ShouldBe(LinkState.Down);
        _bench.Link.Status.Cause.ShouldBe(LinkCause.PeerStandby);
    }

    private void UpAtPlace(string place, GatewayIdentity? run = null)
    {
        if (_bench.Dials == 0) _bench.Link.Start();
        else _bench.Link.Retry();
        _bench.Link.OnFound(new PeerAddress([First], First) { Place = place });
        _bench.Link.OnConnected();
        _bench.Welcome(run ?? LinkBench.There);
    }

    private void UpAt(string connected, params string[] others)
    {
        _bench.Link.Start();
        Found(connected, others);
        _bench.Link.OnConnected();
        _bench.Welcome(LinkBench.There);
    }

    private void Redial(string connected, params string[] others)
    {
        _bench.Link.Retry();
        Found(connected, others);
        _bench.Link.OnConnected();
    }

    private void Found(string connected, string[] others)
    {
        _bench.Link.OnFound(new PeerAddress([connected, .. others], null));
        _bench.Link.OnFound(new PeerAddress([connected, .. others], connected));
    }
}
