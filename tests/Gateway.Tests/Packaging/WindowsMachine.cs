using System.Diagnostics;
using System.IO.Compression;
using Gateway.Tests.Crash;

namespace Gateway.Tests.Packaging;

/// <summary>
/// The zip for Windows, unpacked, and a PowerShell that runs its scripts as far as that goes without a Windows: files, the judgement of the
/// new program and ports are real; what only Windows has is recorded.
/// </summary>
internal sealed class WindowsMachine
{
    private readonly string _folder;

    private WindowsMachine(string folder) => _folder = folder;

    public string Zip => Path.Combine(_folder, "zip");

    public string ProgramFolder => Path.Combine(_folder, "programs", "Gateway");

    public string DataFolder => Path.Combine(_folder, "data", "Gateway");

    public string Configuration => Path.Combine(DataFolder, "appsettings.json");

    public string NewProgram => Path.Combine(Zip, "program", "gateway.exe");

    /// <summary>The line that the service runs; there is a service as long as there is the file.</summary>
    public string ServicePath => Path.Combine(_folder, "service");

    /// <summary>What the scripts asked of Windows, without what only looks; a line each, with the folders by name.</summary>
    public string[] Calls => File.Exists(CallsPath) ? [.. File.ReadLines(CallsPath).Select(Named)] : [];

    private string CallsPath => Path.Combine(_folder, "calls");

    /// <param name="zip">The package, as it was built.</param>
    public static WindowsMachine Unpack(string zip, string folder)
    {
        var machine = new WindowsMachine(folder);
        ZipFile.ExtractToDirectory(zip, machine.Zip);
        foreach (var made in new[] { machine.ProgramFolder, machine.DataFolder }) Directory.CreateDirectory(Path.GetDirectoryName(made)!);
        // The same program, built for this system: the one in the zip runs on Windows alone.
        File.WriteAllText(machine.NewProgram, $$"""
            #!/bin/sh
            export Gateway__Store__Path="${Gateway__Store__Path-$ProgramData/Gateway/store}"
            exec '{{Path.Combine(AppContext.BaseDirectory, "gateway")}}' "$@"

            """);
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(machine.NewProgram, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        return machine;
    }

    /// <summary>Runs a script of the zip as an administrator, and forgets what earlier ones asked for.</summary>
    public Task<(int Exit, string Output, string Errors)> RunAsync(string script, params string[] switches) =>
        RunAsync("elevated", script, switches);

    /// <summary>Likewise as a user without rights.</summary>
    public Task<(int Exit, string Output, string Errors)> RunAsUserAsync(string script, params string[] switches) =>
        RunAsync("limited", script, switches);

    /// <summary>Runs a command of PowerShell that needs no Windows.</summary>
    public async Task<(int Exit, string Output, string Errors)> CommandAsync(params string[] arguments)
    {
        var start = new ProcessStartInfo(Tool.PowerShell, ["-NoProfile", "-NonInteractive", .. arguments]);
        // It asks for no library of languages, looks for no newer version, and tells nobody that it ran.
        start.Environment["DOTNET_SYSTEM_GLOBALIZATION_INVARIANT"] = "1";
        start.Environment["POWERSHELL_UPDATECHECK"] = "Off";
        start.Environment["POWERSHELL_TELEMETRY_OPTOUT"] = "1";
        start.Environment["NO_COLOR"] = "1";
        start.Environment["ProgramFiles"] = Path.GetDirectoryName(ProgramFolder);
        start.Environment["ProgramData"] = Path.GetDirectoryName(DataFolder);
        await using var process = TestProcess.Start(start, Path.Combine(_folder, "powershell.log"));
        return (await process.Ended.WaitAsync(PackageBuild.Limit), Named(process.Output), Named(process.Errors));
    }

    private Task<(int Exit, string Output, string Errors)> RunAsync(string rights, string script, string[] switches)
    {
        File.Delete(CallsPath);
        return CommandAsync(
        [
            Path.Combine(SourceTree.Root, "tests", "Gateway.Tests", "Packaging", "recorded.ps1"), CallsPath, ServicePath, rights,
            Path.Combine(Zip, script), .. switches,
        ]);
    }

    private string Named(string text) => text.Replace(ProgramFolder, "PROGRAM").Replace(DataFolder, "DATA").Replace(_folder, "FOLDER");
}
