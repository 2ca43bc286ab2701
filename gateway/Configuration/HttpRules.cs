using System.Net;

namespace Gateway.Configuration;

/// <summary>The rules for the HTTP API: its address, tokens and host names.</summary>
internal static class HttpRules
{
    private const string Section = "Gateway:Http";

    public static void Check(HttpOptions options, ICollection<string> faults)
    {
        CheckTls(options, faults);
        CheckTokens(options.Tokens, faults);
        foreach (var host in options.Hosts.Where(host => Uri.CheckHostName(host) == UriHostNameType.Unknown)) faults.Add(
            $"{Section}:Hosts has '{host}', which is neither the name of a host nor an IP address; write it without scheme and port.");
        if (options.Address.Length == 0) return;
        if (TryParse(options.Address) is not { } uri)
        {
            faults.Add($"{Section}:Address is '{options.Address}', which is not of the form http://ADDRESS:PORT or https://ADDRESS:PORT "
                + $"with an IP address of this host; leave it empty for no HTTP.");
            return;
        }

        CheckScheme(options, uri, faults);
        if (!IPAddress.IsLoopback(IPAddress.Parse(uri.DnsSafeHost))) CheckOpen(options, uri, faults);
    }

    /// <summary>Null if it is not an address to listen on.</summary>
    public static Uri? TryParse(string address) =>
        Uri.TryCreate(address.Replace("://*", "://0.0.0.0", StringComparison.Ordinal), UriKind.Absolute, out var uri)
        && uri is { Scheme: "http" or "https", AbsolutePath: "/", Query: "", UserInfo: "" }
        && IPAddress.TryParse(uri.DnsSafeHost, out _) ? uri : null;

    private static void CheckScheme(HttpOptions options, Uri uri, ICollection<string> faults)
    {
        if (uri.Scheme == "https" && !options.Tls.IsOn) faults.Add($"{Section}:Address is '{options.Address}', "
            + $"and {Section}:Tls:CertificatePath is empty; give a certificate, or listen on http://127.0.0.1:PORT.");
        if (uri.Scheme == "http" && options.Tls.IsOn)
            faults.Add($"{Section}:Tls is set, but {Section}:Address is '{options.Address}'; write it with https://.");
    }

    private static void CheckOpen(HttpOptions options, Uri uri, ICollection<string> faults)
    {
        if (options.Tokens.Count == 0) faults.Add($"{Section}:Address is '{options.Address}', where other hosts can connect, and "
            + $"there are no tokens. Set {Section}:Tokens ('gateway token new' makes one), or listen on http://127.0.0.1:PORT.");
        if (uri.Scheme == "http" && !options.AllowPlainText)
            faults.Add($"{Section}:Address is '{options.Address}', where other hosts can connect, in plain text. Listen on https:// "
                + $"with {Section}:Tls; or set {Section}:AllowPlainText to true, if the network is trusted.");
    }

    private static void CheckTls(HttpOptions options, ICollection<string> faults)
    {
        foreach (var (key, path) in new[] { (nameof(options.Tls.CertificatePath), options.Tls.CertificatePath),
            (nameof(options.Tls.KeyPath), options.Tls.KeyPath) })
        {
            if (path.Length > 0 && !File.Exists(path))
                faults.Add($"{Section}:Tls:{key} is '{path}', but there is no such file ({Path.GetFullPath(path)}).");
        }

        if (!options.Tls.IsOn && (options.Tls.KeyPath.Length > 0 || options.Tls.KeyPassword.Length > 0))
            faults.Add($"{Section}:Tls:CertificatePath is empty, but other keys of Tls are not; give the certificate, or none of them.");
    }

    private static void CheckTokens(IReadOnlyDictionary<string, HttpTokenOptions> tokens, ICollection<string> faults)
    {
        var known = new Dictionary<string, string>();
        foreach (var (name, token) in tokens)
        {
            var key = $"{Section}:Tokens:{name}";
            if (!Names.IsValid(name))
                faults.Add($"{key}: a token's name is 1 to {Names.LengthMax} of a-z A-Z 0-9 . _ -, starting with a letter or digit.");
            if (token.Roles.Count == 0) faults.Add($"{key} has no Roles; give it some of {string.Join(", ", HttpRoleNames.Known)}.");
            foreach (var role in token.Roles.Where(role => !HttpRoleNames.TryParse(role, out _)))
                faults.Add($"{key}:Roles has '{role}'; known are {string.Join(", ", HttpRoleNames.Known)}.");
            if (TokenRules.FaultOf(token.Token, token.TokenSha256) is { } fault) faults.Add($"{key}: {fault}");
            else if (!known.TryAdd(Convert.ToHexString(token.TokenHash()), name))
                faults.Add($"{key} has the token of {known[Convert.ToHexString(token.TokenHash())]}; give each one of its own.");
        }
    }
}
