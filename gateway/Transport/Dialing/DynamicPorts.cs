using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;

namespace Gateway.Transport.Dialing;

/// <summary>
/// The local ports that Windows gives to connections. Only its own tool tells them as they are; what the registry holds is not what is in
/// force.
/// </summary>
internal static partial class DynamicPorts
{
    private static readonly TimeSpan _limit = TimeSpan.FromSeconds(2);

    /// <summary>
    /// Looked up once, for all who ask: who changes the range while connections fail wants to know what it was when they did.
    /// </summary>
    private static readonly Lazy<Task<(int First, int Last)?>> _known = new(() =>
        AskAsync(Path.Combine(Environment.SystemDirectory, "netsh.exe"), ["int", "ipv4", "show", "dynamicport", "tcp"], _limit));

    /// <summary>Null when the system does not tell. Holds up no thread, however many links ask.</summary>
    public static Task<(int First, int Last)?> OfWindowsAsync() => _known.Value;

    /// <summary>Of the answer, in whatever language: two lines that end with a number, the first port and how many there are.</summary>
    public static (int First, int Last)? Parse(string answer)
    {
        var numbers = NumberAtEnd().Matches(
            answer).Select(match => int.Parse(match.Groups[1].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture)).ToList();
        return numbers is [> 0 and var first, > 0 and var count]
            && first + count - 1 <= ushort.MaxValue ? (first, first + count - 1) : null;
    }

    /// <summary>What a tool tells. One limit holds for all of it: its start, its end, and the reading of its answer.</summary>
    internal static async Task<(int First, int Last)?> AskAsync(string tool, IReadOnlyList<string> arguments, TimeSpan limit)
    {
        try
        {
            using var asked = Process.Start(new ProcessStartInfo(tool, arguments)
            { RedirectStandardOutput = true, UseShellExecute = false, CreateNoWindow = true });
            return asked is null ? null : await ReadAsync(asked, limit);
        }
        catch (Exception e) when (e is Win32Exception or InvalidOperationException or IOException)
        {
            return null;
        }
    }

    private static async Task<(int First, int Last)?> ReadAsync(Process asked, TimeSpan limit)
    {
        using var late = new CancellationTokenSource(limit, TimeProvider.System);
        try
        {
            var answer = await asked.StandardOutput.ReadToEndAsync(late.Token);
            await asked.WaitForExitAsync(late.Token);
            return Parse(answer);
        }
        catch (OperationCanceledException)
        {
            asked.Kill();
            return null;
        }
    }

    [GeneratedRegex(@":\s*(\d{1,5})\s*$", RegexOptions.Multiline | RegexOptions.CultureInvariant)]
    private static partial Regex NumberAtEnd();
}
