using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Gateway.Cli.Shell;

namespace Gateway.Cli.Api;

/// <summary>
/// The trust in the certificate of a gateway's HTTP API: the CAs in a file, or those that the system trusts. The host name is always
/// verified.
/// </summary>
internal static class ApiTrust
{
    /// <param name="file">A file of PEM certificates; empty for the system's CAs.</param>
    /// <exception cref="CommandLineException">The file cannot be used.</exception>
    public static SslClientAuthenticationOptions Of(string file)
    {
        if (file.Length == 0) return new SslClientAuthenticationOptions();
        var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        policy.CustomTrustStore.AddRange(Read(file));
        return new SslClientAuthenticationOptions { CertificateChainPolicy = policy };
    }

    private static X509Certificate2Collection Read(string file)
    {
        var authorities = new X509Certificate2Collection();
        try
        {
            authorities.ImportFromPem(FileDoor.ReadText(file));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or CryptographicException)
        {
            throw new CommandLineException(ExitCode.Failed, $"The CA's certificate {file} cannot be used: {e.Message}");
        }

        return authorities.Count > 0 ? authorities : throw new CommandLineException(
            ExitCode.Failed, $"{file} holds no certificate in PEM; give the CA's, such as ca.crt of 'gateway cert new'.");
    }
}
