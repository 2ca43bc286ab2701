using System.Runtime.Versioning;
using System.Security.Cryptography.X509Certificates;
using Gateway.Cli.Shell;
using Gateway.Transport.Tls;
using Shouldly;
using Xunit;

namespace Gateway.Tests.Cli.Keys;

public sealed class CertVerbTests : IDisposable
{
    private const string NoKeys = "Wine makes no ECDSA keys";

    private readonly string _folder = Path.Combine(Directory.CreateTempSubdirectory("cert-verb-").FullName, "certs");
    private readonly TestTerminal _terminal = new();

    public void Dispose() => Directory.Delete(Path.GetDirectoryName(_folder)!, recursive: true);

    [Fact]
    [NotUnderWine(NoKeys)]
    public async Task New_makes_a_CA_and_a_certificate_that_another_gateway_of_it_trusts_for_that_name()
    {
        (await NewAsync("billing", "--days", "30")).ShouldBe(ExitCode.Ok);
        (await NewAsync("shop")).ShouldBe(ExitCode.Ok);

        var billing = FilesOf("billing").Read();
        var verdict = new PeerTrust(new Dictionary<string, string>(), TimeProvider.System)
            .Examine(billing.Own, [], FilesOf("shop").Read().Authorities, PeerTrust.ServerUsage);
        verdict.Fault.ShouldBeEmpty();
        verdict.Names!.Names.ShouldBe(["billing"]);
        (CertificateText.ExpiresAt(billing.Own) - TimeProvider.System.GetUtcNow()).TotalDays.ShouldBeInRange(29.9, 30);
        _terminal.Output.ShouldContain($"SHA-256 fingerprint: {CertificateText.Fingerprint(billing.Own)}");
        _terminal.Output.ShouldContain(
            """ "Tls": { "CertificatePath": "billing.crt", "KeyPath": "billing.key", "CaPath": "ca.crt" } """.Trim());
        Directory.EnumerateFiles(_folder).Select(Path.GetFileName)
            .Order().ShouldBe(["billing.crt", "billing.key", "ca.crt", "ca.key", "shop.crt", "shop.key"]);
    }

    [Fact]
    [UnsupportedOSPlatform("windows")]
    [NotUnderWine("Windows has no such modes")]
    public async Task New_lets_only_the_owner_read_the_keys()
    {
        await NewAsync("billing");

        foreach (var key in Directory.EnumerateFiles(_folder, "*.key"))
            File.GetUnixFileMode(key).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);
    }

    [Theory]
    [InlineData(60)]
    [InlineData(80)]
    [InlineData(120)]
    [InlineData(200)]
    [NotUnderWine(NoKeys)]
    public async Task Show_cuts_nothing_on_a_screen_of_any_width(int width)
    {
        const string name = "a-gateway-with-a-rather-long-name-of-sixty-letters-in-all-0001";
        await NewAsync(name);
        var certificate = FilesOf(name).Read().Own;
        var terminal = new TestTerminal();
        terminal = new TestTerminal { Terminal = terminal.Terminal with { Width = width } };
        var output = (MemoryStream)terminal.Terminal.Output;

        (await terminal.RunAsync("cert", "show", Path.Combine(_folder, $"{name}.crt"))).ShouldBe(ExitCode.Ok, terminal.Error);

        var text = System.Text.Encoding.UTF8.GetString(output.ToArray());
        text.ShouldNotContain("…");
        text.Split('\n').ShouldAllBe(line => line.Length <= width);
        var plain = string.Concat(text.Split([' ', '\n'], StringSplitOptions.RemoveEmptyEntries));
        foreach (var word in new[] { certificate.Subject, CertificateText.Fingerprint(certificate), "fingerprint", "issuer", "valid" })
            plain.ShouldContain(word.Replace(" ", "", StringComparison.Ordinal));
    }

    [Fact]
    [NotUnderWine(NoKeys)]
    public async Task New_overwrites_nothing()
    {
        await NewAsync("billing");
        var before = Contents();

        (await NewAsync("billing")).ShouldBe(ExitCode.Failed);

        _terminal.Error.ShouldContain("is there already, and is not overwritten");
        Contents().ShouldBe(before);
    }

    [Theory]
    [InlineData("ca")]
    [InlineData("CA")]
    [InlineData("two words")]
    [InlineData("../x")]
    [InlineData("")]
    public async Task New_takes_only_names_of_gateways(string name)
    {
        (await NewAsync(name)).ShouldBe(ExitCode.Usage);

        Directory.Exists(_folder).ShouldBeFalse();
    }

    [Fact]
    [NotUnderWine(NoKeys)]
    public async Task New_with_a_CA_whose_key_is_elsewhere_says_so()
    {
        await NewAsync("billing");
        File.Delete(Path.Combine(_folder, "ca.key"));

        (await NewAsync("shop")).ShouldBe(ExitCode.Failed);

        _terminal.Error.ShouldContain("ca.key");
    }

    [Theory]
    [InlineData("a..b")]
    [InlineData("x012345678901234567890123456789012345678901234567890123456789012")]
    [InlineData("Shop_1.north")]
    [NotUnderWine(NoKeys)]
    public async Task Any_name_of_a_gateway_is_the_name_in_its_certificate(string name)
    {
        (await NewAsync(name)).ShouldBe(ExitCode.Ok);

        CertificateText.NamesOf(FilesOf(name).Read().Own).ShouldBe([name]);
    }

    [Fact]
    [NotUnderWine(NoKeys)]
    public async Task Show_prints_what_matters()
    {
        await NewAsync("billing");
        using var certificate = X509CertificateLoader.LoadCertificateFromFile(Path.Combine(_folder, "billing.crt"));

        (await _terminal.RunAsync("cert", "show", Path.Combine(_folder, "billing.crt"))).ShouldBe(ExitCode.Ok);

        _terminal.Output.ShouldContain("\nfor          billing\nissuer       CN=Gateway CA ");
        _terminal.Output.ShouldEndWith($"fingerprint  {CertificateText.Fingerprint(certificate)}\n");
    }

    [Fact]
    [NotUnderWine(NoKeys)]
    public async Task Show_of_what_is_no_certificate_says_so()
    {
        await NewAsync("billing");

        (await _terminal.RunAsync("cert", "show", Path.Combine(_folder, "billing.key"))).ShouldBe(ExitCode.Failed);
        (await _terminal.RunAsync("cert", "show", Path.Combine(_folder, "nothing.crt"))).ShouldBe(ExitCode.Failed);

        _terminal.Error.ShouldContain("There is no certificate in PEM in");
        _terminal.Error.ShouldContain("nothing.crt");
    }

    private Task<ExitCode> NewAsync(string name, params string[] more) =>
        _terminal.RunAsync(["cert", "new", "--name", name, "--folder", _folder, .. more]);

    private TlsFiles FilesOf(string name) =>
        new(Path.Combine(_folder, name + ".crt"), Path.Combine(_folder, name + ".key"), "", Path.Combine(_folder, "ca.crt"));

    private string Contents() => string.Concat(Directory.EnumerateFiles(_folder).Order().Select(File.ReadAllText));
}
