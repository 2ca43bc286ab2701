using System.Globalization;

namespace Gateway.Transport.Accepting;

/// <summary>
/// The number of operating-system handles that connections may take. Without a free handle the runtime itself ends the process, so the
/// front door refuses connections long before.
/// </summary>
internal static class HandleLimit
{
    /// <summary>
    /// The handles of one dialed link: its connection, both ends of the inner connection, and those by which NetMQ wakes itself.
    /// </summary>
    private const int HandlesOfLink = 10;

    /// <summary>
    /// The handles reserved for the store, the runtime, NetMQ and HTTP. An idle gateway has some 215, most of them for assemblies, and more
    /// are loaded later; a connection being refused takes one for a moment.
    /// </summary>
    private const int Reserve = 384;

    private const string LimitsFile = "/proc/self/limits";
    private const string Row = "Max open files";

    /// <summary>The connections that each endpoint may have open at once, as far as the system tells.</summary>
    /// <param name="endpoints">The number of endpoints that share the handles.</param>
    /// <param name="links">The number of links that this gateway dials.</param>
    /// <param name="handles">The handle limit of the process; null if unknown.</param>
    public static int ConnectionsOf(int endpoints, int links, long? handles) =>
        handles is { } limit ? (int)Math.Clamp((limit - Reserve - (HandlesOfLink * links)) / endpoints, 1, int.MaxValue) : int.MaxValue;

    /// <summary>The handle limit of this process; null if the system has none or does not tell.</summary>
    public static long? Read() => OperatingSystem.IsLinux() && File.Exists(LimitsFile) ? Parse(FileDoor.ReadLines(LimitsFile)) : null;

    /// <param name="lines">The lines of /proc/self/limits: name, soft limit, hard limit and unit, in columns.</param>
    public static long? Parse(IEnumerable<string> lines)
    {
        var soft = lines.FirstOrDefault(line => line.StartsWith(Row, StringComparison.Ordinal))?[Row.Length..]
            .Split(' ', StringSplitOptions.RemoveEmptyEntries).FirstOrDefault();
        return long.TryParse(soft, NumberStyles.None, CultureInfo.InvariantCulture, out var limit) ? limit : null;
    }
}
