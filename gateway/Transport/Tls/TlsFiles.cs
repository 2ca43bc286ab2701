using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Gateway.Transport.Tls;

/// <summary>The certificate files named in the configuration.</summary>
/// <param name="KeyPath">Empty if the certificate file contains the key.</param>
/// <param name="KeyPassword">Empty if the key is not encrypted.</param>
/// <param name="CaPath">Empty if peers are trusted by their fingerprints alone.</param>
internal sealed record TlsFiles(string CertificatePath, string KeyPath, string KeyPassword, string CaPath)
{
    public IEnumerable<string> Paths => new[] { CertificatePath, KeyPath, CaPath }.Where(path => path.Length > 0);

    private bool IsPfx => Path.GetExtension(CertificatePath).ToUpperInvariant() is ".PFX" or ".P12";

    private bool IsKeyOpen => SecretFile.IsOpen(KeyPath.Length > 0 ? KeyPath : CertificatePath);

    /// <param name="patience">The patience with programs that hold one of the files; by default, that of the system.</param>
    /// <exception cref="TlsFilesException">A file cannot be read, or the files do not match.</exception>
    public TlsMaterial Read(FilePatience? patience = null)
    {
        patience ??= FilePatience.OfSystem;
        var reading = CertificatePath;
        try
        {
            var (own, more) = IsPfx ? ReadPfx(patience) : ReadPem(patience);
            if (!own.HasPrivateKey) throw new TlsFilesException($"{CertificatePath} holds no private key; give its file in Tls:KeyPath");
            reading = CaPath;
            var authorities = new X509Certificate2Collection();
            if (CaPath.Length > 0) authorities.ImportFromPem(Text(CaPath, patience));
            if (CaPath.Length > 0 && authorities.Count == 0) throw new TlsFilesException($"{CaPath} holds no certificate in PEM");
            return new TlsMaterial(own, SslStreamCertificateContext.Create(own, more, offline: true), authorities, IsKeyOpen);
        }
        catch (Exception e) when (e is IOException
            or UnauthorizedAccessException or CryptographicException or ArgumentException or NotSupportedException)
        {
            throw new TlsFilesException($"{reading}{(reading == CertificatePath && KeyPath.Length > 0 ? $" with the key {KeyPath}" : "")} "
                + $"cannot be used: {e.Message.TrimEnd('.')}")
            { IsTransient = e is FileHeldException or FileDeniedException };
        }
    }

    private (X509Certificate2 Own, X509Certificate2Collection More) ReadPfx(FilePatience patience)
    {
        var all = X509CertificateLoader.LoadPkcs12Collection(
            patience.Run(CertificatePath, () => FileDoor.ReadBytes(CertificatePath)), KeyPassword);
        var own = all.FirstOrDefault(certificate => certificate.HasPrivateKey)
            ?? throw new TlsFilesException($"{CertificatePath} holds no private key");
        return (own, [.. all.Where(certificate => certificate != own)]);
    }

    private (X509Certificate2 Own, X509Certificate2Collection More) ReadPem(FilePatience patience)
    {
        var certificates = Text(CertificatePath, patience);
        var key = KeyPath.Length > 0 ? Text(KeyPath, patience) : certificates;
        var own = KeyPassword.Length > 0 ? X509Certificate2.CreateFromEncryptedPem(
            certificates, key, KeyPassword) : X509Certificate2.CreateFromPem(certificates, key);
        var all = new X509Certificate2Collection();
        all.ImportFromPem(certificates);
        // Windows cannot use a key for TLS that is only in memory.
        if (OperatingSystem.IsWindows()) own = X509CertificateLoader.LoadPkcs12(own.Export(X509ContentType.Pkcs12), null);
        return (own, [.. all.Where(certificate => !certificate.RawDataMemory.Span.SequenceEqual(own.RawDataMemory.Span))]);
    }

    /// <summary>Waits for a program that may hold the file while replacing it.</summary>
    private static string Text(string path, FilePatience patience) => patience.Run(path, () => FileDoor.ReadText(path));
}

/// <summary>The contents of the files; immutable.</summary>
/// <param name="Own">This gateway's certificate, with its key.</param>
/// <param name="Context">The same certificate with the chain sent along.</param>
/// <param name="Authorities">The CAs whose certificates are trusted.</param>
/// <param name="IsKeyOpen">Other users of the host can read or write the key.</param>
internal sealed record TlsMaterial(X509Certificate2 Own, SslStreamCertificateContext Context, X509Certificate2Collection Authorities,
    bool IsKeyOpen)
{
    /// <summary>For callers that present no certificate of their own.</summary>
    public SslServerAuthenticationOptions ToServerOptions() =>
        new() { ServerCertificateContext = Context, EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13 };
}

/// <summary>The certificate and key files are unusable.</summary>
internal sealed class TlsFilesException(string message) : Exception(message)
{
    /// <summary>
    /// Another program holds one of the files at the moment, or their rights are being changed: neither changes a file's time, and the
    /// next look may succeed.
    /// </summary>
    public bool IsTransient { get; init; }
}
