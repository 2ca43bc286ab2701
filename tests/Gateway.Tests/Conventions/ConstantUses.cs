using System.Reflection;
using System.Text.RegularExpressions;

namespace Gateway.Tests.Conventions;

/// <summary>
/// The uses of constants of other types, read from the source: the compiler copies their values, so that <see cref="TypeUses"/>
/// does not see them. Found are constants written with the name of their type.
/// </summary>
internal static partial class ConstantUses
{
    /// <summary>The namespace of each file of the folder, and each type of the assembly of which it uses a constant.</summary>
    public static IReadOnlySet<(string User, Type Used)> In(string folder, Assembly assembly)
    {
        var constants = assembly.GetTypes().Where(type => !type.IsEnum)
            .SelectMany(type => type.GetFields(
                BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly))
            .Where(field => field is { IsLiteral: true, IsPrivate: false })
            .ToLookup(field => $"{field.DeclaringType!.Name}.{field.Name}", field => field.DeclaringType!);
        return SourceTree.Files(folder).Select(File.ReadAllText)
            .SelectMany(text => Members().Matches(text).SelectMany(match => constants[match.Value])
                .Where(type => IsSeen(text, type.Namespace!)).Select(type => (User: NamespaceOf(text), Used: type)))
            .ToHashSet();
    }

    /// <summary>Several types may have one name: the text means the one whose namespace it can see.</summary>
    private static bool IsSeen(string text, string space) => $"{NamespaceOf(text)}.".StartsWith($"{space}.", StringComparison.Ordinal)
        || text.Contains($"using {space};", StringComparison.Ordinal);

    private static string NamespaceOf(string text) => Namespace().Match(text).Groups[1].Value;

    [GeneratedRegex(@"\b[A-Z]\w*\.[A-Z]\w*\b")]
    private static partial Regex Members();

    [GeneratedRegex(@"^namespace ([\w.]+);", RegexOptions.Multiline)]
    private static partial Regex Namespace();
}
