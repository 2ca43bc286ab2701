using CsCheck;
using Gateway.Intake;
using Shouldly;
using Xunit;

namespace Gateway.Tests.Intake;

public sealed class NamePatternsTests
{
    [Theory]
    [InlineData("orders@billing", "orders@billing", true)]
    [InlineData("orders@*", "orders@billing", true)]
    [InlineData("*@billing", "orders@billing", true)]
    [InlineData("*", "anything", true)]
    [InlineData("*", "", true)]
    [InlineData("o*s*g", "orders@billing", true)]
    [InlineData("orders@*", "orders", false)]
    [InlineData("orders", "orders@billing", false)]
    [InlineData("orders@billing", "xorders@billing", false)]
    [InlineData("orders*", "Orders", false)]
    [InlineData("", "orders", false)]
    [InlineData("o*x", "orders", false)]
    public void APattern_AllowsWhatFitsIt(string pattern, string name, bool isAllowed) =>
        new NamePatterns([pattern]).Allow(name).ShouldBe(isAllowed);

    [Fact]
    public void NoPattern_AllowsNothing() => new NamePatterns([]).Allow("orders").ShouldBeFalse();

    [Fact]
    public void OneOfSeveral_IsEnough() => new NamePatterns(["a", "b"]).Allow("b").ShouldBeTrue();

    [Fact]
    public void AnyPattern_AllowsWhatItsStarsStandFor() =>
        Gen.Select(Gen.String[Gen.Char["ab"], 0, 6].Array[1, 4], Gen.String[Gen.Char["ab"], 0, 6].Array[3, 3]).Sample((parts, fillings) =>
    {
        var name = parts[0] + string.Concat(parts.Skip(1).Select((part, i) => fillings[i] + part));
        return new NamePatterns([string.Join('*', parts)]).Allow(name);
    });
}
