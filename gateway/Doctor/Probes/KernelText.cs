using System.Globalization;

namespace Gateway.Doctor.Probes;

/// <summary>Reads the texts in which Linux tells its state. Pure; what is missing or no number is null.</summary>
internal static class KernelText
{
    private const string ListenState = "0A";

    /// <summary>The listening sockets of <c>/proc/net/tcp</c> or <c>tcp6</c>: port and inode.</summary>
    public static IEnumerable<(int Port, string Inode)> Listeners(IEnumerable<string> lines)
    {
        foreach (var line in lines.Skip(1))
        {
            // sl, local address:port, remote, state, queues, timer, retransmissions, uid, timeout, inode
            var fields = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            if (fields.Length < 10 || fields[3] != ListenState) continue;
            if (int.TryParse(fields[1].Split(':')[^1], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var port))
                yield return (port, fields[9]);
        }
    }

    /// <summary>A counter of <c>/proc/net/netstat</c>: a line of names is followed by one with their numbers.</summary>
    public static long? Counter(IReadOnlyList<string> lines, string group, string name)
    {
        var rows = lines.Where(line => line.StartsWith($"{group}:", StringComparison.Ordinal)).Select(line => line.Split(' ')).ToList();
        return rows is [var names, var numbers, ..] && Array.IndexOf(names, name) is > 0 and var at && at < numbers.Length
            ? Number(numbers[at]) : null;
    }

    /// <summary>The type of the file system that holds a path, of <c>/proc/self/mountinfo</c> (proc(5)).</summary>
    /// <param name="path">Absolute, without links.</param>
    public static string? FileSystem(IEnumerable<string> lines, string path)
    {
        (string Point, string Type)? found = null;
        foreach (var line in lines)
        {
            var (fields, more) = line.Split(" - ") is [var before, var after] ? (before.Split(' '), after.Split(' ')) : ([], []);
            if (fields.Length < 5 || more.Length == 0) continue;
            var point = Unescape(fields[4]);
            // Of several at one point, the last one lies on top.
            if (IsUnder(path, point) && point.Length >= (found?.Point.Length ?? 0)) found = (point, more[0]);
        }

        return found?.Type;
    }

    /// <summary>The bytes that <c>/proc/PID/status</c> names in kB.</summary>
    public static long? Kilobytes(IEnumerable<string> lines, string name) =>
        lines.FirstOrDefault(line => line.StartsWith($"{name}:", StringComparison.Ordinal))?[(name.Length + 1)..]
            .Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries) is [var number, ..] ? Number(number) * 1024 : null;

    /// <summary>The files that may hold the memory limit of a process, of <c>/proc/PID/cgroup</c> (cgroups(7)).</summary>
    public static IEnumerable<string> MemoryLimits(IEnumerable<string> lines)
    {
        foreach (var parts in lines.Select(line => line.Split(':', 3)).Where(parts => parts.Length == 3))
        {
            if (parts[1].Length == 0) yield return $"/sys/fs/cgroup{parts[2].TrimEnd('/')}/memory.max";
            if (parts[1].Split(',').Contains("memory"))
                yield return $"/sys/fs/cgroup/memory{parts[2].TrimEnd('/')}/memory.limit_in_bytes";
        }
    }

    /// <summary>The first of the numbers in a text.</summary>
    public static long? Number(string? text) =>
        text?.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries) is [var first, ..]
            && long.TryParse(first, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;

    /// <summary>The process that listens on a port, of the output of Windows' <c>netstat -ano -p tcp</c>, in any language.</summary>
    public static int? WindowsListener(IEnumerable<string> lines, int port) => lines
        .Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        // Protocol, local address, remote address, state, process; one that listens has no remote port.
        .Where(fields => fields is ["TCP", var local, var remote, _, _]
            && local.EndsWith(string.Create(CultureInfo.InvariantCulture, $":{port}"), StringComparison.Ordinal)
            && remote.EndsWith(":0", StringComparison.Ordinal))
        .Select(fields => (int?)Number(fields[4])).FirstOrDefault();

    private static bool IsUnder(string path, string point) =>
        point == "/" || path == point || path.StartsWith($"{point}/", StringComparison.Ordinal);

    /// <summary>Blanks and other special characters of paths are written in octal digits.</summary>
    private static string Unescape(string text) => text.Replace(@"\040", " ", StringComparison.Ordinal)
        .Replace(@"\011", "\t", StringComparison.Ordinal).Replace(@"\134", @"\", StringComparison.Ordinal);
}
