using Xunit.v3;

namespace Gateway.Tests;

/// <summary>
/// Names what a test needs of the machine beyond the .NET SDK, each by its line in <c>tests/tools</c>, as the trait Needs.
/// <c>tests/run</c> installs it, or leaves the test out and says so.
/// </summary>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Method | AttributeTargets.Property)]
public sealed class NeedsAttribute(params string[] names) : Attribute, ITraitAttribute
{
    public const string Trait = "Needs";

    public IReadOnlyList<string> Names => names;

    public IReadOnlyCollection<KeyValuePair<string, string>> GetTraits() => [.. names.Select(name => KeyValuePair.Create(Trait, name))];
}
