using System.Text.Json;
using System.Text.Json.Nodes;
using Gateway.Cli.Demo.Processes;
using Gateway.Cli.Setup;
using Gateway.Cli.Shell;
using Gateway.Configuration;
using Shouldly;
using Xunit;

namespace Gateway.Tests.Cli.Setup;

/// <summary>The verbs that change the configuration, while no gateway runs.</summary>
public sealed class ConfigurationEditTests : IDisposable
{
    private const string Main = """
        { "Gateway": { "Name": "shop", "Peers": { "audit": { "Address": "tcp://audit-host:7421" } },
          "Routes": { "notes": [ "notes@audit" ] } } }
        """;

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("edit-");
    private readonly string _nobody = $"http://127.0.0.1:{LoopbackPort.Free(1)[0]}";

    public ConfigurationEditTests() => File.WriteAllText(MainPath, Main);

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task PeerAdd_WritesAFileOfItsOwn_AndSaysWhenItTakesEffect()
    {
        var (code, output) = await RunAsync("peer", "add", "billing", "--address", "billing-host:7421");

        code.ShouldBe(ExitCode.Ok, output);
        output.ShouldBe(
            $"Added the peer billing to {OwnPath}.\nNo gateway answers at {_nobody}; it takes effect at the next start.\n");
        var terminal = new TestTerminal();
        (await terminal.RunAsync("config", "show", "--config", MainPath, "--changed", "--output", "jsonl")).ShouldBe(ExitCode.Ok);
        terminal.Output.Split('\n').ShouldContain(line => line.Contains("\"tcp://billing-host:7421\"")
            && line.Contains(OperatorSettings.FileName) && line.Contains("Gateway:Peers:billing:Address"));
        (await File.ReadAllTextAsync(MainPath, TestContext.Current.CancellationToken)).ShouldBe(Main);
    }

    [Theory]
    [InlineData("audit is a peer already", "peer", "add", "audit", "--address", "other-host:7421")]
    [InlineData("which is not of the form tcp://HOST:PORT", "peer", "add", "billing", "--address", "billing-host")]
    [InlineData("which is not a SHA-256", "peer", "add", "billing", "--address", "billing-host:7421", "--fingerprint", "AB")]
    [InlineData("has this gateway's own name", "peer", "add", "shop", "--address", "shop-host:7421")]
    [InlineData("is set in {main}, which is not the file of this verb", "peer", "remove", "audit", "--keep")]
    [InlineData("There is no peer billing", "peer", "remove", "billing", "--keep")]
    [InlineData("there is no peer 'billing'", "route", "add", "orders", "orders@billing")]
    [InlineData("is set in {main}, and a route is one value", "route", "add", "notes", "notes@audit")]
    [InlineData("There is no route for orders", "route", "remove", "orders")]
    [InlineData("there is no Gateway:Routes:orders", "route", "mode", "orders", "share")]
    [InlineData("There is no mode 'scatter'; known are copy, share, partition", "route", "mode", "notes", "scatter")]
    [InlineData("--header is for a route by keys", "route", "add", "orders", "orders@audit", "--mode", "share", "--header", "customer")]
    [InlineData("--header is for a route by keys", "route", "add", "orders", "orders@audit", "--header", "customer")]
    public async Task AFault_IsTold_AndNothingIsWritten(string fault, params string[] verb)
    {
        var (code, output) = await RunAsync(verb);

        code.ShouldBe(ExitCode.Usage, output);
        output.ShouldContain(fault.Replace("{main}", MainPath, StringComparison.Ordinal));
        File.Exists(OwnPath).ShouldBeFalse();
    }

    [Fact]
    public async Task AFaultInAnotherFile_IsTold_BeforeAnythingIsWritten()
    {
        var other = Path.Combine(_folder.CreateSubdirectory(ConfigurationFolder.Name).FullName, "10.json");
        await File.WriteAllTextAsync(other, """{ "Gateway": { "Colour": "red" } }""", TestContext.Current.CancellationToken);

        var (code, output) = await RunAsync("peer", "add", "billing", "--address", "billing-host:7421");

        code.ShouldBe(ExitCode.Usage);
        output.ShouldContain($"(Set in {other}.)\nThe configuration would be wrong. Nothing was changed.");
        File.Exists(OwnPath).ShouldBeFalse();
    }

    [Fact]
    public async Task RoutesAndPeers_GoAndCome()
    {
        await ShouldBeOkAsync("peer", "add", "billing", "--address", "billing-host:7421");
        await ShouldBeOkAsync("route", "add", "orders", "orders@billing");
        await ShouldBeOkAsync("route", "add", "orders", "orders@audit");
        Own().RouteOf("orders").ShouldBe(["orders@billing", "orders@audit"]);

        (await RunAsync("peer", "remove", "billing", "--keep")).Output.ShouldContain("there is no peer 'billing'");
        await ShouldBeOkAsync("route", "remove", "orders", "orders@billing");
        Own().RouteOf("orders").ShouldBe(["orders@audit"]);
        (await RunAsync("peer", "remove", "billing")).Code.ShouldBe(ExitCode.Unreachable, "it is not known what waits");
        await ShouldBeOkAsync("peer", "remove", "billing", "--keep");
        await ShouldBeOkAsync("route", "remove", "orders");

        (Own().HasPeer("billing"), Own().RouteOf("orders")).ShouldBe((false, null));
    }

