using System.Globalization;
using System.Text.RegularExpressions;
using Gateway.Cli.Shell;

namespace Gateway.Cli;

/// <summary>
/// The defaults in a help text as a user would type them: the library prints the names of our enumerations, spans in the notation of the
/// platform, and defaults that are empty.
/// </summary>
internal static partial class HelpDefaults
{
    public static string InWords(string help) => Default().Replace(help, match => match.Groups["value"].Value switch
    {
        "" => "",
        var span when TimeSpan.TryParseExact(span, "c", CultureInfo.InvariantCulture, out var time) && span.Contains(':') =>
            $"{match.Groups["space"].Value}[default: {Duration.Text(time)}]",
        var word => $"{match.Groups["space"].Value}[default: {char.ToLowerInvariant(word[0])}{word[1..]}]",
    });

    [GeneratedRegex(@"(?<space>\s*)\[default:\s*(?<value>[^\]]*)\]", RegexOptions.ExplicitCapture)]
    private static partial Regex Default();
}
