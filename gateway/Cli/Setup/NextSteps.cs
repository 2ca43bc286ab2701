using Gateway.Transport.Tls;

namespace Gateway.Cli.Setup;

/// <summary>The commands that finish a first installation, on this host and the others, as they are typed. Pure.</summary>
internal static class NextSteps
{
    private const string PortDefault = ":7421";

    /// <param name="path">The file that was written.</param>
    /// <param name="certificates">The folder of the certificates; null without TLS.</param>
    /// <param name="isPackaged">The service of a package reads the file.</param>
    public static IEnumerable<string> Of(FirstAnswers answers, string path, string folder, string? certificates, bool isPackaged) =>
        Here(answers, path, certificates, isPackaged).Concat(
            answers.Peers.SelectMany(peer => There(answers, peer.Key, peer.Value, folder, certificates)));

    private static IEnumerable<string> Here(FirstAnswers answers, string path, string? certificates, bool isPackaged)
    {
        yield return "On this host:";
        if (!answers.IsService)
        {
            yield return $"  gateway run --config {Quoted(path)}";
        }
        else if (OperatingSystem.IsWindows() && isPackaged)
        {
            // The service's account reads what is in the folder, unless it was made with rights of its own, as keys are.
            if (certificates is not null) yield return $"  icacls {Quoted(certificates)} /reset /T";
            yield return "  Restart-Service Gateway";
            yield return "  In the folder of the zip, for the firewall: .\\install.ps1";
        }
        else if (OperatingSystem.IsWindows())
        {
            yield return $"  sc.exe create Gateway start= auto binPath= \"{Environment.ProcessPath} run --config {path}\"";
            yield return "  sc.exe failure Gateway reset= 86400 actions= restart/5000";
            yield return "  sc.exe failureflag Gateway 1";
            yield return "  sc.exe start Gateway";
        }
        else if (isPackaged)
        {
            if (certificates is not null) yield return $"  chown -R gateway: {Quoted(certificates)}";
            yield return "  systemctl restart gateway";
        }
        else
        {
            yield return "  Install the package, whose service reads /etc/gateway: apt install ./gateway_VERSION_amd64.deb";
            yield return $"  Or let a service of your own run: gateway run --config {Quoted(path)}";
        }

        // With peers the certificates are those of one CA, and the files are copied.
        if (answers.Peers.Count > 0 || certificates is null) yield break;
        var config = isPackaged ? "" : $" --config {Quoted(path)}";
        yield return "";
        yield return $"For each other gateway, while this one runs: gateway peer invite{config}";
        yield return $"Or with the code that another one has printed: gateway peer join CODE{config}";
    }

    private static IEnumerable<string> There(FirstAnswers answers, string peer, string address, string folder, string? certificates)
    {
        var host = new Uri(address).Host;
        yield return "";
        yield return certificates is null ? $"On the host of {peer}:" : $"For the host of {peer}, from here:";
        if (certificates is not null)
        {
            string[] files = [CertificateFolder.Authority + ".crt", peer + ".crt", peer + ".key"];
            yield return $"  ssh {host} mkdir -p -m 700 {Quoted(certificates)}";
            yield return $"  scp {string.Join(' ', files.Select(file => Quoted(Path.Combine(certificates, file))))} "
                + $"{host}:{Quoted(certificates)}/";
            yield return "And on it:";
        }

        yield return $"  gateway init --name {peer} --listen {Quoted($"tcp://*:{new Uri(address).Port}")} "
            + $"--peer {answers.Name}={Environment.MachineName}{PortOf(answers.Listen)} --tls {(answers.IsTls ? "yes" : "no")} "
            + $"--service {(answers.IsService ? "yes" : "no")} --folder {Quoted(folder)}";
    }

    private static string PortOf(string listen) => listen.LastIndexOf(':') is > 5 and var at ? listen[at..] : PortDefault;

    /// <summary>For a shell, if it needs it.</summary>
    private static string Quoted(string word) =>
        word.All(c => char.IsAsciiLetterOrDigit(c) || c is '/' or '.' or '_' or '-' or ':' or '\\' or '@') ? word : $"'{word}'";
}
