using Gateway.Links;
using Gateway.Links.Pairing;
using Gateway.Links.Protocol;
using Gateway.Links.Receiving;
using Gateway.Telemetry;
using Gateway.Tests.Store;
using Microsoft.Extensions.Logging.Abstractions;
using Shouldly;
using Xunit;

namespace Gateway.Tests.Links.Pairing;

/// <summary>A connection that was let in for an invitation is good for that alone.</summary>
public sealed class GuestTests
{
    private readonly LinkBench _bench = new();
    private readonly PairingBench _pairing = new();
    private readonly SentFrames _sent = [];
    private readonly PeerLinks _links;

    public GuestTests()
    {
        _links = new PeerLinks(new Dictionary<string, OutgoingLink> { ["there"] = _bench.Link }, _bench.Settings, _bench.Self, _bench.Clock,
            _bench.Store, new StoredMessages(), new OwnPast(), NoTelemetry.Instance, NullLogger<IncomingLink>.Instance)
        { Invitations = _pairing.Invitations };
        _pairing.Open(PairingBench.Code());
    }

    [Fact]
    public void AHello_IsRefused()
    {
        Say(new LinkFrame.Hello(LinkBench.There, "here", LinkBench.Limits, 0)).ShouldBeFalse();

        _sent.ShouldHaveSingleItem().ShouldBeOfType<LinkFrame.Refused>().Code.ShouldBe(RefusalCode.NotAuthorised);
    }

    [Fact]
    public void TheProof_MakesTheConnectionKnown_AndAHelloAfterItIsRefusedToo()
    {
        Say(Join()).ShouldBeTrue();
        _pairing.Joining.ShouldHaveSingleItem();
        Say(new LinkFrame.Hello(LinkBench.There, "here", LinkBench.Limits, 0)).ShouldBeFalse();

        _sent.ShouldHaveSingleItem().ShouldBeOfType<LinkFrame.Refused>().Code.ShouldBe(RefusalCode.NotAuthorised);
    }

    [Fact]
    public void AWrongCode_IsRefused_AndTheConnectionGivenUp()
    {
        Say(Join(secret: 8)).ShouldBeFalse();
        Say(Join()).ShouldBeFalse();

        _sent.ShouldHaveSingleItem().ShouldBeOfType<LinkFrame.Refused>().Code.ShouldBe(RefusalCode.NotInvited);
        _pairing.Joining.ShouldBeEmpty();
    }

    private static LinkFrame.Join Join(byte secret = 7)
    {
        var code = PairingBench.Code(secret: secret);
        return new LinkFrame.Join(PairingProof.IdOf(code), PairingBench.Billing.Name, PairingBench.Billing.Address,
            PairingProof.OfJoiner(code, PairingBench.Billing));
    }

    private bool Say(LinkFrame frame) =>
        _links.OnIncoming("one", LinkCodec.Encode(frame), PairingBench.Guest(PairingBench.Billing.Fingerprint), _sent);
}
