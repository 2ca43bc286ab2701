using System.Globalization;
using System.Text.RegularExpressions;
using Gateway.Cli.Shell;

namespace Gateway.Cli;

/// <summary>
/// The defaults in a help text as a user would type them: the library prints the names of our enumerations, spans in the notation of the
/// platform, and defaults that are empty. A default that the library has broken into two lines stands on the second.
/// </summary>
internal static partial class HelpDefaults
{
    public static string InWords(string help) => Default().Replace(help, match => match.Groups["value"].Value switch
    {
        "" => "",
        var span when TimeSpan.TryParseExact(span, "c", CultureInfo.InvariantCulture, out var time) && span.Contains(':') =>
            $"{SpaceOf(match)}[default: {Duration.Text(time)}]",
        var word => $"{SpaceOf(match)}[default: {char.ToLowerInvariant(word[0])}{word[1..]}]",
    });

    private static string SpaceOf(Match match) =>
        match.Groups["break"].Value.Contains('\n', StringComparison.Ordinal) ? match.Groups["break"].Value : match.Groups["space"].Value;

    [GeneratedRegex(@"(?<space>\s*)\[default:(?<break>\s*)(?<value>[^\]]*)\]", RegexOptions.ExplicitCapture)]
    private static partial Regex Default();
}
