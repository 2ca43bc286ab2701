using Gateway.Transport.Tls;

namespace Gateway.Configuration;

/// <summary>TLS on the links, in both directions, with certificates on both sides. Paths are relative to the working directory.</summary>
internal sealed class TlsOptions
{
    /// <summary>This gateway's certificate, PEM or PFX; empty for links without TLS.</summary>
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
    /// The CAs, PEM, that may sign the certificates of peers; no others are trusted. Empty when each peer has a fingerprint.
    /// </summary>
    [AtStart]
    public string CaPath { get; set; } = "";

    /// <summary>Links speak TLS.</summary>
    internal bool IsOn => CertificatePath.Length > 0;

    public TlsFiles ToFiles() => new(CertificatePath, KeyPath, KeyPassword, CaPath);
}
