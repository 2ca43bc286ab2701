using System.Globalization;
using System.Text.RegularExpressions;

namespace Gateway.Tests.Crash;

/// <summary>
/// The flushes of a gateway as strace saw them: when each began and when it ended, by the clock of the machine. Each is held up before it
/// reaches the disk, so that a confirmation that does not wait for it comes clearly too early.
/// </summary>
internal sealed partial class FlushTrace(string path)
{
    private const int DelayMicroseconds = 200_000;

    /// <summary>To start a gateway under, so that its flushes are slow and traced.</summary>
    public string[] Slowly => Under($"delay_enter={DelayMicroseconds}");

    /// <summary>To start a gateway under, so that all its flushes fail after the first so many.</summary>
    public string[] FailingAfter(int flushes) => Under($"error=EIO:when={flushes + 1}+");

    /// <summary>The flushes of the log, in order. To be asked when the gateway has ended.</summary>
    public IReadOnlyList<Flush> OfTheLog()
    {
        var flushes = new List<Flush>();
        var begun = new Dictionary<string, decimal>();
        foreach (var match in File.ReadLines(path).Select(line => Line().Match(line)).Where(match => match.Success))
        {
            var thread = match.Groups["thread"].Value;
            if (match.Groups["file"] is { Success: true } file
                && file.Value.EndsWith("/groups-0000000000000000001.log", StringComparison.Ordinal))
                begun[thread] = Number(match.Groups["at"]);
            if (match.Groups["took"] is { Success: true } took && begun.Remove(thread, out var begin))
                flushes.Add(new Flush(At(begin), At(begin + Number(took))));
        }

        return flushes;
    }

    /// <summary>-D: the gateway is the child of the test, strace looks on from beside.</summary>
    private string[] Under(string fault) =>
        [Tool.Strace, "-D", "-f", "--seccomp-bpf", "-qq", "-ttt", "-T", "-y", "-o", path, "-e", "trace=fsync,fdatasync", "-e",
            $"inject=fsync,fdatasync:{fault}"];

    private static decimal Number(Group group) => decimal.Parse(group.Value, CultureInfo.InvariantCulture);

    private static DateTimeOffset At(decimal unixSeconds) =>
        DateTimeOffset.UnixEpoch.AddTicks((long)(unixSeconds * TimeSpan.TicksPerSecond));

    /// <summary>A whole call, or its first or second half when strace saw another thread's in between.</summary>
    [GeneratedRegex(
        @"^(?<thread>\d+) +(?<at>\d+\.\d+) (f(data)?sync\(\d+<(?<file>[^>]*)>|<\.\.\. f(data)?sync resumed).*?(<(?<took>\d+\.\d+)>)?$")]
    private static partial Regex Line();

    internal readonly record struct Flush(DateTimeOffset Begin, DateTimeOffset End);
}
