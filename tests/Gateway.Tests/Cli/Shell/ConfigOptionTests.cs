using System.CommandLine;
using Gateway.Cli.Shell;
using Shouldly;
using Xunit;

namespace Gateway.Tests.Cli.Shell;

public sealed class ConfigOptionTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("config-");
    private readonly ConfigOption _option = new();
    private readonly Command _command = new("verb");

    public ConfigOptionTests() => _option.AddTo(_command);

    public void Dispose() => _folder.Delete(recursive: true);

    [Theory]
    [InlineData("""{ "Gateway": { "Name": "shop", "Http": { "Address": "http://127.0.0.1:1" } } }""")]
    [InlineData("""{ /* a comment */ "gateway": { "Http": { "Address": "http://127.0.0.1:1", } } }""")]
    [InlineData("""{ "Gateway:Http:Address": "http://127.0.0.1:1", "Logging": {} }""")]
    public void TheFileOfAGateway_SaysWhereItIs(string json) =>
        _option.Read(Parse(json), "Http:Address", "--gateway").ShouldBe("http://127.0.0.1:1");

    [Theory]
    [InlineData("""{ "Name": "shop", "Peers": {} }""", "has Name, Peers beside the section Gateway and not in it")]
    [InlineData("""{ "Gateway": {}, "intake": {} }""", "has intake beside the section Gateway and not in it")]
    [InlineData("""{ "Gatway": { "Name": "shop" } }""", "has no section Gateway, but Gatway")]
    [InlineData("""[ "Gateway" ]""", "is no JSON object")]
    [InlineData("""{ "Gateway": """, "is not JSON: ")]
    public void AFileThatSetsNothing_IsRefused(string json, string fault)
    {
        var refused = Should.Throw<CommandLineException>(() => _option.Arguments(Parse(json)));

        refused.ExitCode.ShouldBe(ExitCode.Usage);
        refused.Message.ShouldContain($"shop.json {fault}");
    }

    [Fact]
    public void AMissingFile_IsRefused() =>
        Should.Throw<CommandLineException>(() => _option.Arguments(_command.Parse(["--config", "no-such-file.json"])))
            .ExitCode.ShouldBe(ExitCode.Usage);

    [Fact]
    public async Task AGateway_DoesNotStartUnderTheDefaultName()
    {
        var terminal = new TestTerminal();
        await File.WriteAllTextAsync(FileName, """{ "Name": "shop" }""", TestContext.Current.CancellationToken);

        (await terminal.RunAsync("run", "--config", FileName)).ShouldBe(ExitCode.Usage);

        terminal.Error.ShouldContain("beside the section Gateway");
    }

    private string FileName => Path.Combine(_folder.FullName, "shop.json");

    private ParseResult Parse(string json)
    {
        File.WriteAllText(FileName, json);
        return _command.Parse(["--config", FileName]);
    }
}
