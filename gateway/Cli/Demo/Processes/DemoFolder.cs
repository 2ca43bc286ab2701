namespace Gateway.Cli.Demo.Processes;

/// <summary>The folder of one demo: the stores and logs of its processes.</summary>
internal static class DemoFolder
{
    private const int LinesShown = 25;

    /// <summary>Creates a folder of its own.</summary>
    public static string Create() => Directory.CreateTempSubdirectory("gateway-demo-").FullName;

    /// <summary>The last lines of each log, to explain a failed demo.</summary>
    public static IEnumerable<string> LastWords(string folder)
    {
        foreach (var log in Directory.EnumerateFiles(folder, "*.log").Order(StringComparer.Ordinal))
        {
            yield return $"--- {log}";
            foreach (var line in FileDoor.ReadLines(log).TakeLast(LinesShown))
                yield return line;
        }
    }
}
