using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Gateway.Transport.Tls;

/// <summary>
/// Makes the certificates of a small installation: a CA of its own, and certificates for its gateways, on the curve P-256.
/// </summary>
internal sealed class CertificateMaker(TimeProvider time)
{
    private const int AuthorityDays = 3650;
    private const int SerialBytes = 16;

    /// <summary>The tolerance for differing clocks of the hosts.</summary>
    private static readonly TimeSpan _early = TimeSpan.FromHours(1);

    /// <summary>A new CA with its key. Its name is unique, so that two CAs can be told apart.</summary>
    public X509Certificate2 NewAuthority()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var subject = Subject($"Gateway CA {Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(4))}");
        var request = new CertificateRequest(subject, key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(X509BasicConstraintsExtension.CreateForCertificateAuthority(pathLengthConstraint: 0));
        request.CertificateExtensions.Add(
            new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign, critical: true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, critical: false));
        var now = time.GetUtcNow();
        return request.CreateSelfSigned(now - _early, now.AddDays(AuthorityDays));
    }

    /// <summary>A certificate, with its key, for a gateway, which both dials and accepts. It expires no later than the CA.</summary>
    /// <param name="lifetime">Counted from now.</param>
    public X509Certificate2 NewGateway(string name, X509Certificate2 authority, TimeSpan lifetime)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest(Subject(name), key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(X509BasicConstraintsExtension.CreateForEndEntity());
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, critical: true));
        request.CertificateExtensions.Add(
            new X509EnhancedKeyUsageExtension([PeerTrust.ServerUsage, PeerTrust.ClientUsage], critical: false));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, critical: false));
        request.CertificateExtensions.Add(X509AuthorityKeyIdentifierExtension.CreateFromCertificate(
            authority, includeKeyIdentifier: true, includeIssuerAndSerial: false));
        if (AlternativeName(name) is { } alternative) request.CertificateExtensions.Add(alternative);
        var now = time.GetUtcNow();
        var ends = now + lifetime;
        // A certificate must lie within the validity of its CA.
        var earliest = CertificateText.BeginsAt(authority);
        var latest = CertificateText.ExpiresAt(authority);
        using var signed = request.Create(authority, now - _early > earliest
            ? now - _early : earliest, ends < latest ? ends : latest, RandomNumberGenerator.GetBytes(SerialBytes));
        return signed.CopyWithPrivateKey(key);
    }

    private static X500DistinguishedName Subject(string commonName)
    {
        var subject = new X500DistinguishedNameBuilder();
        subject.AddCommonName(commonName);
        return subject.Build();
    }

    /// <summary>Null for the few gateway names that are no DNS name; for these the common name counts.</summary>
    private static X509Extension? AlternativeName(string name)
    {
        var builder = new SubjectAlternativeNameBuilder();
        try
        {
            builder.AddDnsName(name);
        }
        catch (ArgumentException)
        {
            return null;
        }

        return builder.Build();
    }
}
