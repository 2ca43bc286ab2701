using System.CommandLine;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Gateway.Cli.Shell;
using Gateway.Transport.Tls;

namespace Gateway.Cli.Keys;

/// <summary>Shows the contents of a certificate file that matter to links.</summary>
internal static class CertShowVerb
{
    public static Command Create(Terminal terminal)
    {
        var file = new Argument<FileInfo>("file") { Description = "A file of certificates in PEM." };
        var command = new Command("show", "Print for whom a certificate is, until when, and its fingerprint.") { file };
        command.SetAction((parsed, cancellationToken) => Verb.RunAsync(terminal, async () =>
        {
            var certificates = Read(parsed.GetValue(file)!.ToString());
            await new Output(terminal, OutputFormat.Table)
                .WriteAsync(certificates.Select(certificate => Describe(certificate, terminal.Time.GetUtcNow())), cancellationToken);

            return ExitCode.Ok;
        }));
        return command;
    }

    private static X509Certificate2Collection Read(string path)
    {
        var found = new X509Certificate2Collection();
        try
        {
            found.ImportFromPem(FileDoor.ReadText(path));
        }
        catch (Exception e) when (e is CryptographicException or UnauthorizedAccessException)
        {
            throw new CommandLineException(ExitCode.Failed, $"{path} cannot be read as certificates: {e.Message}");
        }

        return found.Count > 0 ? found : throw new CommandLineException(ExitCode.Failed, $"There is no certificate in PEM in {path}.");
    }

    private static FactList Describe(X509Certificate2 certificate, DateTimeOffset now)
    {
        var expires = CertificateText.ExpiresAt(certificate);
        return Listing.Facts(
            ("subject", certificate.Subject),
            ("for", string.Join(", ", CertificateText.NamesOf(certificate))),
            ("issuer", certificate.Issuer),
            ("valid", $"{CertificateText.Day(CertificateText.BeginsAt(certificate))} "
                + $"to {CertificateText.Day(expires)}{(expires < now ? " (expired)" : "")}"),
            ("fingerprint", CertificateText.Fingerprint(certificate)));
    }
}
