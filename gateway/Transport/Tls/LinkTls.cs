using System.Diagnostics.CodeAnalysis;
using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Gateway.Links;
using Gateway.Links.Receiving;

namespace Gateway.Transport.Tls;

/// <summary>TLS on the connections between gateways; both sides present a certificate. Any thread.</summary>
internal sealed class LinkTls(CertificateWatch certificates, PeerTrust trust)
{
    [SuppressMessage("Security", "CA5398:Avoid hardcoded SslProtocols values",
        Justification = "The system's choice may allow older versions, and the requirement is these two.")]
    private const SslProtocols Versions = SslProtocols.Tls12 | SslProtocols.Tls13;

    /// <summary>A TLS alert: fatal, unexpected message. It tells a gateway that speaks plain text why its connection is cut.</summary>
    private static readonly byte[] _unexpected = [FirstByteStream.Alert, 3, 1, 0, 2, 2, 10];

    /// <summary>While nothing else is said, none is expected.</summary>
    private volatile ExpectedGuests _guests = new();

    /// <summary>The certificate presented to peers.</summary>
    public OwnCertificate Shown => certificates.Own;

    /// <summary>A description of the certificate presented to peers.</summary>
    public string OwnCertificate => CertificateText.Describe(certificates.Current.Own);

    /// <summary>Replaces the fingerprints of peers by those of another configuration.</summary>
    public void Use(IReadOnlyDictionary<string, string> pins) => trust.Use(pins);

    /// <summary>Lets those with unknown certificates connect too, while they are expected.</summary>
    public void Expect(ExpectedGuests guests) => _guests = guests;

    /// <summary>Accepts a connection: any trusted certificate is accepted, and the names it is valid for are returned.</summary>
    public async Task<TlsOutcome> AcceptAsync(Stream connection, CancellationToken cancellationToken)
    {
        var material = certificates.Current;
        var plain = new FirstByteStream(connection);
        var secured = new SslStream(plain, leaveInnerStreamOpen: false);
        TrustVerdict? verdict = null;
        var options = new SslServerAuthenticationOptions
        {
            ServerCertificateContext = material.Context,
            ClientCertificateRequired = true,
            EnabledSslProtocols = Versions,
            AllowRenegotiation = false,
            AllowTlsResume = false,
            CertificateChainPolicy = NoTrust(),
            RemoteCertificateValidationCallback = (_, shown, chain, _) =>
                IsTrusted(verdict = OrGuest(Examine(shown, chain, material, PeerTrust.ClientUsage))),
        };
        var isSecured = false;
        try
        {
            await secured.AuthenticateAsServerAsync(options, cancellationToken);
            isSecured = true;
            return new TlsOutcome(secured, verdict!.Names, ConnectionFault.None, "");
        }
        catch (Exception e) when (e is AuthenticationException or IOException or CryptographicException)
        {
            if (verdict is { Names: null }) return Refused(verdict);
            if (plain.First is null) return TlsOutcome.Failed(ConnectionFault.HandshakeCut, "");
            if (plain.First is FirstByteStream.Handshake or FirstByteStream.Alert)
                return TlsOutcome.Failed(ConnectionFault.TlsFailed, $"the handshake failed: {WordsOf(e)}");
            await TryWriteAsync(connection, cancellationToken);
            return TlsOutcome.Failed(ConnectionFault.NotTls, $"it does not speak TLS: its first byte is 0x{plain.First:X2}");
        }
        finally
        {
            if (!isSecured) await secured.DisposeAsync();
        }
    }

    /// <summary>Dials: the certificate must be valid for the intended peer.</summary>
    public async Task<TlsOutcome> ConnectAsync(Stream connection, string peer, CancellationToken cancellationToken)
    {
        var material = certificates.Current;
        var plain = new FirstByteStream(connection);
        var secured = new SslStream(plain, leaveInnerStreamOpen: false);
        TrustVerdict? verdict = null;
        var options = new SslClientAuthenticationOptions
        {
            ClientCertificateContext = material.Context,
            EnabledSslProtocols = Versions,
            AllowRenegotiation = false,
            AllowTlsResume = false,
            CertificateChainPolicy = NoTrust(),
            RemoteCertificateValidationCallback = (_, shown, chain, _) =>
                IsTrusted(verdict = For(peer, Examine(shown, chain, material, PeerTrust.ServerUsage))),
        };
        var isSecured = false;
        try
        {
            await secured.AuthenticateAsClientAsync(options, cancellationToken);
            isSecured = true;
            return new TlsOutcome(secured, verdict!.Names, ConnectionFault.None, "");
        }
        catch (Exception e) when (e is AuthenticationException or IOException or CryptographicException)
        {
            if (verdict is { Names: null }) return Refused(verdict);
            if (verdict is not null) return TlsOutcome.Failed(ConnectionFault.TlsFailed,
                $"the peer rejected this gateway's certificate {CertificateText.Describe(material.Own)}: {WordsOf(e)}");
            return plain.First is null or FirstByteStream.Handshake or FirstByteStream.Alert
                ? TlsOutcome.Failed(ConnectionFault.TlsFailed, $"the handshake failed: {WordsOf(e)}")
                : TlsOutcome.Failed(ConnectionFault.NotTls,
                    $"the remote end does not use TLS (its first byte is 0x{plain.First:X2}), but this gateway requires it (Links:Tls)");
        }
        finally
        {
            if (!isSecured) await secured.DisposeAsync();
        }
    }

    /// <summary>The stream would build a chain of its own with the system's trust; this policy gives it none.</summary>
    private static X509ChainPolicy NoTrust() => new()
    {
        TrustMode = X509ChainTrustMode.CustomRootTrust,
        RevocationMode = X509RevocationMode.NoCheck,
        DisableCertificateDownloads = true,
    };

    private static bool IsTrusted(TrustVerdict verdict) => verdict.Names is not null;

    private static TlsOutcome Refused(TrustVerdict verdict) =>
        TlsOutcome.Failed(verdict == PeerTrust.NoCertificate ? ConnectionFault.NoCertificate : ConnectionFault.CertificateRefused,
            verdict.Fault);

    private TrustVerdict OrGuest(TrustVerdict verdict) =>
        verdict is { Names: null, Guest: { } guest } && _guests.AreExpected ? new TrustVerdict(guest, "") : verdict;

    private static TrustVerdict For(string peer, TrustVerdict verdict) =>
        verdict.Names is not { } names || names.Has(peer) ? verdict : new TrustVerdict(null, $"the {names}, not for {peer}");

    private static string WordsOf(Exception e) => e.InnerException is { } inner
        && inner.Message != e.Message ? $"{e.Message.TrimEnd('.')}: {inner.Message.TrimEnd('.')}" : e.Message.TrimEnd('.');

    private static async Task TryWriteAsync(Stream connection, CancellationToken cancellationToken)
    {
        try
        {
            await connection.WriteAsync(_unexpected, cancellationToken);
        }
        catch (IOException)
        {
            // The peer is gone and need not be told.
        }
    }

    private TrustVerdict Examine(X509Certificate? shown, X509Chain? chain, TlsMaterial material, Oid usage) =>
        shown is X509Certificate2 certificate ? trust.Examine(
            certificate, chain?.ChainPolicy.ExtraStore ?? [], material.Authorities, usage) : PeerTrust.NoCertificate;
}
