using System.Diagnostics;
using Gateway.Tests.Crash;
using Shouldly;
using Xunit;

namespace Gateway.Tests.Packaging;

/// <summary>
/// The commands of the installation page, and those of the way back of the page on upgrades, are run as they are written there. Those for a
/// container are run by <see cref="ContainerImageTests"/>, and the builds of the packages by <c>tests/run</c>, or by the tests that need
/// them.
/// </summary>
public sealed class InstallPageTests : ProcessTest
{
    public const string Page = "gateway/docs/install.md";

    private const string Scripts = "tests/Gateway.Tests/Packaging";

    /// <summary>By heading and language, the file by which the script of the Linux hosts finds a block; empty if it does not.</summary>
    private static readonly Dictionary<(string Heading, string Language, int Number), string> _blocks = new()
    {
        [("The packages", "sh", 0)] = "",
        [("Debian and Ubuntu", "sh", 0)] = "debian.sh",
        [("Windows", "powershell", 0)] = "",
        [("Container", "sh", 0)] = "",
        [("A folder to copy", "sh", 0)] = "",
        [("The first configuration", "", 0)] = "init.txt",
        [("Two gateways on one host", "json", 0)] = "a.json",
        [("Two gateways on one host", "json", 1)] = "b.json",
        [("Two gateways on one host", "sh", 0)] = "two.sh",
        [("Links across hosts", "sh", 0)] = "alone.sh",
        [("Links across hosts", "sh", 1)] = "pair.sh",
        [("With a CA", "sh", 0)] = "links.sh",
        [("With a CA", "json", 0)] = "links.json",
        // A gateway without an installation; the tests under Wine start it so.
        [("Differences on Windows", "sh", 0)] = "",
    };

    [Fact]
    public void EveryBlockOfThePage_IsKnownToATest() => Blocks().Select(block => block.Key).ShouldBe(_blocks.Keys, ignoreOrder: true);

    [Fact]
    [Kind(Kind.Process)]
    [Needs("root", "ip", "systemd")]
    public async Task CommandsForLinux_InstallTwoHosts_WhoseGatewaysThenTalk()
    {
        Tool.RequireRoot();
        // The package makes its user by adduser, which comes with this tool.
        File.Exists(Tool.SystemdAnalyze).ShouldBeTrue();
        var commands = Directory.CreateDirectory(Path.Combine(Folder, "commands")).FullName;
        var package = await PackageBuild.OfAsync("deb", Token);
        File.CreateSymbolicLink(Path.Combine(commands, Path.GetFileName(package)), package);
        var upgrade = PageBlock.Of("gateway/docs/upgrade.md").Where(block => block.Heading == "Back to an older version").ToList();
        await File.WriteAllTextAsync(Path.Combine(commands, "export.sh"), upgrade[0].Text, Token);
        await File.WriteAllTextAsync(Path.Combine(commands, "import.sh"), upgrade[1].Text, Token);
        foreach (var (key, block) in Blocks().Where(block => _blocks[block.Key].Length > 0))
            await File.WriteAllTextAsync(Path.Combine(commands, _blocks[key]), block.Text, Token);

        var hosts = Track(TestProcess.Start(
            new ProcessStartInfo(
                "/usr/bin/unshare",
                [
                    "--mount", "--net", "--pid", "--fork", "--kill-child", "--mount-proc",
                    Path.Combine(SourceTree.Root, Scripts, "page.sh"), commands,
                    Directory.CreateDirectory(Path.Combine(Folder, "hosts")).FullName, Tool.Ip,
                ]),
            Path.Combine(Folder, "page.log")));

        (await hosts.Ended.WaitAsync(PackageBuild.Limit, Token)).ShouldBe(0, hosts.Errors);
        hosts.Output.ShouldEndWith("as it should be");
    }

    /// <summary>A switch of the page's command is passed on; the scripts run as far as they can without a Windows.</summary>
    [Fact]
    [Kind(Kind.Process)]
    [Needs("powershell")]
    public async Task CommandsForWindows_Run_AndSayWithWhatIfWhatTheyWouldDo()
    {
        var machine = WindowsMachine.Unpack(await PackageBuild.OfAsync("zip", Token), Folder);
        var commands = Blocks().Single(block => block.Key.Language == "powershell").Block.Text.Split('\n')
            .Select(line => line.Split('#')[0].Trim()).Where(line => line.Length > 0).ToList();
        commands.ShouldContain(@".\install.ps1");

        foreach (var command in commands.Select(line => line.Split(' ')))
        {
            var switches = command[1..].Select(word => word.TrimStart('-')).ToArray();
            command[0].ShouldStartWith(@".\");
            var planned = await machine.RunAsUserAsync(command[0][2..], [.. switches.Append("WhatIf").Distinct()]);
            (planned.Exit, planned.Errors).ShouldBe((0, ""));
            planned.Output.ShouldContain("What if: ");
            machine.Calls.ShouldBeEmpty();
            (await machine.RunAsync(command[0][2..], switches)).Exit.ShouldBe(0);
        }

        Directory.Exists(machine.ProgramFolder).ShouldBeFalse("the page ends with the removal");
    }

    private static IEnumerable<((string Heading, string Language, int Number) Key, PageBlock Block)> Blocks() =>
        PageBlock.Of(Page).GroupBy(block => (block.Heading, block.Language))
            .SelectMany(group => group.Select((block, number) => ((block.Heading, block.Language, number), block)));
}
