using Xunit.v3;

namespace Gateway.Tests;

/// <summary>
/// Says why a test of the fast loop cannot pass under Wine, as the trait NotUnderWine: Wine differs from Windows there, or Windows lacks
/// what the test is about. <c>tests/wine.sh</c> leaves it out, and names it with this reason.
/// </summary>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Method)]
public sealed class NotUnderWineAttribute(string reason) : Attribute, ITraitAttribute
{
    public const string Trait = "NotUnderWine";

    public IReadOnlyCollection<KeyValuePair<string, string>> GetTraits() => [KeyValuePair.Create(Trait, reason)];
}
