using System.Diagnostics;
using Gateway.Transport.Tls;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using Shouldly;
using Xunit;

namespace Gateway.Tests.Transport.Tls;

/// <summary>
/// Files of certificates that cannot be read at this moment: handshakes go on with what there is, and spend none of their time on it.
/// </summary>
[NotUnderWine("Wine makes no ECDSA keys")]
public sealed class HeldCertificateTests : IDisposable
{
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(30);

    private readonly TestPki _pki = new();
    private readonly FakeTimeProvider _time = new(TimeProvider.System.GetUtcNow());
    private readonly LogLines _log = new();
    private readonly ILoggerFactory _loggers;

    public HeldCertificateTests() => _loggers = LoggerFactory.Create(logging => logging.AddProvider(_log));

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _loggers.Dispose();
        _pki.Dispose();
    }

    [Fact]
    [Kind(Kind.Process)]
    public async Task AFileThatIsReadSlowly_HoldsUpNobodyButWhoReadsIt()
    {
        var files = _pki.Make("billing");
        var next = _pki.Make("billing", folder: "next");
        var watch = _pki.Watch(files, "billing", _time, _loggers.CreateLogger<CertificateWatch>());
        var first = watch.Current;
        File.Copy(next.CertificatePath, files.CertificatePath, overwrite: true);
        File.Delete(files.KeyPath);
        Process.Start("mkfifo", files.KeyPath).WaitForExit();
        _time.Advance(TimeSpan.FromSeconds(1));

        var reading = Task.Run(() => watch.Current, Token);
        // It can be opened for writing without waiting once somebody reads it, and not before.
        await using var key = await Task.Run(() => new FileStream(files.KeyPath, FileMode.Open, FileAccess.Write), Token)
            .WaitAsync(_patience, Token);
        _time.Advance(TimeSpan.FromSeconds(1));
        (await Task.Run(() => watch.Current, Token).WaitAsync(_patience, Token)).ShouldBe(first);
        reading.IsCompleted.ShouldBeFalse();

        await key.WriteAsync(await File.ReadAllBytesAsync(next.KeyPath, Token), Token);
        key.Close();
        CertificateText.Fingerprint((await reading.WaitAsync(_patience, Token)).Own).ShouldBe(TestPki.FingerprintOf(next));
    }

    [Fact]
    public void AFileThatCannotBeReadNow_IsToldOnce_AndReadWhenItCan()
    {
        var files = _pki.Make("billing");
        var next = _pki.Make("billing", folder: "next");
        // By a clock that stands still nobody could wait.
        var asWindows = new FilePatience(_time, isWindows: true, TimeSpan.Zero);
        var watch = _pki.Watch(files, "billing", _time, _loggers.CreateLogger<CertificateWatch>(), asWindows);
        var first = watch.Current;
        File.Copy(next.CertificatePath, files.CertificatePath, overwrite: true);
        File.Delete(files.KeyPath);
        // Windows refuses a path that is no file as it refuses a file without rights.
        Directory.CreateDirectory(files.KeyPath);
        for (var i = 0; i < 3; i++)
        {
            _time.Advance(TimeSpan.FromSeconds(1));
            watch.Current.ShouldBe(first);
        }

        _log.Lines.Count(line => line.Contains($"Access to {files.KeyPath} is denied to the user ")).ShouldBe(1);
        Directory.Delete(files.KeyPath);
        File.Copy(next.KeyPath, files.KeyPath);
        _time.Advance(TimeSpan.FromSeconds(1));
        CertificateText.Fingerprint(watch.Current.Own).ShouldBe(TestPki.FingerprintOf(next));
    }
}
