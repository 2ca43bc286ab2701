using System.Runtime.Versioning;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Gateway.Transport.Tls;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using Shouldly;
using Xunit;

namespace Gateway.Tests.Transport.Tls;

[NotUnderWine("Wine makes no ECDSA keys")]
public sealed class CertificateWatchTests : IDisposable
{
    private readonly TestPki _pki = new();
    private readonly FakeTimeProvider _time = new(TimeProvider.System.GetUtcNow());
    private readonly LogLines _log = new();
    private readonly ILoggerFactory _loggers;

    public CertificateWatchTests() => _loggers = LoggerFactory.Create(logging => logging.AddProvider(_log));

    public void Dispose()
    {
        _loggers.Dispose();
        _pki.Dispose();
    }

    [Fact]
    public void ANewCertificate_IsUsed_AfterASecond()
    {
        var files = _pki.Make("billing");
        var watch = Watch(files);
        var first = watch.Current;
        Replace(files);

        watch.Current.ShouldBe(first, "it does not look at the files all the time");
        _time.Advance(TimeSpan.FromSeconds(1));
        watch.Current.Own.Thumbprint.ShouldNotBe(first.Own.Thumbprint);
        watch.Own.Fingerprint.ShouldBe(TestPki.FingerprintOf(files), "the status tells what is in use");
    }

    [Fact]
    public void ABrokenFile_KeepsTheFormerCertificate_AndIsLoggedOnce_UntilItIsMended()
    {
        var files = _pki.Make("billing");
        var watch = Watch(files);
        var first = watch.Current;
        File.WriteAllText(files.KeyPath, "not a key");
        for (var i = 0; i < 3; i++)
        {
            _time.Advance(TimeSpan.FromSeconds(1));
            watch.Current.ShouldBe(first);
        }

        _log.Lines.Count(line => line.Contains("the former ones stay in use")).ShouldBe(1);
        Replace(files);
        _time.Advance(TimeSpan.FromSeconds(1));
        watch.Current.ShouldNotBe(first);
    }

    [Fact]
    public void ACertificateWithoutItsKeyYet_IsNotUsed()
    {
        var files = _pki.Make("billing");
        var watch = Watch(files);
        var first = watch.Current;
        var next = _pki.Make("billing", folder: "next");
        File.Copy(next.CertificatePath, files.CertificatePath, overwrite: true);
        _time.Advance(TimeSpan.FromSeconds(1));
        watch.Current.ShouldBe(first);
        File.Copy(next.KeyPath, files.KeyPath, overwrite: true);
        _time.Advance(TimeSpan.FromSeconds(1));

        CertificateText.Fingerprint(watch.Current.Own).ShouldBe(TestPki.FingerprintOf(next));
    }

    [Fact]
    public void ACertificateThatExpiresSoon_IsLoggedOnceADay_AndInTheStatus()
    {
        var watch = Watch(_pki.Make("billing", days: 31));
        watch.Own.Warning.ShouldBeEmpty();
        Warnings().ShouldBe(0);

        for (var hour = 0; hour < 70; hour++) _time.Advance(TimeSpan.FromHours(1));

        Warnings().ShouldBe(2, "the second and the third day");
        watch.Own.Warning.ShouldContain("expires on");
        _time.Advance(TimeSpan.FromDays(30));
        watch.Own.Warning.ShouldContain("expired on");

        int Warnings() => _log.Lines.Count(line => line.Contains("after that no peer accepts it"));
    }

    [Fact]
    public void ACertificateOfAnotherName_IsAWarning()
    {
        _pki.Watch(_pki.Make("sales"), "billing", _time, _loggers.CreateLogger<CertificateWatch>());

        _log.Lines.ShouldContain(line => line.Contains("is valid for 'sales', not for this gateway's name billing"));
    }

    [Fact]
    [UnsupportedOSPlatform("windows")]
    public void AKeyThatOthersCanRead_IsAWarning()
    {
        var files = _pki.Make("billing");
        Watch(files);
        _log.Lines.ShouldNotContain(line => line.Contains("chmod 600"));

        File.SetUnixFileMode(files.KeyPath, UnixFileMode.UserRead | UnixFileMode.OtherRead);
        Watch(files);

        _log.Lines.ShouldContain(line => line.Contains("chmod 600"));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Pfx_AndEncryptedPem_AreRead(bool isPfx)
    {
        var files = _pki.Make("billing");
        using var own = files.Read().Own;
        var path = Path.Combine(_pki.Folder, isPfx ? "billing.pfx" : "secret.key");
        if (isPfx) File.WriteAllBytes(path, own.Export(X509ContentType.Pkcs12, "secret"));
        else File.WriteAllText(path, Encrypted(own));

        var read = isPfx ? files with { CertificatePath = path, KeyPath = "", KeyPassword = "secret" } : files with
        { KeyPath = path, KeyPassword = "secret" };

        read.Read().Own.Thumbprint.ShouldBe(own.Thumbprint);
        Should.Throw<TlsFilesException>(() => (read with { KeyPassword = "wrong" }).Read()).Message.ShouldContain(path);
    }

    private static string Encrypted(X509Certificate2 own)
    {
        using var key = own.GetECDsaPrivateKey()!;
        return key.ExportEncryptedPkcs8PrivateKeyPem(
            "secret",
            new PbeParameters(PbeEncryptionAlgorithm.Aes256Cbc, HashAlgorithmName.SHA256, 1000));
    }

    private CertificateWatch Watch(TlsFiles files) => _pki.Watch(files, "billing", _time, _loggers.CreateLogger<CertificateWatch>());

    /// <summary>With another time of writing, even if the file system's clock has not moved.</summary>
    private void Replace(TlsFiles files)
    {
        _pki.Make("billing");
        File.SetLastWriteTimeUtc(files.CertificatePath, _time.GetUtcNow().UtcDateTime.AddMinutes(1));
    }
}
