using System.Globalization;
using System.Net.NetworkInformation;
using Gateway.Links.Protocol;

namespace Gateway.Transport.Dialing;

/// <summary>
/// The use of this host's local ports for outgoing connections: evidence for <see cref="LinkCause.PortsExhausted"/>. A closed connection
/// keeps its local port in the state TIME_WAIT for a minute or more, so a program that connects often can exhaust the range with hardly a
/// connection open.
/// </summary>
/// <param name="InUse">Open TCP sockets; null if the system does not tell.</param>
/// <param name="TimeWait">TCP connections in TIME_WAIT.</param>
/// <param name="Range">The first and the last port that the system assigns to connections; null if it does not tell.</param>
internal sealed record LocalPorts(int? InUse, int? TimeWait, (int First, int Last)? Range)
{
    private const string SocketsPath = "/proc/net/sockstat";
    private const string RangePath = "/proc/sys/net/ipv4/ip_local_port_range";

    /// <summary>Reads the current state. Unreadable values are left out, since evidence must not fail.</summary>
    public static async Task<LocalPorts> ReadAsync()
    {
        try
        {
            return OperatingSystem.IsLinux() ? Parse(
                FileDoor.ReadText(SocketsPath), FileDoor.ReadText(RangePath)) : await ReadConnectionsAsync();
        }
        catch (Exception e) when (e is IOException
            or UnauthorizedAccessException or NetworkInformationException or PlatformNotSupportedException)
        {
            return new LocalPorts(null, null, null);
        }
    }

    /// <summary>Adds the state of this host's local ports to the evidence if they are exhausted.</summary>
    public static async Task<(LinkCause Cause, string Evidence)> AddToAsync((LinkCause Cause, string Evidence) failure) =>
        failure.Cause == LinkCause.PortsExhausted ? (failure.Cause, $"{failure.Evidence}; {await ReadAsync()}") : failure;

    /// <param name="sockets">Text in the form of /proc/net/sockstat: a line per protocol, with alternating names and numbers.</param>
    /// <param name="range">Two numbers.</param>
    public static LocalPorts Parse(string sockets, string range)
    {
        var tcp = sockets.Split('\n').FirstOrDefault(line => line.StartsWith("TCP:", StringComparison.Ordinal))
            ?.Split(' ', StringSplitOptions.RemoveEmptyEntries) ?? [];
        var ends = range.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        return new LocalPorts(
            NumberAfter(tcp, "inuse"),
            NumberAfter(tcp, "tw"),
            ends is [var first, var last] && Number(first) is { } low && Number(last) is { } high ? (low, high) : null);
    }

    public override string ToString()
    {
        var parts = new[]
        {
            InUse is { } open ? $"{open} TCP sockets are open" : null,
            TimeWait is { } waiting ? $"{waiting} are in TIME_WAIT" : null,
            Range is var (first, last) ? $"the ephemeral ports are {first} to {last}" : null,
        };
        return string.Join(", ", parts.OfType<string>());
    }

    private static async Task<LocalPorts> ReadConnectionsAsync()
    {
        var connections = IPGlobalProperties.GetIPGlobalProperties().GetActiveTcpConnections();
        var waiting = connections.Count(connection => connection.State == TcpState.TimeWait);
        return new LocalPorts(connections.Length - waiting, waiting,
            OperatingSystem.IsWindows() ? await DynamicPorts.OfWindowsAsync() : null);
    }

    private static int? NumberAfter(string[] words, string name) =>
        Array.IndexOf(words, name) is >= 0 and var at && at + 1 < words.Length ? Number(words[at + 1]) : null;

    private static int? Number(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
}
