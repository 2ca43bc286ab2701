using Gateway.Cli.Shell;
using Shouldly;
using Xunit;

namespace Gateway.Tests.Cli.Setup;

public sealed class InitVerbTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("init-");
    private readonly TestTerminal _terminal = new(redirectedInput: "");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    [NotUnderWine("Wine makes no ECDSA keys")]
    public async Task WithTls_BothHostsAreSetUp_ByWhatIsPrinted()
    {
        var (shop, billing) = (FolderOf("shop"), FolderOf("billing"));
        (await RunAsync("shop", shop, "--peer", "billing=billing-host:7431", "--tls", "yes")).ShouldBe(ExitCode.Ok, _terminal.Error);

        var printed = _terminal.Output.Split('\n').Select(line => line.Trim()).ToList();
        printed.ShouldContain($"Wrote {Path.Combine(shop, "shop.json")}.");
        printed.ShouldContain(line => line.StartsWith("scp ") && line.EndsWith($" billing-host:{Path.Combine(shop, "certs")}/"));
        var command = printed.Single(line => line.StartsWith("gateway init ")).Replace("'", "", StringComparison.Ordinal).Split(' ')[1..^1];
        (await new TestTerminal().RunAsync("config", "check", Path.Combine(shop, "shop.json"))).ShouldBe(ExitCode.Ok);

        Directory.CreateDirectory(Path.Combine(billing, "certs"));
        foreach (var file in new[] { "ca.crt", "billing.crt", "billing.key" })
            File.Copy(Path.Combine(shop, "certs", file), Path.Combine(billing, "certs", file));
        var there = new TestTerminal(redirectedInput: "");
        (await there.RunAsync([.. command, billing])).ShouldBe(ExitCode.Ok, there.Error);

        there.Output.ShouldContain($"Uses {Path.Combine(billing, "certs", "billing.crt")}, which was here.");
        var check = new TestTerminal();
        (await check.RunAsync("config", "check", Path.Combine(billing, "billing.json"))).ShouldBe(ExitCode.Ok);
        check.Output.ShouldStartWith("The configuration of gateway billing can be used. Peers: shop.");
        check.Output.ShouldNotContain("Warning");
    }

    [Fact]
    public async Task WithoutTls_TheConfigurationSaysSo()
    {
        (await RunAsync("shop", _folder.FullName, "--no-peers", "--tls", "no")).ShouldBe(ExitCode.Ok, _terminal.Error);

        (await File.ReadAllTextAsync(Path.Combine(_folder.FullName, "shop.json"), TestContext.Current.CancellationToken))
            .ShouldContain("\"AllowPlainText\": true");
        Directory.Exists(Path.Combine(_folder.FullName, "certs")).ShouldBeFalse();
    }

    [Fact]
    public async Task ThePackagesOwnFile_IsLeftAlone_AndAFurtherOneAddsToIt()
    {
        var packaged = Path.Combine(_folder.FullName, "appsettings.json");
        await File.WriteAllTextAsync(packaged, "{}", TestContext.Current.CancellationToken);

        (await _terminal.RunAsync("init", "--name", "shop", "--listen", "*:7421", "--no-peers", "--tls", "no", "--service", "yes",
            "--folder", _folder.FullName)).ShouldBe(ExitCode.Ok, _terminal.Error);

        (await File.ReadAllTextAsync(packaged, TestContext.Current.CancellationToken)).ShouldBe("{}");
        var check = new TestTerminal();
        (await check.RunAsync("config", "check", packaged)).ShouldBe(ExitCode.Ok);
        check.Output.ShouldStartWith("The configuration of gateway shop can be used.");
    }

    [Fact]
    public async Task WhatIsThere_IsNotOverwritten()
    {
        var path = Path.Combine(_folder.FullName, "shop.json");
        await File.WriteAllTextAsync(path, "mine", TestContext.Current.CancellationToken);

        (await RunAsync("shop", _folder.FullName, "--no-peers", "--tls", "yes")).ShouldBe(ExitCode.Failed);

        _terminal.Error.ShouldStartWith($"{path} is there already, and is not overwritten.");
        (await File.ReadAllTextAsync(path, TestContext.Current.CancellationToken)).ShouldBe("mine");
        _folder.EnumerateFileSystemInfos().Count().ShouldBe(1);
    }

    [Theory]
    [InlineData("There is no terminal on which to ask: give --listen, --peer or --no-peers, --tls, --service.", "--name", "shop")]
    [InlineData("'two words' is no name", "--name", "two words", "--listen", "*:1", "--no-peers", "--tls", "no", "--service", "no")]
    [InlineData("'billing' has no address", "--name", "shop", "--listen", "*:1", "--peer", "billing", "--tls", "no", "--service", "no")]
    [InlineData("give an IP address", "--name", "shop", "--listen", "here:1", "--no-peers", "--tls", "no", "--service", "no")]
    [InlineData("own name", "--name", "shop", "--listen", "*:1", "--peer", "shop=b:1", "--tls", "yes", "--service", "no")]
    [InlineData("There is no tls 'maybe'; known are yes, no.", "--name", "shop", "--tls", "maybe")]
    public async Task AMissingOrWrongAnswer_IsTold_AndNothingIsWritten(string fault, params string[] options)
    {
        (await _terminal.RunAsync(["init", .. options, "--folder", _folder.FullName])).ShouldBe(ExitCode.Usage);

        _terminal.Error.ShouldContain(fault);
        _folder.EnumerateFileSystemInfos().ShouldBeEmpty();
    }

    private string FolderOf(string name) => Path.Combine(_folder.FullName, name);

    private Task<ExitCode> RunAsync(string name, string folder, params string[] more) => _terminal.RunAsync(
        ["init", "--name", name, "--listen", "*:7421", "--service", "no", "--folder", folder, .. more]);
}
