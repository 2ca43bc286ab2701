using System.Diagnostics;
using Gateway.Tests.Crash;
using Shouldly;
using Xunit;

namespace Gateway.Tests.Packaging;

/// <summary>The Debian package, built from this tree, in the hands of an administrator.</summary>
[Collection(ProcessCollection.Name)]
public sealed class DebianPackageTests : ProcessTest
{
    [Fact]
    [Needs("root", "ip", "systemd")]
    public async Task It_is_installed_run_upgraded_and_removed_and_keeps_its_messages()
    {
        Tool.RequireRoot();
        var package = await PackageBuild.OfAsync("deb", Token);
        var scratch = Directory.CreateDirectory(Path.Combine(Folder, "machine")).FullName;

        var installed = Track(TestProcess.Start(
            new ProcessStartInfo(
                "unshare",
                [
                    "--mount", "--net", "--pid", "--fork", "--kill-child",
                    Path.Combine(SourceTree.Root, "tests", "Gateway.Tests", "Packaging", "installed.sh"), package, scratch,
                    Tool.Ip, Tool.SystemdAnalyze,
                ]),
            Path.Combine(Folder, "installed.log")));

        (await installed.Ended.WaitAsync(PackageBuild.Limit, Token)).ShouldBe(0);
        installed.Output.ShouldEndWith("as it should be");
    }
}
