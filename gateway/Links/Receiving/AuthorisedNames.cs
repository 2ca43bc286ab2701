namespace Gateway.Links.Receiving;

/// <summary>The names that the other side of a connection may speak for, according to its certificate.</summary>
/// <param name="Names">May be empty.</param>
/// <param name="Certificate">A description of the certificate for people.</param>
internal sealed record AuthorisedNames(IReadOnlySet<string> Names, string Certificate)
{
    /// <summary>The configured fingerprints by which it was judged.</summary>
    public TrustedPins Pins { get; init; } = new(new Dictionary<string, string>());

    /// <summary>SHA-256 of the certificate, in lower-case hexadecimal digits.</summary>
    public string Fingerprint { get; init; } = "";

    /// <summary>The reason, in a clause, why the certificate is not valid at this time; empty if it is.</summary>
    public string Untimely { get; init; } = "";

    /// <summary>False for every name once other fingerprints are configured: a new connection is judged by those.</summary>
    public bool Has(string name) => Pins.AreInForce && Names.Contains(name);

    public override string ToString() => $"certificate {Certificate} "
        + $"is {(Names.Count == 0 ? "for no name" : $"for {string.Join(", ", Names.Order(StringComparer.Ordinal))}")}";
}
