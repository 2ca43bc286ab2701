using System.Diagnostics;
using Gateway.Tests.Crash;
using Shouldly;
using Xunit;

namespace Gateway.Tests.Packaging;

/// <summary>The gateway as a .NET tool, for hosts that have the SDK.</summary>
[Collection(ProcessCollection.Name)]
public sealed class DotNetToolTests : ProcessTest
{
    [Fact]
    public async Task It_is_installed_and_runs_under_the_name_gateway()
    {
        var package = await PackageBuild.OfAsync("tool", Token);
        var tools = Path.Combine(Folder, "tools");

        var install = Track(TestProcess.Start(
            new ProcessStartInfo(
                "dotnet", ["tool", "install", "Gateway.Tool", "--tool-path", tools, "--add-source", Path.GetDirectoryName(package)!]),
            Path.Combine(Folder, "install.log")));
        (await install.Ended.WaitAsync(PackageBuild.Limit, Token)).ShouldBe(0, install.Errors);

        var version = Track(TestProcess.Start(
            new ProcessStartInfo(Path.Combine(tools, "gateway"), ["--version"]), Path.Combine(Folder, "version.log")));
        (await InTimeAsync("it says its version", version.Ended)).ShouldBe(0);
        package.ShouldEndWith($"Gateway.Tool.{version.Output.Split('+')[0]}.nupkg");
    }
}
