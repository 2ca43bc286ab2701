using Gateway.Transport.Tls;

namespace Gateway.Doctor.Probes;

/// <summary>Reads the certificates named in the configuration.</summary>
internal static class CertificateProbe
{
    public static CertificateFacts Read(TlsFiles files, DateTimeOffset now)
    {
        try
        {
            using var own = files.Read(FilePatience.None).Own;
            var expires = CertificateText.ExpiresAt(own);
            return new CertificateFacts(
                CertificateText.BeginsAt(own), expires, CertificateText.NamesOf(own), CertificateText.WarningOf(expires, now));
        }
        catch (TlsFilesException unusable)
        {
            return new CertificateFacts(default, default, [], "", unusable.Message);
        }
    }
}
