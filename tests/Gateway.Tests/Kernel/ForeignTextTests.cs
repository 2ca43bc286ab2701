using Shouldly;
using Xunit;

namespace Gateway.Tests.Kernel;

public sealed class ForeignTextTests
{
    [Theory]
    [InlineData("plain", "plain")]
    [InlineData("a\u001b[31mb\r\nc\u0085", "a·[31mb··c·")]
    [InlineData("pay\u202Etnuoma\u2066", "pay·tnuoma·")]
    [InlineData("one\u2028two", "one·two")]
    [InlineData("über 漢字", "über 漢字")]
    [InlineData(null, "")]
    public void ItDoesNotSteerTheTerminal(string? text, string plain) => ForeignText.Plain(text).ShouldBe(plain);
}
