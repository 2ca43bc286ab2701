using System.Globalization;

namespace Gateway.Transport.Accepting;

/// <summary>
/// How many handles of the operating system connections may take. Without any left the runtime itself ends the process, so the front door
/// refuses connections long before.
/// </summary>
internal static class HandleLimit
{
    /// <summary>
    /// Of a link that this gateway dials: its connection, both ends of the inner one, and those by which NetMQ wakes itself.
    /// </summary>
    private const int HandlesOfLink = 10;

    /// <summary>
    /// For the store, the runtime, NetMQ and HTTP: a gateway at rest has some 215, most of them of assemblies, and more are loaded later;
    /// connections that are being refused have theirs for a moment.
    /// </summary>
    private const int Reserve = 384;

    private const string LimitsFile = "/proc/self/limits";
    private const string Row = "Max open files";

    /// <summary>The connections that one of so many endpoints may have at once, as far as the system says.</summary>
    /// <param name="endpoints">Among which they are divided.</param>
    /// <param name="links">That this gateway dials.</param>
    /// <param name="handles">Of the process; null if that is not known.</param>
    public static int ConnectionsOf(int endpoints, int links, long? handles) =>
        handles is { } limit ? (int)Math.Clamp((limit - Reserve - (HandlesOfLink * links)) / endpoints, 1, int.MaxValue) : int.MaxValue;

    /// <summary>The handles that this process may have; null where the system knows no such limit, or does not tell.</summary>
    public static long? Read() => OperatingSystem.IsLinux() && File.Exists(LimitsFile) ? Parse(FileDoor.ReadLines(LimitsFile)) : null;

    /// <param name="lines">Of /proc/self/limits: name, soft limit, hard limit and unit, in columns.</param>
    public static long? Parse(IEnumerable<string> lines)
    {
        var soft = lines.FirstOrDefault(line => line.StartsWith(Row, StringComparison.Ordinal))?[Row.Length..]
            .Split(' ', StringSplitOptions.RemoveEmptyEntries).FirstOrDefault();
        return long.TryParse(soft, NumberStyles.None, CultureInfo.InvariantCulture, out var limit) ? limit : null;
    }
}
