namespace Gateway.Configuration;

/// <summary>Another gateway.</summary>
internal sealed class PeerOptions
{
    /// <summary>The address on which the peer listens for peers; either this or <see cref="Addresses"/>.</summary>
    public string Address { get; set; } = "";

    /// <summary>
    /// For a peer with a standby: the addresses on which its processes listen. They are tried in turn, the one that was good last first.
    /// </summary>
    public List<string> Addresses { get; set; } = [];

    /// <summary>The addresses that apply, in order.</summary>
    public IReadOnlyList<string> ResolveAddresses() => Addresses.Count > 0 ? Addresses : [Address];

    /// <summary>
    /// The SHA-256 of the peer's only accepted certificate; empty to accept any certificate of its name signed by a trusted CA.
    /// </summary>
    public string Fingerprint { get; set; } = "";
}
