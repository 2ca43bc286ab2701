using System.ComponentModel.DataAnnotations;
using Gateway.Intake;
using Gateway.Transport.Tls;

namespace Gateway.Configuration;

/// <summary>The HTTP API for operators and for programs without ZeroMQ, and its callers' rights.</summary>
internal sealed class HttpOptions
{
    /// <summary>The address to listen on, <c>http://</c> or <c>https://</c> with an IP address; empty to disable HTTP.</summary>
    [AtStart]
    public string Address { get; set; } = "http://127.0.0.1:7425";

    /// <summary>Allows an address other than loopback without TLS, although tokens and messages can then be read in transit.</summary>
    [Live]
    public bool AllowPlainText { get; set; }

    /// <summary>
    /// Lets every process of this host use the API without a token, although applications need one (<c>Intake:Applications</c>).
    /// </summary>
    [Live]
    public bool AllowWithoutTokens { get; set; }

    public HttpTlsOptions Tls { get; set; } = new();

    /// <summary>Host names by which callers may reach the API, besides those of loopback and the address itself.</summary>
    [Live]
    public List<string> Hosts { get; set; } = [];

    /// <summary>The tokens by name. None: every caller may do everything, on loopback only.</summary>
    [Live]
    public Dictionary<string, HttpTokenOptions> Tokens { get; set; } = [];

    /// <summary>The largest request, in bytes. Imports are read line by line and may be larger.</summary>
    [Range(1024, 64 * 1024 * 1024)]
    [AtStart]
    public int RequestBytesMax { get; set; } = 4 * 1024 * 1024;

    /// <summary>
    /// Requests a second of one token, or of one address without a token; and, counted apart, those for health and pages on one connection.
    /// </summary>
    [Range(1, 1_000_000)]
    [Live]
    public int RequestsPerSecondMax { get; set; } = 1000;

    /// <summary>
    /// Concurrent connections. Over it one without a known token makes room for a new one, then the one that has been idle for longest; if
    /// all are known and at work, the new one is closed.
    /// </summary>
    [Range(1, 100_000)]
    [AtStart]
    public int ConnectionsMax { get; set; } = 200;

    /// <summary>Of these, connections from one address, or one network (/64) of IPv6.</summary>
    [Range(1, 100_000)]
    [AtStart]
    public int ConnectionsPerAddressMax { get; set; } = 100;

    /// <summary>Concurrent scans, exports and imports.</summary>
    [Range(1, 1000)]
    [Live]
    public int StreamsMax { get; set; } = 8;
}

/// <summary>The certificate of the HTTP API. Paths are relative to the working directory.</summary>
internal sealed class HttpTlsOptions
{
    /// <summary>The certificate, PEM or PFX, for an <c>https://</c> address.</summary>
    [AtStart]
    public string CertificatePath { get; set; } = "";

    /// <summary>The private key, PEM; empty when it is in the certificate's file.</summary>
    [AtStart]
    public string KeyPath { get; set; } = "";

    /// <summary>The password of an encrypted key or of the PFX.</summary>
    [Secret]
    [AtStart]
    public string KeyPassword { get; set; } = "";

    /// <summary>
    /// The certificate's CA, PEM, by which the command line on this host verifies it; empty for a CA that the system trusts. The gateway
    /// itself does not use it.
    /// </summary>
    [Live]
    public string CaPath { get; set; } = "";

    internal bool IsOn => CertificatePath.Length > 0;

    public TlsFiles ToFiles() => new(CertificatePath, KeyPath, KeyPassword, "");
}

/// <summary>A token for the HTTP API; <c>gateway token new</c> makes one.</summary>
internal sealed class HttpTokenOptions
{
    /// <summary>The secret; long and random.</summary>
    [Secret]
    public string Token { get; set; } = "";

    /// <summary>The SHA-256 of the token in hexadecimal, as an alternative to the token.</summary>
    public string TokenSha256 { get; set; } = "";

    /// <summary>The roles, from <c>read</c>, <c>operate</c>, <c>send</c>, <c>receive</c>.</summary>
    public List<string> Roles { get; set; } = [];

    internal byte[] TokenHash() => Token.Length > 0 ? ApplicationBook.Hash(Token) : Convert.FromHexString(TokenSha256);

    internal HttpRoles ToRoles() =>
        Roles.Aggregate(HttpRoles.None, (roles, name) => HttpRoleNames.TryParse(name, out var role) ? roles | role : roles);
}
