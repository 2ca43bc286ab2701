namespace Gateway.Links.Receiving;

/// <summary>The names that the other side of a connection may speak for, according to its certificate.</summary>
/// <param name="Names">May be empty.</param>
/// <param name="Certificate">A description of the certificate for people.</param>
internal sealed record AuthorisedNames(IReadOnlySet<string> Names, string Certificate)
{
    public bool Has(string name) => Names.Contains(name);

    public override string ToString() => $"certificate {Certificate} "
        + $"is {(Names.Count == 0 ? "for no name" : $"for {string.Join(", ", Names.Order(StringComparer.Ordinal))}")}";
}
