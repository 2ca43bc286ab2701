using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Gateway.Links.Receiving;

namespace Gateway.Transport.Tls;

/// <summary>The verdict on a certificate.</summary>
/// <param name="Names">The peers it may speak for; null if it is not trusted.</param>
/// <param name="Fault">The reason it is not trusted; empty if it is.</param>
internal sealed record TrustVerdict(AuthorisedNames? Names, string Fault)
{
    /// <summary>What holds for the certificate, which is not trusted, when any is let in: it may speak for no name.</summary>
    public AuthorisedNames? Guest { get; init; }
}

/// <summary>
/// Decides whether a certificate is trusted, and for which peers it may speak. Its chain must end at one of the configured CAs; the
/// system's trust store is ignored, and nothing is fetched from the network. A peer with a pinned fingerprint must present exactly that
/// certificate.
/// </summary>
/// <param name="pins">Fingerprints by peer name, in the form of <see cref="CertificateText.Fingerprint"/>.</param>
internal sealed class PeerTrust(IReadOnlyDictionary<string, string> pins, TimeProvider time)
{
    private volatile TrustedPins _pins = new(pins);

    /// <summary>The other side presented no certificate.</summary>
    public static readonly TrustVerdict NoCertificate = new(null, "no certificate was shown");

    /// <summary>The certificate usage required of the accepting side.</summary>
    public static readonly Oid ServerUsage = new("1.3.6.1.5.5.7.3.1", "server authentication");

    /// <summary>The certificate usage required of the dialing side.</summary>
    public static readonly Oid ClientUsage = new("1.3.6.1.5.5.7.3.2", "client authentication");

    /// <param name="sent">Further certificates sent along.</param>
    public TrustVerdict Examine(X509Certificate2 certificate, X509Certificate2Collection sent, X509Certificate2Collection authorities,
        Oid usage)
    {
        var described = CertificateText.Describe(certificate);
        var fingerprint = CertificateText.Fingerprint(certificate);
        var guest = new AuthorisedNames(new HashSet<string>(), described) { Fingerprint = fingerprint };
        // The validity also holds for a pinned certificate; one meant to last for ever is made with a late end.
        if (FaultOfTime(certificate, described) is { Length: > 0 } untimely) return No(untimely, guest with { Untimely = untimely });

        var inForce = _pins;
        var pins = inForce.ByPeer;
        var names = pins.Where(pin => pin.Value == fingerprint).Select(pin => pin.Key).ToHashSet(StringComparer.Ordinal);
        var fault = FaultOfChain(certificate, sent, authorities, usage);
        if (fault.Length == 0) names.UnionWith(CertificateText.NamesOf(certificate).Where(name => !pins.ContainsKey(name)));
        else if (names.Count == 0) return No($"the certificate {described} is not trusted: {fault}", guest);
        return new TrustVerdict(new AuthorisedNames(names, described) { Pins = inForce, Fingerprint = fingerprint }, "");
    }

    /// <summary>
    /// Replaces the fingerprints by those of another configuration. The names of connections that were judged by the former ones, and have
    /// not said hello yet, are void.
    /// </summary>
    public void Use(IReadOnlyDictionary<string, string> pins)
    {
        var former = _pins;
        _pins = new TrustedPins(pins);
        former.End();
    }

    private static TrustVerdict No(string fault, AuthorisedNames guest) => new(null, fault) { Guest = guest };

    private string FaultOfTime(X509Certificate2 certificate, string described)
    {
        var now = time.GetUtcNow();
        if (now >= CertificateText.ExpiresAt(certificate)) return $"the certificate {described} expired "
            + $"on {CertificateText.Day(CertificateText.ExpiresAt(certificate))}; the clock here shows {CertificateText.Day(now)}";
        return now >= CertificateText.BeginsAt(certificate) ? "" : $"the certificate {described} is not valid before "
            + $"{CertificateText.Day(CertificateText.BeginsAt(certificate))}; the clock here shows {CertificateText.Day(now)}";
    }

    private string FaultOfChain(X509Certificate2 certificate, X509Certificate2Collection sent, X509Certificate2Collection authorities,
        Oid usage)
    {
        if (authorities.Count == 0) return "its fingerprint is not the configured one, and no CA is configured";
        using var chain = new X509Chain();
        var policy = chain.ChainPolicy;
        policy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        policy.CustomTrustStore.AddRange(authorities);
        policy.ExtraStore.AddRange(sent);
        policy.RevocationMode = X509RevocationMode.NoCheck;
        policy.DisableCertificateDownloads = true;
        policy.ApplicationPolicy.Add(usage);
        policy.VerificationTimeIgnored = false;
        policy.VerificationTime = time.GetUtcNow().LocalDateTime;
        if (chain.Build(certificate)) return "";

        var found = chain.ChainStatus.Aggregate(X509ChainStatusFlags.NoError, (flags, status) => flags | status.Status);
        if ((found & (X509ChainStatusFlags.PartialChain | X509ChainStatusFlags.UntrustedRoot)) != 0)
            return $"its issuer '{certificate.Issuer}' is not a CA of Links:Tls:CaPath";
        if ((found & X509ChainStatusFlags.NotSignatureValid) != 0)
            return "a signature in its chain is not that of the CA in Links:Tls:CaPath";
        if ((found & X509ChainStatusFlags.NotValidForUsage) != 0) return $"it is not valid for {usage.FriendlyName}";
        if ((found & X509ChainStatusFlags.NotTimeValid) != 0) return "a CA in its chain is expired or not yet valid";
        return $"its chain is wrong ({found})";
    }
}
