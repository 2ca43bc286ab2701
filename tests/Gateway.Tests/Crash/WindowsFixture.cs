using System.Diagnostics;
using Shouldly;
using Xunit;

namespace Gateway.Tests.Crash;

/// <summary>
/// The gateway published for Windows, and a Wine of its own to run it under. What .ci/run has published is taken; without it, it is
/// published here.
/// </summary>
public sealed class WindowsFixture : IAsyncLifetime
{
    /// <summary>Names the folder with a self-contained win-x64 publish.</summary>
    private const string Published = "GATEWAY_WIN_X64";

    private readonly string _folder = Directory.CreateTempSubdirectory("gateway-wine-").FullName;

    private string _gateway = "";

    public async ValueTask InitializeAsync()
    {
        var given = Environment.GetEnvironmentVariable(Published) ?? "";
        if (given.Length == 0)
        {
            given = Path.Combine(_folder, "win-x64");
            // Servers of the build that outlive it would keep its output open.
            string[] alone = ["-nodeReuse:false", "-p:UseSharedCompilation=false"];
            await RunAsync(new ProcessStartInfo(
                "dotnet",
                [
                    "publish", Path.Combine(SourceTree.Root, "gateway"), "-c", "Release", "-r", "win-x64", "--self-contained",
                    "-o", given, "-v", "q", "--nologo", .. alone,
                ]));
        }

        _gateway = Path.Combine(given, "Gateway.exe");
        File.Exists(_gateway).ShouldBeTrue($"{_gateway} is what this test runs; {Published} names its folder");
        // Makes the prefix; the first program would wait for that otherwise.
        await RunAsync(Wine(Path.Combine(_folder, "wineboot.txt"), "wineboot", "-i"));
    }

    public async ValueTask DisposeAsync()
    {
        // Ends what was started under this prefix, and nothing else.
        await RunAsync(InPrefix(new ProcessStartInfo(Tool.WineServer, ["-k"])));
        await RunAsync(InPrefix(new ProcessStartInfo(Tool.WineServer, ["-w"])));
        Directory.Delete(_folder, recursive: true);
    }

    /// <summary>The executable by its Windows path.</summary>
    internal string Executable => $"Z:{_gateway.Replace('/', '\\')}";

    /// <summary>
    /// A start of the gateway's Windows executable, with what it writes in a file. Paths of this host are paths of its drive Z:, and so of
    /// the working directory.
    /// </summary>
    internal ProcessStartInfo Gateway(string outputPath, params string[] arguments) => Wine(outputPath, [_gateway, .. arguments]);

    /// <summary>
    /// Wine's server and services, which the first program starts and which outlive it, would keep a pipe open that is read to its end; so
    /// the output goes into a file.
    /// </summary>
    private ProcessStartInfo Wine(string outputPath, params string[] arguments)
    {
        var start = InPrefix(new ProcessStartInfo("/bin/sh", ["-c", "exec \"$0\" \"$@\" >>\"$OUTPUT\" 2>&1", Tool.Wine, .. arguments]));
        start.Environment["OUTPUT"] = outputPath;
        return start;
    }

    /// <summary>
    /// A program at a terminal, which Wine makes a console of. What it shows comes out of the process. It takes the place of the shell,
    /// which Ctrl-C would end too.
    /// </summary>
    internal ProcessStartInfo AtConsole(string command) =>
        InPrefix(new ProcessStartInfo("script", ["-qec", $"exec {Tool.Wine} {command}", "/dev/null"]));

    private ProcessStartInfo InPrefix(ProcessStartInfo start)
    {
        start.Environment["WINEPREFIX"] = Path.Combine(_folder, "prefix");
        start.Environment["WINEDEBUG"] = "-all";
        start.Environment.Remove("DISPLAY");
        // The runtime maps its code twice, once to write and once to run. Under Wine a finalizer of dynamic methods then ends the process
        // within minutes (0x80131506, DestroyScout.Finalize); Windows has no such trouble.
        start.Environment["DOTNET_EnableWriteXorExecute"] = "0";
        return start;
    }

    private async Task RunAsync(ProcessStartInfo start)
    {
        await using var process = TestProcess.Start(start, Path.Combine(_folder, "fixture.txt"));
        var exit = await process.Ended.WaitAsync(TimeSpan.FromMinutes(5), TestContext.Current.CancellationToken);
        // The server that is asked to end when none runs answers 2.
        (exit is 0 or 2).ShouldBeTrue(
            $"{start.FileName} {string.Join(' ', start.ArgumentList)} ended with {exit}: {process.Output}{process.Errors}");
    }
}
