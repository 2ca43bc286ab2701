using Gateway.Tests.Packaging;
using Gateway.Tests.Transport.Tls;
using Gateway.Transport.Tls;
using Shouldly;
using Xunit;

namespace Gateway.Tests.Crash;

/// <summary>The doctor's probes before peers of another kind: a former version, and one that asks for a certificate.</summary>
[Kind(Kind.Process)]
public sealed class DoctorPeerTests : DoctorTest
{
    [Fact]
    public async Task A_peer_of_a_version_without_probes_is_unknown_and_the_links_stay_up()
    {
        var (near, far) = NewPair(Quick);
        far.OtherBuild = FormerBuild.LayOut(FormerBuild.All[0], Path.Combine(Folder, "former"));
        var client = await StartAsync(near, far);
        var began = Now;

        var findings = await FindingsAsync(near, [], Far);

        findings.Single(finding => finding.Id == "probe")
            .ShouldBe(("probe", "unknown", Far, "the peer's version does not answer probes"));
        findings.ShouldNotContain(finding => finding.Id == "message-size");
        (await OperatorView.LinkAsync(client, Far)).History.ShouldAllBe(change => change.At < began);
    }

    [Fact]
    public async Task With_Tls_the_probes_show_the_gateways_own_certificate()
    {
        using var pki = new TestPki();
        var (plainNear, plainFar) = NewPair(Quick);
        var (near, far) = (With(plainNear, pki.Make("near")), With(plainFar, pki.Make(Far)));
        await StartAsync(near, far);
        var there = NewClient(far);
        await OperatorView.UntilUpAsync(there, "near");

        var findings = await FindingsAsync(near, [], Far);

        foreach (var id in new[] { "tls", "probe", "views", "dial-back", "echo", "message-size" })
            findings.Where(finding => finding.Id == id).Select(finding => finding.Verdict).Distinct().ShouldBe(["ok"], id);

        // With the certificate of another gateway, the peer refuses as it does a hello.
        var refused = await FindingsAsync(With(plainNear, pki.Make("other")), [], Far);

        var probe = refused.Single(finding => finding.Id == "probe");
        probe.Verdict.ShouldBe("fault");
        probe.Measured.ShouldContain("NotAuthorised");
    }

    private TestGateway With(TestGateway gateway, TlsFiles files) => Track(new TestGateway(gateway.Settings with
    {
        More = new Dictionary<string, string>(gateway.Settings.More)
        {
            ["Gateway:Links:Tls:CertificatePath"] = files.CertificatePath,
            ["Gateway:Links:Tls:KeyPath"] = files.KeyPath,
            ["Gateway:Links:Tls:CaPath"] = files.CaPath,
        },
    }));
}
