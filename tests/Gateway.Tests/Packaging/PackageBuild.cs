using System.Collections.Concurrent;
using System.Diagnostics;
using Gateway.Tests.Crash;
using Shouldly;

namespace Gateway.Tests.Packaging;

/// <summary>The packages, built from this tree, each once for all tests. Those that <c>tests/run</c> has built are taken.</summary>
internal static class PackageBuild
{
    /// <summary>Names a folder with all packages.</summary>
    private const string Built = "GATEWAY_PACKAGES";

    /// <summary>To compile the program in advance takes a minute or two.</summary>
    public static readonly TimeSpan Limit = TimeSpan.FromMinutes(8);

    private static readonly ConcurrentDictionary<string, Lazy<Task<string>>> _builds = new();
    private static readonly Lazy<string> _folder = new(() => Directory.CreateTempSubdirectory("gateway-packages-").FullName);

    /// <summary>One after the other: they share the published programs, and the compiler's folders.</summary>
    private static readonly SemaphoreSlim _turn = new(1);

    static PackageBuild() => AppDomain.CurrentDomain.ProcessExit += (_, _) =>
    {
        if (_folder.IsValueCreated) Directory.Delete(_folder.Value, recursive: true);
    };

    /// <summary>The path of one package.</summary>
    public static Task<string> OfAsync(string kind, CancellationToken cancellationToken) =>
        _builds.GetOrAdd(kind, _ => new Lazy<Task<string>>(() => FindAsync(kind))).Value.WaitAsync(Limit, cancellationToken);

    private static async Task<string> FindAsync(string kind)
    {
        var pattern = kind switch
        {
            "deb" => "gateway_*_amd64.deb",
            "zip" => "gateway_*_win-x64.zip",
            "container" => "gateway_*_container",
            // The other packages for applications have a word there, in place of the version's first digit.
            "client" => "Gateway.Client.?.*.nupkg",
            _ => "Gateway.Tool.*.nupkg",
        };
        var built = Environment.GetEnvironmentVariable(Built) ?? "";
        if (built.Length == 0)
            await BuildAsync(kind);
        return Directory.EnumerateFileSystemEntries(built.Length > 0 ? built : _folder.Value, pattern).Single();
    }

    private static async Task BuildAsync(string kind)
    {
        await _turn.WaitAsync();
        try
        {
            await using var build = TestProcess.Start(
                new ProcessStartInfo(
                    Path.Combine(SourceTree.Root, "gateway", "packaging", "build"),
                    [kind, "--output", _folder.Value, "--programs", Path.Combine(_folder.Value, "programs")]),
                Path.Combine(_folder.Value, $"{kind}.log"));
            (await build.Ended).ShouldBe(0, build.Errors);
        }
        finally
        {
            _turn.Release();
        }
    }
}
