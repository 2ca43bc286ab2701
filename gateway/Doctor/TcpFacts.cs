namespace Gateway.Doctor;

/// <summary>The settings and counters of the host's TCP; null for what the system does not have, or does not tell.</summary>
internal sealed record TcpFacts
{
    /// <summary>The ports that the system assigns to outgoing connections.</summary>
    public (int First, int Last)? Range { get; init; }

    /// <summary>Outgoing connections by target; only those with a local port in the range count.</summary>
    public IReadOnlyList<PortUse> Targets { get; init; } = [];

    /// <summary>The connections that a full listen queue refused: when the doctor began, and when it ended.</summary>
    public (long Before, long After)? Overflows { get; init; }

    /// <summary>The time of silence before the first probe, and between probes (null on Windows); and their number (likewise).</summary>
    public (TimeSpan Idle, TimeSpan? Every, int? Probes)? KeepAlive { get; init; }

    /// <summary><c>net.ipv4.tcp_retries2</c>.</summary>
    public int? Retries { get; init; }

    /// <summary><c>net.ipv4.tcp_tw_reuse</c>: 0 no, 1 yes, 2 on loopback alone.</summary>
    public int? Reuse { get; init; }

    /// <summary><c>net.ipv4.tcp_tw_recycle</c>, which kernels since 4.12 do not have.</summary>
    public int? Recycle { get; init; }

    /// <summary>The connections that the firewall tracks, and how many it can.</summary>
    public (long Count, long Max)? Tracked { get; init; }

    /// <summary>The time that a closed connection keeps its port, as the registry of Windows sets it.</summary>
    public TimeSpan? TimeWait { get; init; }

    /// <summary>The system is Windows, which has no counterpart of some settings.</summary>
    public bool IsWindows { get; init; }
}

/// <summary>The use of local ports towards one target.</summary>
/// <param name="Target">Address and port.</param>
/// <param name="Used">Connections in any state.</param>
/// <param name="TimeWait">Of these, closed ones that keep their port.</param>
internal sealed record PortUse(string Target, int Used, int TimeWait);
