using System.Text.Json;
using Gateway.Cli.Shell;
using Gateway.Tests.Transport.Tls;
using Shouldly;
using Xunit;

namespace Gateway.Tests.Cli.Configure;

public sealed class ConfigVerbTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("config-verb-");
    private readonly TestTerminal _terminal = new();

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task Check_AUsableConfiguration_SaysWhoseItIs()
    {
        var file = Write("""{ "Gateway": { "Name": "shop", "Peers": { "billing": { "Address": "tcp://billing-host:7421" } } } }""");

        (await _terminal.RunAsync("config", "check", file, "--Gateway:Store:Path=data")).ShouldBe(ExitCode.Ok);

        _terminal.Output.ShouldBe("The configuration of gateway shop can be used. Peers: billing. Store: "
            + $"{Path.GetFullPath("data")}\n");
    }

    [Fact]
    public async Task Check_ManyFaults_ListsEachWithItsSource()
    {
        var file = Write("""
            { "Gateway": { "Colour": "red", "Links": { "DeadAfter": "soon" }, "Peers": { "billing": { "Address": "billing" } } },
              "Logging": { "LogLevel": { "Default": "Loud" } } }
            """);

        (await _terminal.RunAsync("config", "check", "--config", file, "--Gateway:Routes:orders:0=orders@nobody"))
            .ShouldBe(ExitCode.Usage);

        var lines = _terminal.Output.TrimEnd().Split('\n');
        lines[^1].ShouldBe("5 faults; a gateway would not start.");
        foreach (var key in new[] { "Gateway:Colour", "Gateway:Links:DeadAfter", "Gateway:Peers:billing:Address", "Logging:LogLevel" })
            lines.ShouldContain(line => line.StartsWith(key) && line.EndsWith($"(Set in {file}.)"), _terminal.Output);
        lines.ShouldContain(line => line.Contains("'nobody'") && line.EndsWith("(Set in command line --Gateway:Routes:orders:0.)"));
    }

    [Fact]
    public async Task Check_AsJson_HasTheFaultsForPrograms()
    {
        var file = Write("""{ "Gateway": { "Name": "two words" } }""");

        (await _terminal.RunAsync("config", "check", file, "--output", "json")).ShouldBe(ExitCode.Usage);

        var fault = JsonDocument.Parse(_terminal.Output).RootElement.GetProperty("faults").EnumerateArray().ShouldHaveSingleItem();
        fault.GetProperty("text").GetString().ShouldStartWith("Gateway:Name is 'two words'");
        fault.GetProperty("source").GetString().ShouldBe(file);
    }

    [Fact]
    public async Task Check_ACertificateThatIsNotThere_IsAFault()
    {
        var missing = Path.Combine(_folder.FullName, "no.crt");

        (await _terminal.RunAsync("config", "check", $"--Gateway:Links:Tls:CertificatePath={missing}")).ShouldBe(ExitCode.Usage);

        _terminal.Output.ShouldContain($"Gateway:Links:Tls: {missing} cannot be used");
    }

    [Fact]
    [NotUnderWine("Wine makes no ECDSA keys")]
    public async Task Check_TheCertificateOfAnotherName_IsAWarning()
    {
        using var pki = new TestPki();
        var files = pki.Make("sales");

        (await _terminal.RunAsync("config", "check", $"--Gateway:Links:Tls:CertificatePath={files.CertificatePath}",
            $"--Gateway:Links:Tls:KeyPath={files.KeyPath}", $"--Gateway:Links:Tls:CaPath={files.CaPath}", "--Gateway:Name=billing"))
            .ShouldBe(ExitCode.Ok);

        _terminal.Output.ShouldContain("Warning: Gateway:Links:Tls: the certificate is valid for sales, not for this gateway's name ");
    }

    [Fact]
    public async Task Check_AFileThatIsNoConfiguration_IsRefused()
    {
        (await _terminal.RunAsync("config", "check", Write("{ \"Gateway\": "))).ShouldBe(ExitCode.Usage);
        (await _terminal.RunAsync("config", "check", Write("{ \"Name\": \"shop\" }"))).ShouldBe(ExitCode.Usage);
        (await _terminal.RunAsync("config", "check", "no-such-file.json")).ShouldBe(ExitCode.Usage);

        _terminal.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length.ShouldBe(3);
    }

    [Fact]
    public async Task Show_Changed_NamesTheSourceOfEachValue_AndHidesSecrets()
    {
        var file = Write("""
            { "Gateway": { "Name": "shop", "StopTimeout": "0:0:5",
              "Http": { "Tokens": { "anna": { "Token": "0123456789abcdef", "Roles": [ "read" ] } } } } }
            """);

        (await _terminal.RunAsync(
            "config", "show", "--config", file, "--changed", "--output", "jsonl",
            "--Gateway:Links:DeadAfter=00:00:09", "--Gateway:Telemetry:OtlpEndpoint=http://anna:secret@collector:4317"))
            .ShouldBe(ExitCode.Ok);

        var shown = Shown();
        shown["Gateway:Name"].ShouldBe(("shop", file));
        shown["Gateway:Links:DeadAfter"].ShouldBe(("00:00:09", "command line --Gateway:Links:DeadAfter"));
        shown["Gateway:Http:Tokens:anna:Token"].ShouldBe(("***", file));
        shown["Gateway:Telemetry:OtlpEndpoint"].Value.ShouldBe("http://anna:***@collector:4317");
        shown["Gateway:Http:Tokens:anna:Roles:0"].ShouldBe(("read", file));
        shown.ShouldNotContainKey("Gateway:StopTimeout", "it is the default, written in another way");
        shown.ShouldNotContainKey("Gateway:Links:BackoffMax");
        shown.ShouldNotContainKey("Gateway:Http:Hosts", "it is empty in the file beside the program, as by default");
    }

    [Fact]
    public async Task Show_WrongValues_AreShownAsTheyAreWritten()
    {
        var file = Write("""{ "Gateway": { "Colour": "red", "Store": { "VolumeBytes": "big" } } }""");

        (await _terminal.RunAsync("config", "show", file, "--output", "jsonl")).ShouldBe(ExitCode.Ok);

        var shown = Shown();
        shown["Gateway:Colour"].ShouldBe(("red", file));
        shown["Gateway:Store:VolumeBytes"].ShouldBe(("big", file));
        shown["Gateway:Store:QueuesMax"].ShouldBe(("100000", "appsettings.json"));
    }

    [Theory]
    [InlineData(60)]
    [InlineData(80)]
    [InlineData(120)]
    [InlineData(200)]
    public async Task Show_OnANarrowScreen_KeepsKeysAndValues(int width)
    {
        var screen = new TestTerminal { Terminal = _terminal.Terminal with { Width = width } };

        (await screen.RunAsync("config", "show", "--Gateway:Name=shop")).ShouldBe(ExitCode.Ok);

        var lines = _terminal.Output.Split('\n');
        lines.ShouldAllBe(line => line.Length <= width);
        lines.ShouldContain(line => line.StartsWith("Gateway:Name ") && line.Contains(" shop"));
    }

    private Dictionary<string, (string Value, string Source)> Shown() => _terminal.Output.TrimEnd().Split('\n')
        .Select(line => JsonDocument.Parse(line).RootElement)
        .ToDictionary(value => value.GetProperty("key").GetString()!,
            value => (value.GetProperty("value").GetString()!, value.GetProperty("source").GetString()!));

    private string Write(string json)
    {
        var path = Path.Combine(_folder.FullName, "shop.json");
        File.WriteAllText(path, json);
        return path;
    }
}
