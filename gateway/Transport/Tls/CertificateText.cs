using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Gateway.Transport.Tls;

/// <summary>The contents of a certificate, for rules and for people.</summary>
internal static class CertificateText
{
    private const string CommonName = "2.5.4.3";

    private static readonly TimeSpan _warnBefore = TimeSpan.FromDays(30);

    /// <summary>The names the certificate is valid for: the DNS names in its SANs; without any, its common names.</summary>
    public static IReadOnlyList<string> NamesOf(X509Certificate2 certificate)
    {
        var alternatives = certificate.Extensions.OfType<X509SubjectAlternativeNameExtension>()
            .SelectMany(extension => extension.EnumerateDnsNames()).ToList();
        if (alternatives.Count > 0) return alternatives;
        return certificate.SubjectName.EnumerateRelativeDistinguishedNames()
            .Where(part => !part.HasMultipleElements && part.GetSingleElementType().Value == CommonName)
            .Select(part => part.GetSingleElementValue() ?? "")
            .ToList();
    }

    /// <summary>SHA-256 over the whole certificate, in lower-case hexadecimal digits.</summary>
    public static string Fingerprint(X509Certificate2 certificate) =>
        certificate.GetCertHashString(HashAlgorithmName.SHA256).ToLowerInvariant();

    /// <summary>
    /// Converts a fingerprint, with or without colons or spaces, to the form of <see cref="Fingerprint"/>; null if it is none.
    /// </summary>
    public static string? Normalise(string fingerprint)
    {
        var digits = fingerprint.Replace(":", "", StringComparison.Ordinal).Replace(" ", "", StringComparison.Ordinal);
        return digits.Length == 2 * SHA256.HashSizeInBytes && digits.All(char.IsAsciiHexDigit) ? digits.ToLowerInvariant() : null;
    }

    /// <summary>Identifies the certificate for people.</summary>
    public static string Describe(X509Certificate2 certificate) => $"'{certificate.Subject}' (SHA-256 {Fingerprint(certificate)[..16]}…)";

    public static DateTimeOffset BeginsAt(X509Certificate2 certificate) => new(certificate.NotBefore.ToUniversalTime());

    public static DateTimeOffset ExpiresAt(X509Certificate2 certificate) => new(certificate.NotAfter.ToUniversalTime());

    /// <summary>A clause about a certificate that has expired or soon will; otherwise empty.</summary>
    public static string WarningOf(DateTimeOffset expires, DateTimeOffset now)
    {
        var left = expires - now;
        if (left > _warnBefore) return "";
        return left > TimeSpan.Zero
            ? $"the certificate expires on {Day(expires)}; replace it"
            : $"the certificate expired on {Day(expires)}: peers reject it; replace it";
    }

    public static string Day(DateTimeOffset time) => Figures.Time(time);
}
