using Xunit.v3;

namespace Gateway.Tests;

/// <summary>
/// Keeps tests out of the fast loop, as the trait Kind. On the definition of a collection it holds for all classes of that collection.
/// </summary>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Method)]
public sealed class KindAttribute(Kind kind) : Attribute, ITraitAttribute
{
    public const string Trait = "Kind";

    public IReadOnlyCollection<KeyValuePair<string, string>> GetTraits() => [KeyValuePair.Create(Trait, $"{kind}")];
}
