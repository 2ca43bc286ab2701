using Gateway.Links.Pairing;
using Gateway.Links.Protocol;
using Shouldly;
using Xunit;

namespace Gateway.Tests.Links.Pairing;

public sealed class InvitationsTests
{
    private static readonly PairingCode _code = PairingBench.Code();
    private static readonly Guid _id = PairingProof.IdOf(_code);
    private static readonly Joiner _sales = new("sales", "sales-host:7421", new string('c', 64));

    private readonly PairingBench _bench = new();

    public InvitationsTests() => _bench.Open(_code).ShouldBeTrue();

    [Fact]
    public void TheProofOfTheCode_IsTaken_AndAnsweredWithTheOther()
    {
        _bench.Come(_code, PairingBench.Billing).ShouldBeEmpty();
        _bench.Joining.ShouldBe([PairingBench.Billing]);
        _bench.Sent.ShouldBeEmpty("it is no peer yet");

        _bench.Invitations.Answer(_id, "").ShouldBeTrue();

        _bench.Sent.ShouldHaveSingleItem().ShouldBeOfType<LinkFrame.Joined>().Proof.ToArray()
            .ShouldBe(PairingProof.OfInviter(_code, PairingBench.Billing));
        _bench.Invitations.Answer(_id, "").ShouldBeFalse();
    }

    [Fact]
    public void AnotherSecret_IsNoInvitation()
    {
        _bench.Come(PairingBench.Code(secret: 8), PairingBench.Billing).ShouldContain("the code is worthless");
        _bench.Joining.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("the proof of another secret")]
    [InlineData("no proof at all")]
    [InlineData("the proof of the other side")]
    [InlineData("a proof with one bit changed")]
    public void AWrongProof_IsRefused(string what)
    {
        var right = PairingProof.OfJoiner(_code, PairingBench.Billing);
        var wrong = what switch
        {
            "the proof of another secret" => PairingProof.OfJoiner(PairingBench.Code(secret: 8), PairingBench.Billing),
            "no proof at all" => new byte[PairingProof.Bytes],
            "the proof of the other side" => PairingProof.OfInviter(_code, PairingBench.Billing),
            _ => [.. right[..^1], (byte)(right[^1] ^ 1)],
        };

        _bench.Come(_code, PairingBench.Billing, proof: wrong).ShouldBe("the proof of the code is wrong");
        _bench.Joining.ShouldBeEmpty();
    }

    [Fact]
    public void AManInTheMiddle_WhoPassesTheProofOnWithHisOwnCertificate_IsRefused()
    {
        _bench.Come(_code, PairingBench.Billing, shown: new string('d', 64)).ShouldBe("the proof of the code is wrong");
        _bench.Come(
            _code, PairingBench.Billing with { Address = "his-host:7421" }, proof: PairingProof.OfJoiner(_code, PairingBench.Billing))
            .ShouldBe("the proof of the code is wrong");
        _bench.Joining.ShouldBeEmpty();
    }

    [Fact]
    public void WrongProofs_EndTheInvitation()
    {
        for (var i = 0; i < Invitations.WrongProofsMax; i++) _bench.Come(_code, PairingBench.Billing, proof: new byte[PairingProof.Bytes]);

        _bench.Over.ShouldHaveSingleItem().ShouldContain("3 wrong proofs");
        _bench.Come(_code, PairingBench.Billing).ShouldContain("the code is worthless: 3 wrong proofs");
        _bench.Joining.ShouldBeEmpty();
    }

    [Fact]
    public void AUsedCode_IsWorthless_WhateverCameOfIt()
    {
        _bench.Come(_code, PairingBench.Billing);
        _bench.Come(_code, _sales).ShouldContain("it was used by billing at");
        _bench.Invitations.Answer(_id, "its configuration could not be written");
        _bench.Come(_code, _sales).ShouldContain("it was used by billing at");
        _bench.Come(_code, PairingBench.Billing).ShouldContain("it was used by billing at");

        _bench.Joining.ShouldHaveSingleItem();
        _bench.Sent.ShouldHaveSingleItem().ShouldBe(
            new LinkFrame.Refused(RefusalCode.NotInvited, "its configuration could not be written"));
    }

    [Fact]
    public void TheOneThatWaits_MayRepeatItself()
    {
        _bench.Come(_code, PairingBench.Billing).ShouldBeEmpty();
        _bench.Come(_code, PairingBench.Billing).ShouldBeEmpty();
        _bench.Joining.ShouldHaveSingleItem();
    }

