using System.Diagnostics;

namespace Gateway.Cli.Demo.Processes;

/// <summary>The command that starts this program again.</summary>
internal static class Executable
{
    /// <summary>
    /// A start of this executable with <paramref name="arguments"/>. Run as a library (by tests, or as <c>dotnet gateway.dll</c>), it is
    /// the executable beside the assembly, or the assembly under <c>dotnet</c>.
    /// </summary>
    public static ProcessStartInfo Start(params IEnumerable<string> arguments)
    {
        var assembly = typeof(Executable).Assembly.GetName().Name!;
        var beside = Path.Combine(AppContext.BaseDirectory, OperatingSystem.IsWindows() ? assembly + ".exe" : assembly);

        var start = new ProcessStartInfo();
        if (Path.GetFileName(Environment.ProcessPath) == Path.GetFileName(beside))
        {
            start.FileName = Environment.ProcessPath!;
        }
        else if (File.Exists(beside))
        {
            start.FileName = beside;
        }
        else
        {
            start.FileName = "dotnet";
            start.ArgumentList.Add(Path.Combine(AppContext.BaseDirectory, assembly + ".dll"));
        }

        foreach (var argument in arguments)
            start.ArgumentList.Add(argument);
        return start;
    }
}
