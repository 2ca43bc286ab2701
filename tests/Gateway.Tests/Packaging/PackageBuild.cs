using System.Diagnostics;
using Gateway.Tests.Crash;
using Shouldly;

namespace Gateway.Tests.Packaging;

/// <summary>The packages, built from this tree.</summary>
internal static class PackageBuild
{
    /// <summary>To compile the program in advance takes a minute or two.</summary>
    public static readonly TimeSpan Limit = TimeSpan.FromMinutes(8);

    /// <summary>Builds one package and returns its path.</summary>
    public static async Task<string> OfAsync(string kind, string folder, CancellationToken cancellationToken)
    {
        await using var build = TestProcess.Start(
            new ProcessStartInfo(Path.Combine(SourceTree.Root, "gateway", "packaging", "build"), [kind, "--output", folder]),
            Path.Combine(folder, "build.log"));
        (await build.Ended.WaitAsync(Limit, cancellationToken)).ShouldBe(0, build.Errors);
        return build.Output.Split('\n')[^1];
    }
}