    [Fact]
    public async Task ARoute_IsMadeWithItsMode_WhichIsChanged()
    {
        await ShouldBeOkAsync("route", "add", "orders", "orders@audit", "orders@shop", "--mode", "partition", "--header", "customer");
        (await Spread()).ShouldBe("""{"orders":{"Mode":"Partition","Header":"customer"}}""");

        await ShouldBeOkAsync("route", "add", "orders", "more@audit");
        (await Spread()).ShouldBe("""{"orders":{"Mode":"Partition","Header":"customer"}}""");
        await ShouldBeOkAsync("route", "mode", "orders", "share");
        (await Spread()).ShouldBe("""{"orders":{"Mode":"Share"}}""");
        await ShouldBeOkAsync("route", "mode", "orders", "copy");
        (await Spread()).ShouldBe("{}");

        async Task<string> Spread() => JsonNode.Parse(
            await File.ReadAllTextAsync(OwnPath, TestContext.Current.CancellationToken), null,
            new JsonDocumentOptions { CommentHandling = JsonCommentHandling.Skip })!["Gateway"]!["Spread"]!.ToJsonString();
    }

    [Fact]
    public async Task VerbsAtTheSameTime_LoseNothing()
    {
        var peers = Enumerable.Range(1, 8).Select(i => $"peer{i}").ToList();

        var codes = await Task.WhenAll(peers.Select(peer => Task.Run(
            async () => (await RunAsync("peer", "add", peer, "--address", $"{peer}-host:7421")).Code)));

        codes.ShouldAllBe(code => code == ExitCode.Ok);
        peers.ShouldAllBe(peer => Own().HasPeer(peer));
    }

    [Fact]
    public async Task WhatAKilledVerbHasLeft_IsInNobodysWay()
    {
        _folder.CreateSubdirectory(ConfigurationFolder.Name);
        var draft = Path.Combine(Path.GetDirectoryName(OwnPath)!, $".{OperatorSettings.FileName}.new");
        await File.WriteAllTextAsync(draft, "{ \"Gateway\": { \"Pee", TestContext.Current.CancellationToken);
        (await new TestTerminal().RunAsync("config", "check", MainPath)).ShouldBe(ExitCode.Ok);

        await ShouldBeOkAsync("peer", "add", "billing", "--address", "billing-host:7421");

        Own().HasPeer("billing").ShouldBeTrue();
        File.Exists(draft).ShouldBeFalse();
    }

    [Theory]
    [InlineData(UnixFileMode.UserRead | UnixFileMode.UserWrite)]
    [InlineData(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead)]
    public async Task TheFile_MayBeReadByThoseWhoMayReadTheMainFile(UnixFileMode mode)
    {
        if (OperatingSystem.IsWindows()) return;
        File.SetUnixFileMode(MainPath, mode);

        await ShouldBeOkAsync("peer", "add", "billing", "--address", "billing-host:7421");

        File.GetUnixFileMode(OwnPath).ShouldBe(mode);
        var folder = File.GetUnixFileMode(Path.GetDirectoryName(OwnPath)!);
        folder.HasFlag(UnixFileMode.GroupExecute).ShouldBe(mode.HasFlag(UnixFileMode.GroupRead));
        (folder & (UnixFileMode.GroupWrite | UnixFileMode.OtherRead | UnixFileMode.OtherWrite)).ShouldBe(UnixFileMode.None);
        await ShouldBeOkAsync("route", "add", "orders", "orders@billing");
        File.GetUnixFileMode(OwnPath).ShouldBe(mode, "a file that is replaced keeps its own");
    }

    [Fact]
    public async Task Write_Null_PutsBackWhatWasThere()
    {
        using var file = await OperatorFile.OpenAsync(MainPath, TimeProvider.System, TestContext.Current.CancellationToken);

        file.Write("{}");
        file.Read().ShouldBe("{}");
        file.Write(null);

        file.Read().ShouldBeNull();
    }

    private string MainPath => Path.Combine(_folder.FullName, "shop.json");

    private string OwnPath => Path.Combine(_folder.FullName, ConfigurationFolder.Name, OperatorSettings.FileName);

    private OperatorSettings Own() => OperatorSettings.Parse(File.ReadAllText(OwnPath));

    private async Task ShouldBeOkAsync(params string[] verb)
    {
        var (code, output) = await RunAsync(verb);
        code.ShouldBe(ExitCode.Ok, output);
    }

    private async Task<(ExitCode Code, string Output)> RunAsync(params string[] verb)
    {
        var terminal = new TestTerminal();
        var code = await terminal.RunAsync([.. verb, "--config", MainPath, "--gateway", _nobody, "--timeout", "1m"]);
        return (code, terminal.Output + terminal.Error);
    }
}
