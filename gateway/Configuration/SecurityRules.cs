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
        foreach (var (name, inlet) in options.Tcp.Inlets.Where(
            inlet => !IsLoopback(inlet.Value.Address) && !inlet.Value.Tls.IsOn && !inlet.Value.AllowPlainText))
        {
            var key = $"Gateway:Tcp:Inlets:{name}";
            faults.Add($"{key}:Address is '{inlet.Address}', where other hosts can connect, and there is no TLS. Listen on "
                + $"tcp://127.0.0.1:PORT, or set {key}:Tls; or set {key}:AllowPlainText to true, if the network is trusted.");
        }

        CheckDoors(options, faults);
        CheckTls(options.Links.Tls, options.Peers, faults);
        foreach (var (name, peer) in options.Peers.Where(peer => peer.Value.Fingerprint.Length > 0))
            CheckFingerprint($"Gateway:Peers:{name}:Fingerprint", peer.Fingerprint, options.Links.Tls, faults);
    }

    /// <summary>A token on one door is of no use while another stands open, unless that is said.</summary>
    private static void CheckDoors(GatewayOptions options, ICollection<string> faults)
    {
        var (areApplicationsKnown, areOperatorsKnown) = (options.Intake.Applications.Count > 0, options.Http.Tokens.Count > 0);
        if (areApplicationsKnown && !areOperatorsKnown && options.Http.Address.Length > 0 && !options.Http.AllowWithoutTokens)
            faults.Add("Gateway:Intake:Applications asks applications for tokens, but there are no Gateway:Http:Tokens, so every process "
                + $"of this host may do everything at {options.Http.Address}. Set Gateway:Http:Tokens ('gateway token new' makes one), or "
                + "Gateway:Http:AllowWithoutTokens to true; or leave Gateway:Http:Address empty.");
        if (areOperatorsKnown && !areApplicationsKnown && !options.Intake.AllowWithoutTokens)
            faults.Add("Gateway:Http:Tokens asks callers for tokens, but there are no Gateway:Intake:Applications, so every process of "
                + $"this host may send, receive and inspect at {options.Intake.Address}. Set Gateway:Intake:Applications, or "
                + "Gateway:Intake:AllowWithoutTokens to true.");
        if ((areApplicationsKnown || areOperatorsKnown) && options.Links.Address.Length > 0 && IsLoopback(options.Links.Address)
            && !options.Links.Tls.IsOn && !options.Links.AllowPlainText)
            faults.Add("Gateway:Intake:Applications or Gateway:Http:Tokens ask for tokens, but every process of this host may speak for "
                + $"a peer at {options.Links.Address} (Gateway:Links:Address). Set Gateway:Links:Tls, or Gateway:Links:AllowPlainText "
                + "to true.");
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
