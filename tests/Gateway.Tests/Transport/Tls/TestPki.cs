using Gateway.Transport.Tls;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Gateway.Tests.Transport.Tls;

/// <summary>CAs and certificates of a test, in files, made as 'gateway cert new' makes them.</summary>
internal sealed class TestPki : IDisposable
{
    public const string Ours = "ours";
    public const string Theirs = "theirs";

    private readonly List<CertificateWatch> _watches = [];

    public string Folder { get; } = Directory.CreateTempSubdirectory("gateway-pki-").FullName;

    /// <summary>Makes a certificate, or a new one in the place of an old one.</summary>
    /// <param name="ca">The CA's folder; the CA is made if it is not there.</param>
    /// <param name="age">How long ago it was made.</param>
    /// <param name="folder">Where it goes, if not to its CA.</param>
    public TlsFiles Make(string name, string ca = Ours, int days = 90, TimeSpan age = default, string? folder = null)
    {
        var authority = new CertificateFolder(Path.Combine(Folder, ca));
        if (!authority.Has(CertificateFolder.Authority))
            authority.Write(CertificateFolder.Authority, new CertificateMaker(new At(TimeSpan.FromDays(365))).NewAuthority());
        using var signer = authority.Read(CertificateFolder.Authority);
        using var made = new CertificateMaker(new At(age)).NewGateway(name, signer, TimeSpan.FromDays(days));
        var into = new CertificateFolder(Path.Combine(Folder, folder ?? ca));
        Directory.CreateDirectory(Path.Combine(Folder, folder ?? ca));
        File.Delete(into.CertificatePath(name));
        File.Delete(into.KeyPath(name));
        into.Write(name, made);
        return new TlsFiles(into.CertificatePath(name), into.KeyPath(name), "", authority.CertificatePath(CertificateFolder.Authority));
    }

    public CertificateWatch Watch(TlsFiles files, string name, TimeProvider? time = null, ILogger<CertificateWatch>? logger = null,
        FilePatience? patience = null)
    {
        var watch = new CertificateWatch(files, name, time ?? TimeProvider.System, logger ?? NullLogger<CertificateWatch>.Instance)
        { Patience = patience ?? FilePatience.None };
        _watches.Add(watch);
        return watch;
    }

    public LinkTls Tls(TlsFiles files, params (string Peer, string Fingerprint)[] pins) =>
        new(Watch(files, Path.GetFileNameWithoutExtension(files.CertificatePath)),
            new PeerTrust(pins.ToDictionary(pin => pin.Peer, pin => pin.Fingerprint), TimeProvider.System));

    public static string FingerprintOf(TlsFiles files)
    {
        using var own = files.Read().Own;
        return CertificateText.Fingerprint(own);
    }

    public void Dispose()
    {
        foreach (var watch in _watches) watch.Dispose();
        Directory.Delete(Folder, recursive: true);
    }

    /// <summary>The clock of somebody who lived a while ago.</summary>
    private sealed class At(TimeSpan age) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => base.GetUtcNow() - age;
    }
}
