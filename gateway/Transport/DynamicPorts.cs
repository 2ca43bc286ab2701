using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;

namespace Gateway.Transport;

/// <summary>The local ports that Windows gives to connections. Only its own tool tells them as they are; what the registry holds is not what is in force.</summary>
internal static partial class DynamicPorts
{
    private static readonly TimeSpan _limit = TimeSpan.FromSeconds(2);

    /// <summary>Looked up once: who changes the range while connections fail wants to know what it was when they did.</summary>
    private static readonly Lazy<(int First, int Last)?> _known = new(Ask);

    /// <summary>Null when the system does not tell.</summary>
    public static (int First, int Last)? OfWindows => _known.Value;

    /// <summary>Of the answer, in whatever language: two lines that end with a number, the first port and how many there are.</summary>
    public static (int First, int Last)? Parse(string answer)
    {
        var numbers = NumberAtEnd().Matches(answer).Select(match => int.Parse(match.Groups[1].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture)).ToList();
        return numbers is [> 0 and var first, > 0 and var count] && first + count - 1 <= ushort.MaxValue ? (first, first + count - 1) : null;
    }

    private static (int First, int Last)? Ask()
    {
        try
        {
            var tool = Path.Combine(Environment.SystemDirectory, "netsh.exe");
            using var asked = Process.Start(new ProcessStartInfo(tool, ["int", "ipv4", "show", "dynamicport", "tcp"]) { RedirectStandardOutput = true, UseShellExecute = false, CreateNoWindow = true });
            if (asked is null) return null;
            var answer = asked.StandardOutput.ReadToEndAsync();
            if (asked.WaitForExit(_limit) && answer.Wait(_limit)) return Parse(answer.GetAwaiter().GetResult());
            asked.Kill();
            return null;
        }
        catch (Exception e) when (e is Win32Exception or InvalidOperationException or IOException)
        {
            return null;
        }
    }

    [GeneratedRegex(@":\s*(\d{1,5})\s*$", RegexOptions.Multiline | RegexOptions.CultureInvariant)]
    private static partial Regex NumberAtEnd();
}
