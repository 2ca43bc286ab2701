using System.Net;
using Gateway.Transport.Tls;

namespace Gateway.Configuration;

/// <summary>The rules that keep a gateway from being exposed by mistake.</summary>
internal static class SecurityRules
{
    public static void Check(GatewayOptions options, ICollection<string> faults)
    {
        if (!IsLoopback(options.Intake.Address) && !options.Intake.AllowPlainText)
            faults.Add(
                $"Gateway:Intake:Address is '{options.Intake.Address}', where other hosts can connect, and applications are served in "
                + $"plain text. Listen on tcp://127.0.0.1:PORT; or set Gateway:Intake:AllowPlainText to true, if the network is trusted.");
        if (!IsLoopback(options.Links.Address) && !options.Links.Tls.IsOn && !options.Links.AllowPlainText)
            faults.Add($"Gateway:Links:Address is '{options.Links.Address}', where other hosts can connect, and there is no TLS. "
                + $"Set Gateway:Links:Tls ('gateway cert new' makes the files); or set Gateway:Links:AllowPlainText to true, if "
                + $"the network is trusted.");
        CheckTls(options.Links.Tls, options.Peers, faults);
        foreach (var (name, peer) in options.Peers.Where(peer => peer.Value.Fingerprint.Length > 0))
            CheckFingerprint($"Gateway:Peers:{name}:Fingerprint", peer.Fingerprint, options.Links.Tls, faults);
    }

    private static void CheckTls(TlsOptions tls, IReadOnlyDictionary<string, PeerOptions> peers, ICollection<string> faults)
    {
        CheckFile(nameof(tls.CertificatePath), tls.CertificatePath, faults);
        CheckFile(nameof(tls.KeyPath), tls.KeyPath, faults);
        CheckFile(nameof(tls.CaPath), tls.CaPath, faults);
        if (!tls.IsOn && (tls.KeyPath.Length > 0 || tls.KeyPassword.Length > 0 || tls.CaPath.Length > 0)) faults.Add(
            "Gateway:Links:Tls:CertificatePath is empty, but other keys of Tls are not; give this gateway's certificate, or none of them.");
        if (!tls.IsOn || tls.CaPath.Length > 0) return;
        foreach (var name in peers.Where(peer => peer.Value.Fingerprint.Length == 0).Select(peer => peer.Key))
            faults.Add($"Gateway:Peers:{name} has no Fingerprint, and Gateway:Links:Tls:CaPath is empty; give one of the two, or "
                + $"no certificate of {name} can be trusted.");
    }

    private static void CheckFile(string key, string path, ICollection<string> faults)
    {
        if (path.Length > 0 && !File.Exists(path))
            faults.Add($"Gateway:Links:Tls:{key} is '{path}', but there is no such file ({Path.GetFullPath(path)}).");
    }

    private static void CheckFingerprint(string key, string fingerprint, TlsOptions tls, ICollection<string> faults)
    {
        if (CertificateText.Normalise(fingerprint) is null)
            faults.Add($"{key} is '{fingerprint}', which is not a SHA-256 of 64 hexadecimal digits; 'gateway cert show FILE' prints it.");
        else if (!tls.IsOn) faults.Add($"{key} is set, but links are in plain text; set Gateway:Links:Tls:CertificatePath.");
    }

    /// <summary>False for an invalid address, which another rule reports.</summary>
    private static bool IsLoopback(string address) =>
        !Uri.TryCreate(address.Replace("://*", "://0.0.0.0", StringComparison.Ordinal), UriKind.Absolute, out var uri)
        || !IPAddress.TryParse(uri.DnsSafeHost, out var ip)
        || IPAddress.IsLoopback(ip);
}
