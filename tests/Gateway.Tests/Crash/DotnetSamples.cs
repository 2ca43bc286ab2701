using System.Diagnostics;
using Gateway.Tests.Packaging;
using Shouldly;

namespace Gateway.Tests.Crash;

/// <summary>The samples in client/samples for .NET, built from their sources as they stand.</summary>
internal static class DotnetSamples
{
    /// <param name="name">The sample's folder, and the name of its program.</param>
    /// <param name="folder">The test's.</param>
    /// <returns>Starts the program, with arguments to be added.</returns>
    public static async Task<ProcessStartInfo> BuildAsync(string name, string folder)
    {
        var built = Path.Combine(folder, name);
        var source = Path.Combine(SourceTree.Root, "client", "samples", name);
        await using var build = TestProcess.Start(
            new ProcessStartInfo("dotnet", ["build", source, "-c", "Release", "-o", built, "--artifacts-path",
                Path.Combine(folder, "artifacts"), "-nologo", "-v", "q", "-p:RunAnalyzers=false"]),
            Path.Combine(folder, "build.log"));
        (await build.Ended.WaitAsync(PackageBuild.Limit)).ShouldBe(0, build.Output);
        return new ProcessStartInfo("dotnet", [Path.Combine(built, $"{name}.dll")]);
    }
}
