using Gateway.Configuration;
using Shouldly;
using Xunit;

namespace Gateway.Tests.Configuration;

public sealed class AddressTextTests
{
    [Theory]
    [InlineData("http://anna:secret@collector:4317", "http://anna:***@collector:4317")]
    [InlineData("https://anna:se/cr:e@t@collector/otlp", "https://anna:***@collector/otlp")]
    [InlineData("htp://:secret@collector", "htp://:***@collector")]
    [InlineData("http://anna@collector:4317", "http://anna@collector:4317")]
    [InlineData("http://collector:4317/a", "http://collector:4317/a")]
    [InlineData("tcp://*:7421", "tcp://*:7421")]
    [InlineData("orders@billing", "orders@billing")]
    public void WithoutPassword_HidesThePasswordAndNothingElse(string address, string shown) =>
        AddressText.WithoutPassword(address).ShouldBe(shown);

    [Fact]
    public void AnAddressThatIsWrong_IsQuotedWithoutItsPassword()
    {
        var faults = new List<string>();

        TelemetryRules.Check(new TelemetryOptions { OtlpEndpoint = "ftp://anna:secret@collector" }, new HttpOptions(), faults);

        faults.ShouldHaveSingleItem().ShouldContain("'ftp://anna:***@collector'");
    }
}
