using System.Diagnostics;
using System.Globalization;
using Shouldly;
using Xunit;

namespace Gateway.Tests.Crash;

/// <summary>
/// The gateway published for Windows, and a Wine of its own to run it under. What .ci/run has published is taken; without it, it is
/// published here.
/// </summary>
public sealed class WindowsFixture : IAsyncLifetime
{
    /// <summary>Name the folders with self-contained win-x64 publishes of the gateway and of the tests.</summary>
    private const string Published = "GATEWAY_WIN_X64";
    private const string PublishedTests = "GATEWAY_TESTS_WIN_X64";

    private readonly string _folder = Directory.CreateTempSubdirectory("gateway-wine-").FullName;

    private string _gateway = "";
    private string _tests = "";

    public async ValueTask InitializeAsync()
    {
        _gateway = await PublishAsync(Published, "gateway", "gateway.exe");
        // Makes the prefix; the first program would wait for that otherwise.
        await RunAsync(Wine(Path.Combine(_folder, "wineboot.txt"), "wineboot", "-i"));
        // The service manager that has made the prefix keeps its database locked: it would start no service.
        await EndServerAsync();
    }

    public async ValueTask DisposeAsync()
    {
        // Ends what was started under this prefix, and nothing else.
        await EndServerAsync();
        Directory.Delete(_folder, recursive: true);
    }

    private async Task EndServerAsync()
    {
        await RunAsync(InPrefix(new ProcessStartInfo(Tool.WineServer, ["-k"])));
        await RunAsync(InPrefix(new ProcessStartInfo(Tool.WineServer, ["-w"])));
    }

    /// <summary>The executable by its Windows path.</summary>
    internal string Executable => $"Z:{_gateway.Replace('/', '\\')}";

    /// <summary>
    /// A start of the gateway's Windows executable, with what it writes in a file. Paths of this host are paths of its drive Z:, and so of
    /// the working directory.
    /// </summary>
    internal ProcessStartInfo Gateway(string outputPath, params string[] arguments) => Wine(outputPath, [_gateway, .. arguments]);

    /// <summary>Sends an event of the console to the gateways of this Wine, as Windows does: from a thread of its own in each.</summary>
    internal async Task SendAsync(int consoleEvent)
    {
        if (_tests.Length == 0) _tests = await PublishAsync(PublishedTests, "tests/Gateway.Tests", "Gateway.Tests.exe");
        await RunAsync(Program(Path.Combine(_folder, "events.txt"), _tests, ConsoleEvent.Name,
            consoleEvent.ToString(CultureInfo.InvariantCulture)));
    }

    /// <summary>A start of some program of Windows, with what it writes in a file.</summary>
    internal ProcessStartInfo Program(string outputPath, params string[] arguments) => Wine(outputPath, arguments);

    private async Task<string> PublishAsync(string variable, string project, string executable)
    {
        var given = Environment.GetEnvironmentVariable(variable) ?? "";
        if (given.Length == 0)
        {
            given = Path.Combine(_folder, Path.GetFileName(project));
            // Servers of the build that outlive it would keep its output open.
            string[] alone = ["-nodeReuse:false", "-p:UseSharedCompilation=false"];
            await RunAsync(new ProcessStartInfo(
                "dotnet",
                [
                    "publish", Path.Combine(SourceTree.Root, project), "-c", "Release", "-r", "win-x64", "--self-contained",
                    "-o", given, "-v", "q", "--nologo", .. alone,
                ]));
        }

        var path = Path.Combine(given, executable);
        File.Exists(path).ShouldBeTrue($"{path} is what this test runs; {variable} names its folder");
        return path;
    }

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
