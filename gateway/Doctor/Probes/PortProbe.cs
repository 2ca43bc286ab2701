using System.ComponentModel;
using System.Diagnostics;
using System.Net.NetworkInformation;

namespace Gateway.Doctor.Probes;

/// <summary>Finds the processes that listen on ports of this host.</summary>
internal static class PortProbe
{
    private const string ProcessFolder = "/proc";

    private static readonly TimeSpan _limit = TimeSpan.FromSeconds(5);

    /// <param name="ports">The keys of the configuration, each with its port.</param>
    public static async Task<IReadOnlyList<PortFacts>> ReadAsync(IReadOnlyList<(string Endpoint, int Port)> ports)
    {
        var listening = IPGlobalProperties.GetIPGlobalProperties().GetActiveTcpListeners().Select(end => end.Port).ToHashSet();
        var holders = OperatingSystem.IsLinux() ? OnLinux([.. ports.Select(port => port.Port)])
            : OperatingSystem.IsWindows() ? await OnWindowsAsync(ports.Select(port => port.Port)) : [];
        return [.. ports.Select(port => new PortFacts(port.Endpoint, port.Port, listening.Contains(port.Port),
            holders.TryGetValue(port.Port, out var process) ? Describe(process) : null))];
    }

    /// <summary>A socket is known by its inode, and its process by the link to it among the process's handles.</summary>
    private static Dictionary<int, int> OnLinux(HashSet<int> ports)
    {
        var sockets = KernelText.Listeners(QuietFile.Lines("/proc/net/tcp")).Concat(KernelText.Listeners(QuietFile.Lines("/proc/net/tcp6")))
            .Where(listener => ports.Contains(listener.Port))
            .GroupBy(listener => $"socket:[{listener.Inode}]", listener => listener.Port)
            .ToDictionary(group => group.Key, group => group.First());
        var holders = new Dictionary<int, int>();
        foreach (var folder in Directory.EnumerateDirectories(ProcessFolder))
        {
            if (sockets.Count == holders.Count) break;
            if (!int.TryParse(Path.GetFileName(folder), out var process)) continue;
            foreach (var handle in QuietFile.Try(() => Directory.GetFiles(Path.Combine(folder, "fd"))) ?? [])
            {
                var target = QuietFile.Try(() => new FileInfo(handle).LinkTarget ?? "");
                if (target is not null && sockets.TryGetValue(target, out var port)) holders.TryAdd(port, process);
            }
        }

        return holders;
    }

    private static async Task<Dictionary<int, int>> OnWindowsAsync(IEnumerable<int> ports)
    {
        var tool = Path.Combine(Environment.SystemDirectory, "netstat.exe");
        var lines = (await SystemTool.OutputAsync(tool, ["-ano", "-p", "tcp"], _limit) ?? "").Split('\n');
        return ports.Select(port => (Port: port, Process: KernelText.WindowsListener(lines, port)))
            .Where(found => found.Process is not null).ToDictionary(found => found.Port, found => found.Process!.Value);
    }

    private static PortHolder? Describe(int id)
    {
        try
        {
            using var process = Process.GetProcessById(id);
            var command = (QuietFile.Text($"{ProcessFolder}/{id}/cmdline") ?? "").Replace('\0', ' ').Trim();
            return new PortHolder(id, process.ProcessName, command, Since(process));
        }
        catch (ArgumentException)
        {
            // It has ended meanwhile.
            return null;
        }
    }

    private static DateTimeOffset? Since(Process process)
    {
        try
        {
            return process.StartTime;
        }
        catch (Exception refused) when (refused is Win32Exception or InvalidOperationException)
        {
            return null;
        }
    }
}
