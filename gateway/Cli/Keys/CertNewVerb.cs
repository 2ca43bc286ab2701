using System.CommandLine;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Gateway.Cli.Shell;
using Gateway.Transport.Tls;

namespace Gateway.Cli.Keys;

/// <summary>Creates a certificate for a gateway, and the common CA if there is none yet, and explains how to use the files.</summary>
internal static class CertNewVerb
{
    /// <summary>The longest validity that was customary for server certificates.</summary>
    private const int DefaultDays = 825;
    private const int DaysMax = 3650;

    public static Command Create(Terminal terminal)
    {
        var name = new Option<string>("--name")
        { Description = "The gateway's name, as in its configuration.", HelpName = "NAME", Required = true };
        var folder = new Option<DirectoryInfo>("--folder")
        { Description = "Where the CA is, or will be made, and the new files go.", HelpName = "DIR", Required = true };
        var days = WholeNumber.Option("--days", $"How long it is valid (default: {DefaultDays}).", DefaultDays, least: 1, DaysMax);
        name.Validators.Add(result =>
        {
            var given = result.GetValueOrDefault<string>() ?? "";
            if (!Names.IsValid(given))
                result.AddError("A gateway's name has 1 to 64 of a-z A-Z 0-9 . _ - and starts with a letter or digit.");
            else if (given.Equals(CertificateFolder.Authority, StringComparison.OrdinalIgnoreCase))
                result.AddError($"'{given}' is the name of the CA's own files; give the gateway another.");
            else if (FileNames.IsReserved(given))
                result.AddError($"'{given}' is the name of a device on Windows, where no file can have it; give the gateway another.");
        });
        var command = new Command("new", "Make a certificate and key for a gateway, signed by the CA of the folder, which is made "
            + "if there is none.") { name, folder, days };
        command.SetAction((parsed, cancellationToken) => Verb.RunAsync(terminal, async () =>
        {
            foreach (var line in Make(terminal.Time, parsed.GetValue(name)!, parsed.GetValue(folder)!.ToString(),
                TimeSpan.FromDays(parsed.GetValue(days))))
                await terminal.WriteLineAsync(line, cancellationToken);
            return ExitCode.Ok;
        }));
        return command;
    }

    private static List<string> Make(TimeProvider time, string name, string path, TimeSpan lifetime)
    {
        var folder = new CertificateFolder(path);
        var maker = new CertificateMaker(time);
        if (folder.Has(name)) throw new CommandLineException(ExitCode.Failed, $"{folder.CertificatePath(name)} or {folder.KeyPath(name)} "
            + $"is there already, and is not overwritten; to renew it, move both away first.");
        try
        {
            var isNew = !folder.Has(CertificateFolder.Authority);
            if (isNew) folder.Write(CertificateFolder.Authority, maker.NewAuthority());
            using var authority = folder.Read(CertificateFolder.Authority);
            using var certificate = maker.NewGateway(name, authority, lifetime);
            folder.Write(name, certificate);
            return [.. isNew ? NewAuthority(folder) : [], .. Advise(folder, name, certificate)];
        }
        catch (Exception e) when (e is TlsFilesException or UnauthorizedAccessException or CryptographicException)
        {
            throw new CommandLineException(ExitCode.Failed, $"The certificate could not be made: {e.Message}.");
        }
    }

    private static IEnumerable<string> NewAuthority(CertificateFolder folder) =>
    [
        $"Made a CA: {folder.CertificatePath(CertificateFolder.Authority)}. Keep {folder.KeyPath(CertificateFolder.Authority)} where "
            + $"no gateway runs: its holder can speak for any of them.",
    ];

    private static IEnumerable<string> Advise(CertificateFolder folder, string name, X509Certificate2 certificate) =>
    [
        $"Made {folder.CertificatePath(name)} and {folder.KeyPath(name)}, valid "
            + $"until {CertificateText.Day(CertificateText.ExpiresAt(certificate))}.",
        $"SHA-256 fingerprint: {CertificateText.Fingerprint(certificate)}",
        "",
        $"Copy {name}.crt, {name}.key and {CertificateFolder.Authority}.crt to the host of {name}, and let the gateway there have "
            + $"in its configuration:",
        $$"""  "Links": { "Tls": { "CertificatePath": "{{name}}.crt", "KeyPath": "{{name}}.key","""
            + $$""" "CaPath": "{{CertificateFolder.Authority}}.crt" } }""",
        $"Every other gateway needs such files of its own, from the same CA. To let one take this certificate only for {name}:",
        $$"""  "Peers": { "{{name}}": { "Address": "tcp://HOST:PORT", "Fingerprint": "{{CertificateText.Fingerprint(certificate)}}" } }""",
    ];
}
