using System.Text;
using Gateway.Client.Wire;
using Shouldly;
using Xunit;

namespace Gateway.Tests.Client.Wire;

public sealed class HeadersFindTests
{
    [Theory]
    [InlineData("", null)]
    [InlineData("{}", null)]
    [InlineData("""{"key":"7"}""", "7")]
    [InlineData("""{"a":"key","key":"größe \"x\" 7"}""", "größe \"x\" 7")]
    [InlineData("""{"k\u0065y":"escaped"}""", "escaped")]
    [InlineData("""{"Key":"7"}""", null)]
    [InlineData("""{"a":{"key":"within"}}""", null)]
    [InlineData("""{"key":7}""", null)]
    [InlineData("""["key"]""", null)]
    [InlineData("""{"key":""", null)]
    [InlineData("""{"key":"\ud800"}""", null)]
    [InlineData("no JSON", null)]
    public void Find_GivesTheTextOfTheHeader(string headers, string? text) =>
        HeadersJson.Find(Encoding.UTF8.GetBytes(headers), "key").ShouldBe(text);
}
