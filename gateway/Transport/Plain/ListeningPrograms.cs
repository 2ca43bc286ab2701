using System.Diagnostics;
using System.Net;
using System.Net.NetworkInformation;
using Gateway.Tcp.Outlets;

namespace Gateway.Transport.Plain;

/// <summary>
/// Finds the program that listens on a port of this host. A look reads the system's tables, and may take long on a host with many
/// processes: it is made off the loop.
/// </summary>
internal static class ListeningPrograms
{
    private const string Processes = "/proc";

    /// <summary>Null if none listens, if the address is another host's, or if the system does not tell.</summary>
    /// <param name="known">The program found before, which is looked at first.</param>
    public static TargetProgram? Find(IPEndPoint target, TargetProgram? known, TimeProvider time)
    {
        try
        {
            if (!IsHere(target.Address)) return null;
            if (OperatingSystem.IsLinux()) return OnLinux(target, known, time);
            return OperatingSystem.IsWindows() && WindowsListeners.ProcessOf(target) is { } process
                ? Describe($"pid {process}", process, time) : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or NetworkInformationException)
        {
            return null;
        }
    }

    /// <summary>A connection of this host that its program has not accepted; false if the system does not tell.</summary>
    public static bool IsUnaccepted(IPEndPoint target, IPEndPoint own)
    {
        if (!OperatingSystem.IsLinux()) return false;
        try
        {
            return Sockets().Any(socket => socket.Local.Equals(target) && socket.Remote.Equals(own) && socket.Inode == "0");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    /// <summary>Whether an address is one of this host.</summary>
    public static bool IsHere(IPAddress address) => IPAddress.IsLoopback(address) || NetworkInterface.GetAllNetworkInterfaces()
        .Any(card => card.GetIPProperties().UnicastAddresses.Any(own => HostPort.Plain(own.Address).Equals(HostPort.Plain(address))));

    private static TargetProgram? OnLinux(IPEndPoint target, TargetProgram? known, TimeProvider time)
    {
        var listener = Sockets()
            .Where(socket => socket.IsListening && socket.Local.Port == target.Port && Takes(socket.Local.Address, target.Address))
            .OrderBy(socket => IsAny(socket.Local.Address)).FirstOrDefault();
        if (listener is null) return null;
        var link = $"socket:[{listener.Inode}]";
        var holder = known?.ProcessId is { } before && Holds(before, link) ? before : HolderOf(link);
        return (holder > 0 ? Describe(listener.Inode, holder, time) : new TargetProgram(listener.Inode, null, null, null))
            with
        { Unaccepted = listener.Waiting };
    }

    /// <summary>The youngest process that holds the socket, which may have it from another; 0 for none.</summary>
    private static int HolderOf(string link) => Directory.EnumerateDirectories(Processes)
        .Select(folder => int.TryParse(Path.GetFileName(folder), out var process) ? process : 0)
        .Where(process => process > 0).OrderByDescending(process => process).FirstOrDefault(process => Holds(process, link));

    private static IEnumerable<KernelSocket> Sockets() => KernelSocket.Parse(FileDoor.ReadLines("/proc/net/tcp"))
        .Concat(File.Exists("/proc/net/tcp6") ? KernelSocket.Parse(FileDoor.ReadLines("/proc/net/tcp6")) : []);

    private static bool Takes(IPAddress listening, IPAddress target) =>
        IsAny(listening) || HostPort.Plain(listening).Equals(HostPort.Plain(target));

    private static bool IsAny(IPAddress address) => address.Equals(IPAddress.Any) || address.Equals(IPAddress.IPv6Any);

    private static bool Holds(int process, string link)
    {
        try
        {
            return Directory.EnumerateFiles($"{Processes}/{process}/fd").Any(handle => LinkOf(handle) == link);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // It has ended, or belongs to another user.
            return false;
        }
    }

    private static string? LinkOf(string handle)
    {
        try
        {
            return new FileInfo(handle).LinkTarget;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private static TargetProgram Describe(string socket, int id, TimeProvider time)
    {
        try
        {
            using var process = Process.GetProcessById(id);
            var (began, started) = OperatingSystem.IsLinux() ? ProcessStart.OnLinux(id) : ProcessStart.Of(process, time);
            return new TargetProgram(socket, id, process.ProcessName, started) { Began = began };
        }
        catch (Exception e) when (e is ArgumentException or InvalidOperationException)
        {
            // It has ended meanwhile.
            return new TargetProgram(socket, id, null, null);
        }
    }
}
