using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Gateway.Transport.Tls;
using Shouldly;
using Xunit;

namespace Gateway.Tests.Transport.Tls;

/// <summary>Certificates such as other CAs make them.</summary>
[NotUnderWine("Wine makes no ECDSA keys")]
public sealed class PeerTrustTests
{
    private static readonly DateTimeOffset _begin = new(2030, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly DateTimeOffset _end = _begin.AddYears(1);

    private readonly X509Certificate2 _root = Authority("CN=Root", issuer: null);

    [Fact]
    public void ACertificateOfAnIntermediate_IsTrusted_IfTheIntermediateIsSentAlong()
    {
        var intermediate = Authority("CN=Intermediate", _root);
        var leaf = Leaf("CN=billing", intermediate);

        Examine(leaf, intermediate).Fault.ShouldBeEmpty();
        Examine(leaf).Fault.ShouldContain("its issuer 'CN=Intermediate' is not a CA of Links:Tls:CaPath");
    }

    [Fact]
    public void ACertificateThatIsNoCa_SignsNothing()
    {
        var shop = Leaf("CN=shop", _root);
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var forged = new CertificateRequest("CN=billing", key, HashAlgorithmName.SHA256)
            .Create(shop.SubjectName, X509SignatureGenerator.CreateForECDsa(shop.GetECDsaPrivateKey()!), _begin, _end, [1]);

        Examine(forged, shop).Fault.ShouldNotBeEmpty();
    }

    [Fact]
    public void ACertificateForAnotherUse_IsRefused()
    {
        var server = Leaf("CN=billing", _root,
            request => request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([PeerTrust.ServerUsage], false)));

        Examine(server).Fault.ShouldBeEmpty();
        Examine(server, usage: PeerTrust.ClientUsage).Fault.ShouldContain("client authentication");
    }

    [Fact]
    public void AlternativeNames_SpeakInPlaceOfTheCommonName_AndOnlyDnsNamesDo()
    {
        var leaf = Leaf("CN=billing", _root, request =>
        {
            var names = new SubjectAlternativeNameBuilder();
            names.AddDnsName("shop");
            names.AddDnsName("*.example");
            names.AddIpAddress(IPAddress.Loopback);
            names.AddEmailAddress("sales");
            request.CertificateExtensions.Add(names.Build());
        });

        var names = Examine(leaf).Names!;
        names.Names.ShouldBe(["shop", "*.example"], ignoreOrder: true);
        names.Has("a.example").ShouldBeFalse("a star is a letter like others, and no gateway's name has one");
        names.Has("SHOP").ShouldBeFalse();
    }

    [Fact]
    public void CommonNames_AreReadAsTheyAre() =>
        Examine(Leaf("O=shop, CN=\"billing, CN=sales\"", _root)).Names!.Names.ShouldBe(["billing, CN=sales"]);

    [Theory]
    [InlineData(-1, "is not valid before 2030-01-01")]
    [InlineData(0, "")]
    [InlineData(364, "")]
    [InlineData(365, "expired on 2031-01-01")]
    public void ACertificate_IsTrustedInItsTime(int day, string fault)
    {
        var found = Examine(Leaf("CN=billing", _root), at: _begin.AddDays(day)).Fault;

        if (fault.Length == 0) found.ShouldBeEmpty();
        else found.ShouldContain(fault);
    }

    [Fact]
    public void APinnedCertificate_StillHasToBeInItsTime()
    {
        var leaf = Leaf("CN=billing", _root);
        var pins = new Dictionary<string, string> { ["billing"] = CertificateText.Fingerprint(leaf) };

        new PeerTrust(pins, new At(_begin)).Examine(leaf, [], [], PeerTrust.ServerUsage).Names!.Names.ShouldBe(["billing"]);
        new PeerTrust(pins, new At(_end.AddDays(1))).Examine(leaf, [], [], PeerTrust.ServerUsage).Fault.ShouldContain("expired");
    }

    [Fact]
    public void OtherFingerprints_VoidTheNamesOfEarlierVerdicts_AndJudgeTheNext()
    {
        var (former, next) = (Leaf("CN=billing", _root), Leaf("CN=billing", _root));
        var trust = new PeerTrust(Pinned(former), new At(_begin));
        var before = trust.Examine(former, [], [], PeerTrust.ServerUsage).Names!;
        before.Has("billing").ShouldBeTrue();

        trust.Use(Pinned(next));

        before.Has("billing").ShouldBeFalse();
        trust.Examine(former, [], [], PeerTrust.ServerUsage).Names.ShouldBeNull();
        trust.Examine(next, [], [], PeerTrust.ServerUsage).Names!.Has("billing").ShouldBeTrue();

        static Dictionary<string, string> Pinned(X509Certificate2 leaf) => new() { ["billing"] = CertificateText.Fingerprint(leaf) };
    }

    private TrustVerdict Examine(X509Certificate2 certificate, X509Certificate2? sent = null, Oid? usage = null,
        DateTimeOffset? at = null) =>
        new PeerTrust(new Dictionary<string, string>(), new At(at ?? _begin.AddDays(1)))
            .Examine(certificate, sent is null ? [] : [sent], [_root], usage ?? PeerTrust.ServerUsage);

    private static X509Certificate2 Authority(string subject, X509Certificate2? issuer)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest(subject, key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(X509BasicConstraintsExtension.CreateForCertificateAuthority());
        if (issuer is null) return request.CreateSelfSigned(_begin.AddYears(-1), _end.AddYears(1));
        using var signed = request.Create(issuer, _begin, _end, [2]);
        return signed.CopyWithPrivateKey(key);
    }

    private static X509Certificate2 Leaf(string subject, X509Certificate2 issuer, Action<CertificateRequest>? more = null)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest(subject, key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(X509BasicConstraintsExtension.CreateForEndEntity());
        more?.Invoke(request);
        using var signed = request.Create(issuer, _begin, _end, [3]);
        return signed.CopyWithPrivateKey(key);
    }

    private sealed class At(DateTimeOffset now) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => now;
    }
}
