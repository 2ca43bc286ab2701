using System.Net.NetworkInformation;
using System.Runtime.Versioning;
using Gateway.Transport;
using Gateway.Transport.Dialing;
using Microsoft.Win32;

namespace Gateway.Doctor.Probes;

/// <summary>Reads the settings and counters of the host's TCP.</summary>
internal static class TcpProbe
{
    private const string Settings = "/proc/sys/net/ipv4";
    private const string Tracking = "/proc/sys/net/netfilter/nf_conntrack";
    private const string Parameters = @"SYSTEM\CurrentControlSet\Services\Tcpip\Parameters";

    /// <summary>The connections dropped from full listen queues since the host's start; null if the system does not tell.</summary>
    public static long? Overflows() =>
        KernelText.Counter(QuietFile.Lines("/proc/net/netstat"), "TcpExt", "ListenOverflows");

    /// <param name="overflowsBefore">Of the beginning.</param>
    public static async Task<TcpFacts> ReadAsync(long? overflowsBefore)
    {
        var ports = await LocalPorts.ReadAsync();
        var facts = new TcpFacts { Range = ports.Range, Targets = TargetsOf(ports.Range) };
        if (OperatingSystem.IsWindows()) return OnWindows(facts);
        return facts with
        {
            Overflows = overflowsBefore is { } before && Overflows() is { } after ? (before, after) : null,
            KeepAlive = Seconds("tcp_keepalive_time") is { } idle
                ? (idle, Seconds("tcp_keepalive_intvl"), (int?)QuietFile.Number($"{Settings}/tcp_keepalive_probes")) : null,
            Retries = (int?)QuietFile.Number($"{Settings}/tcp_retries2"),
            Reuse = (int?)QuietFile.Number($"{Settings}/tcp_tw_reuse"),
            Recycle = (int?)QuietFile.Number($"{Settings}/tcp_tw_recycle"),
            Tracked = QuietFile.Number($"{Tracking}_count") is { } count && QuietFile.Number($"{Tracking}_max") is { } most
                ? (count, most) : null,
        };
    }

    private static List<PortUse> TargetsOf((int First, int Last)? range)
    {
        if (range is not var (first, last)) return [];
        try
        {
            return [.. IPGlobalProperties.GetIPGlobalProperties().GetActiveTcpConnections()
                .Where(connection => connection.LocalEndPoint.Port >= first && connection.LocalEndPoint.Port <= last)
                .GroupBy(connection => HostPort.Of(connection.RemoteEndPoint))
                .Select(group => new PortUse(group.Key, group.Count(),
                    group.Count(connection => connection.State == TcpState.TimeWait)))];
        }
        catch (Exception refused) when (refused is NetworkInformationException or PlatformNotSupportedException)
        {
            return [];
        }
    }

    /// <summary>The values are absent until somebody sets them; then Windows has its own.</summary>
    [SupportedOSPlatform("windows")]
    private static TcpFacts OnWindows(TcpFacts facts)
    {
        using var key = Registry.LocalMachine.OpenSubKey(Parameters);
        var idle = key?.GetValue("KeepAliveTime") is int milliseconds ? TimeSpan.FromMilliseconds(milliseconds) : TimeSpan.FromHours(2);
        // Since Vista the range of netsh counts; older versions, and some programs' installers, set its end here.
        var range = facts.Range ?? (key?.GetValue("MaxUserPort") is int last ? (1025, last) : null);
        return facts with
        {
            IsWindows = true,
            Range = range,
            KeepAlive = (idle, null, null),
            TimeWait = key?.GetValue("TcpTimedWaitDelay") is int seconds ? TimeSpan.FromSeconds(seconds) : null,
        };
    }

    private static TimeSpan? Seconds(string setting) =>
        QuietFile.Number($"{Settings}/{setting}") is { } seconds ? TimeSpan.FromSeconds(seconds) : null;
}
