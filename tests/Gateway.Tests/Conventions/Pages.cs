namespace Gateway.Tests.Conventions;

/// <summary>The documents of the repository.</summary>
internal static class Pages
{
    private static readonly string[] _made = ["bin", "obj", "node_modules"];

    /// <summary>Every page, relative to the root, with forward slashes; without the folders that tools fill.</summary>
    public static IReadOnlyList<string> All { get; } = [.. Find(SourceTree.Root).Order(StringComparer.Ordinal)];

    public static string Read(string page) => File.ReadAllText(Path.Combine(SourceTree.Root, page));

    /// <summary>The lines that are read as text: those of fenced blocks are empty, so that the numbers of lines stay.</summary>
    public static IReadOnlyList<string> Prose(string page)
    {
        var isFenced = false;
        return [.. File.ReadLines(Path.Combine(SourceTree.Root, page)).Select(line =>
        {
            var isFence = line.TrimStart().StartsWith("```", StringComparison.Ordinal);
            if (isFence) isFenced = !isFenced;
            return isFence || isFenced ? "" : line;
        })];
    }

    /// <summary>The rows of all tables below a heading, down to the next one, without head and rule; each cell trimmed.</summary>
    public static IReadOnlyList<string[]> Rows(string page, string heading) =>
    [
        .. Prose(page)
            .SkipWhile(line => line.TrimStart('#') != $" {heading}")
            .Skip(1)
            .TakeWhile(line => !line.StartsWith('#'))
            .Where(line => line.StartsWith("| `", StringComparison.Ordinal)
                || line.StartsWith("| ", StringComparison.Ordinal) && char.IsAsciiDigit(line[2]))
            .Select(line => line.Trim('|').Split('|', StringSplitOptions.TrimEntries)),
    ];

    private static IEnumerable<string> Find(string folder)
    {
        foreach (var file in Directory.EnumerateFiles(folder, "*.md"))
            yield return Path.GetRelativePath(SourceTree.Root, file).Replace('\\', '/');
        foreach (var inner in Directory.EnumerateDirectories(folder))
        {
            var name = Path.GetFileName(inner);
            if (name.StartsWith('.') || _made.Contains(name)) continue;
            foreach (var page in Find(inner)) yield return page;
        }
    }
}
