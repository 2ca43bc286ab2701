using System.Security.Cryptography;
using Gateway.Cli.Shell;
using Gateway.Configuration;
using Gateway.Transport.Tls;

namespace Gateway.Cli.Setup;

/// <summary>
/// The certificate of a gateway that has none and is paired. Its CA is forgotten at once: peers know the certificate by its fingerprint,
/// and no key lies about that could sign others.
/// </summary>
/// <param name="IsNew">It was made just now.</param>
internal sealed record PairingCertificate(string CertificatePath, string KeyPath, bool IsNew)
{
    private const string FolderName = "pairing";

    private static readonly TimeSpan _lifetime = TimeSpan.FromDays(825);

    /// <summary>Makes it, in a folder beside the main file of the configuration, or finds the one made before.</summary>
    /// <exception cref="CommandLineException">It cannot be made.</exception>
    public static PairingCertificate Make(string mainFile, GatewayOptions options, TimeProvider time)
    {
        var path = Path.Combine(Path.GetDirectoryName(mainFile)!, FolderName);
        var folder = new CertificateFolder(path);
        var made = new PairingCertificate(folder.CertificatePath(options.Name), folder.KeyPath(options.Name), IsNew: false);
        try
        {
            if (File.Exists(made.CertificatePath))
            {
                using var there = folder.Read(options.Name);
                return made;
            }

            // The key is written first: one without its certificate was left by a kill.
            if (File.Exists(made.KeyPath)) FilePatience.OfSystem.Run(made.KeyPath, () => File.Delete(made.KeyPath));
            var maker = new CertificateMaker(time);
            using var authority = maker.NewAuthority();
            using var certificate = maker.NewGateway(options.Name, authority, _lifetime);
            folder.Write(options.Name, certificate);
            GiveToGateway([path, made.KeyPath, made.CertificatePath], mainFile, options.Store.ResolvePath());
            return made with { IsNew = true };
        }
        catch (Exception e) when (e is TlsFilesException or UnauthorizedAccessException or IOException or CryptographicException)
        {
            throw new CommandLineException(
                ExitCode.Failed, $"The certificate could not be made: {e.Message.TrimEnd('.')}. Nothing else was done.");
        }
    }

    /// <summary>The user who runs the gateway owns its store; where there is none yet, the main file's owner is taken for that.</summary>
    private static void GiveToGateway(IEnumerable<string> paths, string mainFile, string store)
    {
        if (FileOwner.Of(Directory.Exists(store) ? store : mainFile) is not { } owner) return;
        foreach (var path in paths) owner.Take(path);
    }
}
