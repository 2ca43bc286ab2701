using System.Security.Cryptography;
using Gateway.Cli.Shell;
using Gateway.Configuration;
using Gateway.Transport.Tls;
using Microsoft.Extensions.Configuration;

namespace Gateway.Cli.Setup;

/// <summary>The files of a first installation. Nothing is overwritten; with a fault nothing is written.</summary>
internal static class FirstInstallation
{
    /// <summary>Before the files of the verbs, after none.</summary>
    private const string FurtherName = "10-init.json";

    private const string CertificatesName = "certs";

    /// <summary>As 'cert new' does.</summary>
    private static readonly TimeSpan _lifetime = TimeSpan.FromDays(825);

    /// <summary>Writes the configuration, and the certificates of this gateway and its peers.</summary>
    /// <returns>The lines on what was done, and on what to do.</returns>
    /// <exception cref="CommandLineException">A file is there already, or the answers make no configuration.</exception>
    public static IReadOnlyList<string> Make(FirstAnswers answers, string folder, TimeProvider time)
    {
        var packaged = Path.Combine(folder, GatewayConfiguration.FileName);
        // A package's service reads its own file, and what is in the folder beside it.
        var isFurther = answers.IsService && File.Exists(packaged);
        var path = isFurther ? Path.Combine(ConfigurationFolder.Beside(packaged), FurtherName)
            : Path.Combine(folder, $"{answers.Name}.json");
        var certificatesPath = answers.IsTls ? Path.Combine(folder, CertificatesName) : null;
        var certificates = certificatesPath is null ? null : new CertificateFolder(certificatesPath);
        if (File.Exists(path)) throw Refused(ExitCode.Failed, $"{path} is there already, and is not overwritten.");
        // Before the certificates are made: the answers are examined as if they asked for none.
        var faults = GatewayOptionsReader.Examine(new ConfigurationBuilder().AddGatewayConfiguration(
            [], new PlannedFile(path, FirstConfiguration.Text(answers, certificates: null))).Build()).Faults;
        if (faults.Count > 0) throw Refused(ExitCode.Usage, string.Join('\n', faults));

        var made = certificates is null ? [] : MakeCertificates(certificates, answers, time);
        if (isFurther) OwnersOnly.CreateFolderLike(Path.GetDirectoryName(path)!, packaged);
        else OwnersOnly.CreateFolder(folder);
        using (var writer = new StreamWriter(isFurther ? OwnersOnly.CreateLike(path, packaged) : FileDoor.CreateToWrite(path)))
            writer.Write(FirstConfiguration.Text(answers, certificates));
        return [.. made, $"Wrote {path}.", "", .. NextSteps.Of(answers, path, folder, certificatesPath, isFurther)];
    }

    /// <summary>
    /// On the first host: a CA, and certificates for this gateway and all its peers. On the others: those that were copied there.
    /// </summary>
    private static List<string> MakeCertificates(CertificateFolder folder, FirstAnswers answers, TimeProvider time)
    {
        try
        {
            var hasAuthority = File.Exists(folder.CertificatePath(CertificateFolder.Authority));
            if (hasAuthority && folder.Has(answers.Name))
            {
                using var own = folder.Read(answers.Name);
                return [$"Uses {folder.CertificatePath(answers.Name)}, which was here."];
            }

            if (hasAuthority && !File.Exists(folder.KeyPath(CertificateFolder.Authority))) throw Refused(ExitCode.Failed,
                $"{folder.CertificatePath(CertificateFolder.Authority)} has no key here, so no certificate can be made: copy "
                    + $"{answers.Name}.crt and {answers.Name}.key from the host that made it.");
            if (answers.Peers.Keys.Prepend(answers.Name).FirstOrDefault(folder.Has) is { } there) throw Refused(ExitCode.Failed,
                $"{folder.CertificatePath(there)} or {folder.KeyPath(there)} is there already, and is not overwritten.");
            var maker = new CertificateMaker(time);
            if (!hasAuthority) folder.Write(CertificateFolder.Authority, maker.NewAuthority());
            using var authority = folder.Read(CertificateFolder.Authority);
            foreach (var name in answers.Peers.Keys.Prepend(answers.Name))
            {
                using var certificate = maker.NewGateway(name, authority, _lifetime);
                folder.Write(name, certificate);
            }

            return
            [
                .. hasAuthority ? Array.Empty<string>() : [$"Made a CA: {folder.CertificatePath(CertificateFolder.Authority)}. Keep "
                    + $"{folder.KeyPath(CertificateFolder.Authority)} where no gateway runs: its holder can speak for any of them."],
                .. answers.Peers.Keys.Prepend(answers.Name).Select(
                    name => $"Made {folder.CertificatePath(name)} and {folder.KeyPath(name)}."),
            ];
        }
        catch (Exception e) when (e is TlsFilesException or UnauthorizedAccessException or CryptographicException)
        {
            throw new CommandLineException(ExitCode.Failed, $"The certificates could not be made: {e.Message}.");
        }
    }

    private static CommandLineException Refused(ExitCode code, string fault) => new(code, $"{fault}\nNothing was done.");
}
