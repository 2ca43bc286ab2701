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
