using Gateway.Configuration;
using Shouldly;
using Xunit;

namespace Gateway.Tests.Configuration;

public sealed class FileValuesTests
{
    private const string File = "/etc/shop.json";

    [Theory]
    [InlineData("{\n  \"Gateway\": {\n    \"Name\" \"shop\"\n  }\n}", "line 3, column 12")]
    [InlineData("{ \"Gateway\": { \"Näme\": \"größe\" x } }", "line 1, column 32")]
    [InlineData("{ \"Gateway\":\r\n  { \"Name\": \"shop\" }\r\n", "line 3, column 1")]
    [InlineData("nonsense", "line 1, column 2")]
    public void Parse_NoJson_NamesTheFileAndThePlaceCountedFromOne(string text, string place)
    {
        var fault = Should.Throw<InvalidDataException>(() => FileValues.Parse(File, text)).Message;

        fault.ShouldStartWith($"{File} is not JSON: {place}: ");
        fault.ShouldNotContain("LineNumber");
    }

    [Theory]
    [InlineData("", "is not JSON: it is empty")]
    [InlineData("[ 1 ]", "is no JSON object")]
    [InlineData("{ \"Peers\": {} }", "has Peers beside the section Gateway and not in it")]
    [InlineData("{ \"Gatway\": {} }", "has no section Gateway, but Gatway")]
    [InlineData("{ \"Gateway\": { \"Name\": \"a\", \"name\": \"b\" } }", "cannot be used: ")]
    public void Parse_AFileThatCannotBeMeant_NamesIt(string text, string fault) =>
        Should.Throw<InvalidDataException>(() => FileValues.Parse(File, text)).Message.ShouldStartWith($"{File} {fault}");

    [Fact]
    public void Parse_CommentsAndTrailingCommas_AreAllowed()
    {
        var file = FileValues.Parse(File, "{ /* ours */ \"Gateway\": { \"Name\": \"shop\", }, }");

        file.TryGet("Gateway:Name", out var name).ShouldBeTrue();
        name.ShouldBe("shop");
    }
}
