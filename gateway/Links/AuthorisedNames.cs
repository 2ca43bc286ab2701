namespace Gateway.Links;

/// <summary>The names for which the other side of a connection may speak, because its certificate says so.</summary>
/// <param name="Names">May be none.</param>
/// <param name="Certificate">The certificate, for people.</param>
internal sealed record AuthorisedNames(IReadOnlySet<string> Names, string Certificate)
{
    public bool Has(string name) => Names.Contains(name);

    public override string ToString() => $"certificate {Certificate} "
        + $"is {(Names.Count == 0 ? "for no name" : $"for {string.Join(", ", Names.Order(StringComparer.Ordinal))}")}";
}
