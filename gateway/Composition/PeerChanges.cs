namespace Gateway.Composition;

/// <summary>The place of a peer in a configuration.</summary>
/// <param name="Address">Several, for a peer with a standby, are separated by spaces, in the order of the configuration.</param>
/// <param name="Fingerprint">Of its only accepted certificate; empty for any that a CA has signed.</param>
internal sealed record PeerPlace(string Address, string Fingerprint)
{
    /// <summary>Each of its addresses.</summary>
    public IReadOnlyList<Uri> Addresses => [.. Address.Split(' ').Select(address => new Uri(address))];
}

/// <summary>The peers that two configurations have or place differently. Pure.</summary>
/// <param name="Added">Only the second one has them.</param>
/// <param name="Removed">Only the first one has them.</param>
/// <param name="Redialed">Both have them, with another address or fingerprint.</param>
/// <param name="Retrusted">Of these, those with another fingerprint.</param>
internal sealed record PeerChanges(
    IReadOnlyList<string> Added, IReadOnlyList<string> Removed, IReadOnlyList<string> Redialed, IReadOnlyList<string> Retrusted)
{
    public static PeerChanges Between(IReadOnlyDictionary<string, PeerPlace> running, IReadOnlyDictionary<string, PeerPlace> wanted)
    {
        var both = running.Keys.Where(wanted.ContainsKey).Order(StringComparer.Ordinal).ToList();
        return new PeerChanges(
            [.. wanted.Keys.Except(running.Keys).Order(StringComparer.Ordinal)],
            [.. running.Keys.Except(wanted.Keys).Order(StringComparer.Ordinal)],
            [.. both.Where(peer => running[peer] != wanted[peer])],
            [.. both.Where(peer => running[peer].Fingerprint != wanted[peer].Fingerprint)]);
    }
}