    [Fact]
    public void AnOldCode_IsWorthless_AndTheLoopWakesForIt()
    {
        _bench.Invitations.NextTick.ShouldBe(PairingBench.Lifetime);
        _bench.Wait(PairingBench.Lifetime - TimeSpan.FromSeconds(1));
        _bench.Over.ShouldBeEmpty();
        _bench.Wait(TimeSpan.FromSeconds(1));

        _bench.Over.ShouldHaveSingleItem().ShouldStartWith("it ended at");
        _bench.Come(_code, PairingBench.Billing).ShouldContain("the code is worthless: it ended at");
        _bench.Invitations.NextTick.ShouldBe(TimeSpan.MaxValue);
    }

    [Fact]
    public void WhatIsTakenBack_IsWorthless()
    {
        _bench.Invitations.Withdraw(_id);

        _bench.Come(_code, PairingBench.Billing).ShouldContain("it was taken back");
        _bench.Over.ShouldBeEmpty("whoever took it back knows");
    }

    [Fact]
    public void TheOneThatWaits_IsTold_WhenTheInviterIsGone()
    {
        _bench.Come(_code, PairingBench.Billing);
        _bench.Invitations.Withdraw(_id);

        _bench.Sent.ShouldHaveSingleItem().ShouldBeOfType<LinkFrame.Refused>().Text.ShouldContain("may have this gateway as a peer or not");
    }

    [Fact]
    public void TheOneThatHasGone_HearsNoAnswer_AndTheInviterLearnsThat()
    {
        _bench.Come(_code, PairingBench.Billing);
        _bench.Invitations.OnLost("another connection");
        _bench.Invitations.OnLost("one");

        _bench.Invitations.Answer(_id, "").ShouldBeFalse();
        _bench.Sent.ShouldBeEmpty();
    }

    [Fact]
    public void ACertificateThatIsNotValidNow_AndTheOwnName_AreRefused_AndTheCodeStaysGood()
    {
        _bench.Come(_code, PairingBench.Billing, untimely: "the certificate expired").ShouldBe("the certificate expired");
        _bench.Come(_code, PairingBench.Billing with { Name = "shop" }).ShouldContain("both gateways are called shop");

        _bench.Come(_code, PairingBench.Billing).ShouldBeEmpty();
    }

    [Fact]
    public void WithoutTls_NothingIsProved()
    {
        var join = new LinkFrame.Join(_id, "billing", "billing-host:7421", PairingProof.OfJoiner(_code, PairingBench.Billing));

        _bench.Invitations.OnJoin("one", join, guest: null, _bench.Sent).ShouldContain("plain text");
    }

    [Fact]
    public void Guests_AreExpected_WhileACodeMayBeUsed()
    {
        _bench.Invitations.Guests.AreExpected.ShouldBeTrue();
        _bench.Come(_code, PairingBench.Billing);
        _bench.Invitations.Guests.AreExpected.ShouldBeFalse();
    }

    [Fact]
    public void AHandfulIsOpenAtOnce()
    {
        for (var i = 1; i < Invitations.OpenMax; i++) _bench.Open(PairingBench.Code(secret: (byte)(100 + i))).ShouldBeTrue();

        _bench.Open(PairingBench.Code(secret: 200)).ShouldBeFalse();
        _bench.Invitations.Withdraw(_id);
        _bench.Open(PairingBench.Code(secret: 200)).ShouldBeTrue();
    }

    [Fact]
    public void EachPartOfThePairing_IsUnderTheProof()
    {
        PairingCode[] codes =
        [
            _code, _code with { Name = "shop2" }, _code with { Fingerprint = new string('e', 64) },
            _code with { Addresses = ["10.0.0.6:7421"] }, _code with { ExpiresUnixMs = _code.ExpiresUnixMs + 1000 },
            PairingBench.Code(secret: 9),
        ];
        Joiner[] joiners =
            [_sales, _sales with { Name = "x" }, _sales with { Address = "x:1" }, _sales with { Fingerprint = PairingBench.Shop }];

        var proofs = codes.Select(code => PairingProof.OfJoiner(code, _sales))
            .Concat(joiners.Skip(1).Select(joiner => PairingProof.OfJoiner(_code, joiner))).Append(PairingProof.OfInviter(_code, _sales));

        proofs.Select(Convert.ToHexString).ShouldBeUnique();
    }
}
