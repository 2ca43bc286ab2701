using System.ComponentModel.DataAnnotations;
using Gateway.Tcp;
using Gateway.Tcp.Framing;
using Gateway.Transport.Tls;

namespace Gateway.Configuration;

/// <summary>An inlet: a listener for programs that know nothing of the gateway, whose frames become messages.</summary>
internal sealed class InletOptions
{
    private static readonly InletSettings _standard = new("", "", "", new FrameFormat.Stream());

    /// <summary>The address to listen on, <c>tcp://ADDRESS:PORT</c> with an IP address of this host.</summary>
    [Required]
    public string Address { get; set; } = "";

    /// <summary>Where the messages go: <c>queue@peer</c>, or a bare queue that has a route.</summary>
    [Required]
    public string Destination { get; set; } = "";

    public FramingOptions Framing { get; set; } = new();

    /// <summary>What is written to the program for its frames.</summary>
    public InletAnswer Answer { get; set; } = _standard.Answer;

    /// <summary>The bytes of the answer <c>Fixed</c>.</summary>
    public string AnswerBytes { get; set; } = "";

    /// <summary>What becomes of a reply whose conversation has ended.</summary>
    public UnclaimedReplies Unclaimed { get; set; } = _standard.Unclaimed;

    /// <summary>The end of each conversation is sent as an empty message. Always so for a stream.</summary>
    public bool SendsEnds { get; set; } = _standard.SendsEnds;

    /// <summary>Allows an address other than loopback without TLS, although everyone who can connect can then send.</summary>
    public bool AllowPlainText { get; set; }

    public InletTlsOptions Tls { get; set; } = new();

    /// <summary>Conversations at once; a further connection is closed on arrival.</summary>
    [Range(1, 100_000)]
    public int ConnectionsMax { get; set; } = _standard.ConnectionsMax;

    /// <summary>Of these, from one address, or one network (/64) of IPv6.</summary>
    [Range(1, 100_000)]
    public int ConnectionsPerAddressMax { get; set; } = _standard.ConnectionsPerAddressMax;

    /// <summary>A conversation in which nothing moves for so long is closed; 0 for never.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "30.00:00:00")]
    public TimeSpan IdleTimeout { get; set; } = _standard.IdleTimeout;

    /// <summary>A program that takes none of the bytes written to it for so long loses its conversation.</summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "1.00:00:00")]
    public TimeSpan WriteTimeout { get; set; } = _standard.WriteTimeout;

    /// <summary>A program that has been held back for so long is told as a cause.</summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "01:00:00")]
    public TimeSpan HeldBackTold { get; set; } = _standard.HeldBackTold;

    /// <summary>The settings of valid options.</summary>
    internal InletSettings ToSettings(string name, int bodyBytesMax) => new(name, Address, Destination, Framing.ToFormat(bodyBytesMax))
    {
        Answer = Answer,
        AnswerBytes = ByteText.TryParse(AnswerBytes, out var bytes, out _) ? bytes : default,
        Unclaimed = Unclaimed,
        SendsEnds = SendsEnds || Framing.Kind == FrameKind.Stream,
        Tls = Tls.IsOn ? new InletTls(Tls.CertificatePath, Tls.KeyPath, Tls.KeyPassword) : null,
        ConnectionsMax = ConnectionsMax,
        ConnectionsPerAddressMax = ConnectionsPerAddressMax,
        IdleTimeout = IdleTimeout,
        WriteTimeout = WriteTimeout,
        HeldBackTold = HeldBackTold,
    };
}

/// <summary>The certificate of an inlet. Paths are relative to the working directory.</summary>
internal sealed class InletTlsOptions
{
    /// <summary>The certificate, PEM or PFX; empty for plain text.</summary>
    public string CertificatePath { get; set; } = "";

    /// <summary>The private key, PEM; empty when it is in the certificate's file.</summary>
    public string KeyPath { get; set; } = "";

    /// <summary>The password of an encrypted key or of the PFX.</summary>
    [Secret]
    public string KeyPassword { get; set; } = "";

    internal bool IsOn => CertificatePath.Length > 0;

    public TlsFiles ToFiles() => new(CertificatePath, KeyPath, KeyPassword, CaPath: "");
}
