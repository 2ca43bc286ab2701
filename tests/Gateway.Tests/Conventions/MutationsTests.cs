using Shouldly;
using Xunit;

namespace Gateway.Tests.Conventions;

/// <summary>Every mutation changes lines that are still there; otherwise it would prove nothing on the day when it is run.</summary>
public sealed class MutationsTests
{
    public static TheoryData<string> All =>
        [
            .. Directory.EnumerateFiles(Path.Combine(SourceTree.Root, "tests", "mutations"), "*.patch")
                .Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal),
        ];

    [Theory]
    [MemberData(nameof(All))]
    public void Mutation_AppliesToTheCode(string patch)
    {
        var hunks = Hunks(File.ReadAllLines(Path.Combine(SourceTree.Root, "tests", "mutations", patch))).ToList();

        hunks.ShouldNotBeEmpty();
        hunks.Where(hunk => !Text(hunk.Path).Contains(hunk.Before, StringComparison.Ordinal))
            .Select(hunk => $"{hunk.Path} has no such lines:{hunk.Before}").ShouldBeEmpty();
    }

    /// <summary>A class or method that is not there runs no test, and its mutation is missed.</summary>
    [Theory]
    [MemberData(nameof(All))]
    public void Mutation_NamesTestsThatExist(string patch)
    {
        var named = File.ReadLines(Path.Combine(SourceTree.Root, "tests", "mutations", patch))
            .Where(line => line.StartsWith("Tests: ", StringComparison.Ordinal)).SelectMany(line => line.Split(' '))
            .Where(word => word.StartsWith("Gateway.Tests.", StringComparison.Ordinal));

        named.Where(name => !IsTest(name)).ShouldBeEmpty();
    }

    /// <param name="name">Of a class, or of a method of one; its end may be left out, as a star.</param>
    private static bool IsTest(string name)
    {
        var tests = typeof(MutationsTests).Assembly;
        var dot = name.LastIndexOf('.');
        return tests.GetType(name) is not null || (tests.GetType(name[..dot]) is { } type
            && type.GetMethods().Any(method => name.EndsWith('*')
                ? method.Name.StartsWith(name[(dot + 1)..^1], StringComparison.Ordinal) : method.Name == name[(dot + 1)..]));
    }

    private static string Text(string path) =>
        "\n" + string.Join('\n', File.ReadAllLines(Path.Combine(SourceTree.Root, path))) + "\n";

    private static IEnumerable<(string Path, string Before)> Hunks(IEnumerable<string> lines)
    {
        var path = "";
        List<string>? before = null;
        foreach (var line in lines)
        {
            if (line.StartsWith("diff ", StringComparison.Ordinal) || line.StartsWith("@@", StringComparison.Ordinal))
            {
                if (before is not null) yield return (path, $"\n{string.Join('\n', before)}\n");
                before = line[0] == '@' ? [] : null;
            }
            else if (before is null)
            {
                if (line.StartsWith("--- a/", StringComparison.Ordinal)) path = line["--- a/".Length..];
            }
            else if (line.Length == 0 || line[0] is ' ' or '-')
            {
                before.Add(line.Length == 0 ? "" : line[1..]);
            }
        }

        if (before is not null) yield return (path, $"\n{string.Join('\n', before)}\n");
    }
}
