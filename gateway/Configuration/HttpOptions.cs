using System.ComponentModel.DataAnnotations;
using Gateway.Intake;
using Gateway.Transport.Tls;

namespace Gateway.Configuration;

/// <summary>Where operators, and programs without ZeroMQ, reach the gateway over HTTP, and who may do what there.</summary>
internal sealed class HttpOptions
{
    /// <summary>Where it listens, <c>http://</c> or <c>https://</c> with an IP address; empty for no HTTP at all.</summary>
    public string Address { get; set; } = "http://127.0.0.1:7425";

    /// <summary>The address may be other than loopback without TLS, although tokens and messages can then be read on the way.</summary>
    public bool AllowPlainText { get; set; }

    public HttpTlsOptions Tls { get; set; } = new();

    /// <summary>Names by which callers may reach it, beside those of loopback and the address itself.</summary>
    public List<string> Hosts { get; set; } = [];

    /// <summary>Those that may use it, by name; none: every caller may do everything, on loopback only.</summary>
    public Dictionary<string, HttpTokenOptions> Tokens { get; set; } = [];

    /// <summary>The largest request, in bytes; an import, which is taken line by line, may be larger.</summary>
    [Range(1024, 64 * 1024 * 1024)]
    public int RequestBytesMax { get; set; } = 4 * 1024 * 1024;

    /// <summary>Of one token, or one address without a token.</summary>
    [Range(1, 1_000_000)]
    public int RequestsPerSecondMax { get; set; } = 1000;

    /// <summary>Connections at once; more are closed as they come.</summary>
    [Range(1, 100_000)]
    public int ConnectionsMax { get; set; } = 200;

    /// <summary>Scans, exports and imports at once.</summary>
    [Range(1, 1000)]
    public int StreamsMax { get; set; } = 8;
}

/// <summary>The certificate that callers of the HTTP API are shown. Paths are relative to the working directory.</summary>
internal sealed class HttpTlsOptions
{
    /// <summary>PEM or PFX; for an address with <c>https://</c>.</summary>
    public string CertificatePath { get; set; } = "";

    /// <summary>Its key, PEM; empty when it is in the same file.</summary>
    public string KeyPath { get; set; } = "";

    /// <summary>Of an encrypted key, or of the PFX.</summary>
    public string KeyPassword { get; set; } = "";

    /// <summary>
    /// The CA of it, PEM, by which the command line on this host knows it; empty for those that the system trusts. The gateway itself does
    /// not use it.
    /// </summary>
    public string CaPath { get; set; } = "";

    internal bool IsOn => CertificatePath.Length > 0;

    public TlsFiles ToFiles() => new(CertificatePath, KeyPath, KeyPassword, "");
}

/// <summary>A token for the HTTP API; <c>gateway token new</c> makes one.</summary>
internal sealed class HttpTokenOptions
{
    /// <summary>The secret; long and random.</summary>
    public string Token { get; set; } = "";

    /// <summary>Or the SHA-256 of it, in hexadecimal.</summary>
    public string TokenSha256 { get; set; } = "";

    /// <summary>Out of <c>read</c>, <c>operate</c>, <c>send</c>, <c>receive</c>.</summary>
    public List<string> Roles { get; set; } = [];

    internal byte[] TokenHash() => Token.Length > 0 ? ApplicationBook.Hash(Token) : Convert.FromHexString(TokenSha256);

    internal HttpRoles ToRoles() =>
        Roles.Aggregate(HttpRoles.None, (roles, name) => HttpRoleNames.TryParse(name, out var role) ? roles | role : roles);
}
