using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;

namespace Gateway.Transport.Plain;

/// <summary>
/// When a process of this host began. Linux counts it from the start of the host, so that the time is right by the wall clock of today,
/// however that was set since; .NET keeps the start of the host by the clock of its own start. Windows notes the wall clock of that moment.
/// </summary>
internal static class ProcessStart
{
    private const string Processes = "/proc";

    /// <summary>The unit of the kernel's figures (USER_HZ), the same on all machines that .NET runs on.</summary>
    private const int TicksPerSecond = 100;

    /// <summary>The place of the figure among those after the name (proc_pid_stat(5), field 22).</summary>
    private const int StartField = 19;

    /// <returns>The system's figure, 0 if unknown, and the time; null if unknown.</returns>
    public static (long Began, DateTimeOffset? At) OnLinux(int process)
    {
        try
        {
            var began = TicksOf(string.Join(' ', FileDoor.ReadLines($"{Processes}/{process}/stat")));
            return (began, began == 0 ? null : At(began, FileDoor.ReadLines($"{Processes}/stat")));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return (0, null);
        }
    }

    /// <summary>Likewise. A start in the future is by a clock that was set back since, and in doubt.</summary>
    public static (long Began, DateTimeOffset? At) Of(Process process, TimeProvider time)
    {
        try
        {
            var at = new DateTimeOffset(process.StartTime);
            return (at.UtcTicks, at > time.GetUtcNow() ? null : at);
        }
        catch (Exception e) when (e is Win32Exception or InvalidOperationException or NotSupportedException)
        {
            return (0, null);
        }
    }

    /// <summary>The start out of <c>/proc/PID/stat</c>; 0 if it is not there. The name, in brackets, may hold anything.</summary>
    internal static long TicksOf(string stat)
    {
        var fields = stat[(stat.LastIndexOf(')') + 1)..].Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return fields.Length > StartField && long.TryParse(fields[StartField], CultureInfo.InvariantCulture, out var ticks) ? ticks : 0;
    }

    /// <param name="stat">The lines of <c>/proc/stat</c>, with the start of the host by the wall clock of now.</param>
    internal static DateTimeOffset? At(long ticks, IEnumerable<string> stat) =>
        stat.FirstOrDefault(line => line.StartsWith("btime ", StringComparison.Ordinal)) is { } host
        && long.TryParse(host["btime ".Length..], CultureInfo.InvariantCulture, out var seconds)
            ? DateTimeOffset.FromUnixTimeSeconds(seconds).AddSeconds(ticks / (double)TicksPerSecond) : null;
}
