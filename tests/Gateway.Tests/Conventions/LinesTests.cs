using Shouldly;
using Xunit;

namespace Gateway.Tests.Conventions;

/// <summary>Code, pages, styles and scripts fit into a window beside another one.</summary>
public sealed class LinesTests
{
    private const int LineCharsMax = 140;

    private static readonly string[] _written =
        [".cs", ".razor", ".css", ".js", ".html", ".sh", ".py", ".c", ".csproj", ".props", ".txt", ".editorconfig", ".gitignore", ""];

    private static readonly string[] _made = ["bin", "obj", "node_modules"];

    [Fact]
    public void Lines_EndAt140Characters() =>
        new[] { "client", "gateway", "tests" }
            .SelectMany(folder => Files(Path.Combine(SourceTree.Root, folder)))
            .Concat(Directory.EnumerateFiles(SourceTree.Root).Where(IsWritten))
            .SelectMany(path => File.ReadLines(path).Select((line, index) => (path, line, number: index + 1)))
            .Where(at => at.line.Length > LineCharsMax)
            .Select(at => $"{at.path}:{at.number} has {at.line.Length} characters").ShouldBeEmpty();

    private static IEnumerable<string> Files(string folder) =>
        Directory.EnumerateFiles(folder).Where(IsWritten)
            .Concat(Directory.EnumerateDirectories(folder).Where(inner => !_made.Contains(Path.GetFileName(inner))).SelectMany(Files));

    /// <summary>A list of a public API has a line for each member, as its checker writes it.</summary>
    private static bool IsWritten(string file) =>
        _written.Contains(Path.GetExtension(file)) && !Path.GetFileName(file).StartsWith("PublicAPI.", StringComparison.Ordinal);
}
