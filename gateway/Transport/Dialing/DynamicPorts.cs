using System.Globalization;
using System.Text.RegularExpressions;

namespace Gateway.Transport.Dialing;

/// <summary>The local ports that Windows assigns to connections. Only netsh reports the range in force; the registry does not.</summary>
internal static partial class DynamicPorts
{
    private static readonly TimeSpan _limit = TimeSpan.FromSeconds(2);

    /// <summary>
    /// Looked up once for all callers: an operator who changes the range while connections fail needs to know the range at the time of the
    /// failure.
    /// </summary>
    private static readonly Lazy<Task<(int First, int Last)?>> _known = new(() =>
        AskAsync(Path.Combine(Environment.SystemDirectory, "netsh.exe"), ["int", "ipv4", "show", "dynamicport", "tcp"], _limit));

    /// <summary>The first and the last port; null if the system does not tell. Blocks no thread, however many links ask.</summary>
    public static Task<(int First, int Last)?> OfWindowsAsync() => _known.Value;

    /// <summary>Parses the output in any language: two lines end with a number, the first port and the count of ports.</summary>
    public static (int First, int Last)? Parse(string answer)
    {
        var numbers = NumberAtEnd().Matches(
            answer).Select(match => int.Parse(match.Groups[1].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture)).ToList();
        return numbers is [> 0 and var first, > 0 and var count]
            && first + count - 1 <= ushort.MaxValue ? (first, first + count - 1) : null;
    }

    /// <summary>Asks a tool for the range. The limit covers its start, its run and the reading of its output.</summary>
    internal static async Task<(int First, int Last)?> AskAsync(string tool, IReadOnlyList<string> arguments, TimeSpan limit) =>
        await SystemTool.OutputAsync(tool, arguments, limit) is { } answer ? Parse(answer) : null;

    [GeneratedRegex(@":\s*(\d{1,5})\s*$", RegexOptions.Multiline | RegexOptions.CultureInvariant)]
    private static partial Regex NumberAtEnd();
}
