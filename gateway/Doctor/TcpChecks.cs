using Gateway.Links.Protocol;

namespace Gateway.Doctor;

/// <summary>Judges the host's TCP. Pure.</summary>
internal static class TcpChecks
{
    /// <summary>Old versions of Windows had this many; fewer are a mistake.</summary>
    private const int PortsMin = 3900;

    private const double NearlyFull = 0.8;
    private const double Half = 0.5;

    /// <summary>Fewer retransmissions give a connection up within some ten seconds of loss.</summary>
    private const int RetriesMin = 5;
    private const int RetriesMax = 15;

    private const int TargetsShown = 3;

    public static IEnumerable<DoctorFinding> Of(TcpFacts tcp, IReadOnlyList<int> ownPorts, TimeSpan heartbeat, SeenErrors seen)
    {
        yield return seen.Relate(EphemeralPorts(tcp, ownPorts), LinkCause.PortsExhausted);
        yield return seen.Relate(TimeWait(tcp), LinkCause.PortsExhausted);
        if (tcp.Overflows is { } overflows) yield return seen.Relate(Backlog(overflows), LinkCause.ConnectTimeout, LinkCause.PeerSilent);
        yield return seen.Relate(KeepAlive(tcp, heartbeat), LinkCause.IdleCut, LinkCause.HalfOpen);
        if (tcp.IsWindows) yield break;
        if (tcp.Retries is { } retries) yield return seen.Relate(Retransmissions(retries), LinkCause.HalfOpen, LinkCause.ResetByPeer);
        if (tcp.Reuse is { } reuse)
            yield return seen.Relate(PortReuse(reuse, tcp.Recycle), LinkCause.PortsExhausted, LinkCause.ConnectTimeout);
        yield return seen.Relate(
            Tracking(tcp.Tracked), LinkCause.ConnectTimeout, LinkCause.HalfOpen, LinkCause.IdleCut, LinkCause.ResetByPeer);
    }

    public static DoctorFinding EphemeralPorts(TcpFacts tcp, IReadOnlyList<int> ownPorts)
    {
        if (tcp.Range is not var (first, last)) return new DoctorFinding(FindingIds.EphemeralPorts, Verdict.Unknown,
            "the system does not tell the range of ephemeral ports");
        var size = last - first + 1;
        var busiest = tcp.Targets.MaxBy(target => target.Used);
        var finding = new DoctorFinding(FindingIds.EphemeralPorts, Verdict.Ok, $"{first} to {last}, {Figures.Counted(size, "port")}; "
            + (busiest is null ? "none is in use" : $"most are used towards {busiest.Target}: {Figures.Count(busiest.Used)}"))
        { Meaning = "Each outgoing connection takes one for each target; a closed one keeps it for a minute or more." };
        if (busiest is not null && busiest.Used >= size * NearlyFull)
        {
            return finding with
            {
                Verdict = Verdict.Fault,
                Meaning = "The range is used up: programs of this host cannot connect to this target, and get EADDRNOTAVAIL or 10048.",
                Advice = $"Close the programs that hold so many connections, or widen the range ({Widen(tcp)}).",
            };
        }

        if (size < PortsMin) return finding with
        {
            Verdict = Verdict.Warning,
            Meaning = "The range is so small that a program that connects often uses it up.",
            Advice = $"Widen the range ({Widen(tcp)}).",
        };
        return ownPorts.Where(port => port >= first && port <= last).ToList() is { Count: > 0 } inside ? finding with
        {
            Verdict = Verdict.Warning,
            Measured = $"{first} to {last}, with the gateway's own {string.Join(", ", inside)}",
            Meaning = "While the gateway is stopped, the system may give its port to an outgoing connection of another program; the "
                + "gateway then cannot start.",
            Advice = tcp.IsWindows ? "Exclude the port with 'netsh int ipv4 add excludedportrange'."
                : "Add the port to net.ipv4.ip_local_reserved_ports, or listen below the range.",
        } : finding;
    }

    public static DoctorFinding TimeWait(TcpFacts tcp)
    {
        var all = tcp.Targets.Sum(target => target.TimeWait);
        var most = tcp.Targets.Where(target => target.TimeWait > 0).OrderByDescending(target => target.TimeWait).ToList();
        var finding = new DoctorFinding(FindingIds.TimeWait, Verdict.Ok, $"{Figures.Counted(all, "closed connection")} in TIME_WAIT"
            + (most.Count == 0 ? "" : ": " + string.Join(
                ", ", most.Take(TargetsShown).Select(target => $"{Figures.Count(target.TimeWait)} to {target.Target}")))
            + (tcp.TimeWait is { } kept ? $"; each stays for {Figures.Span(kept)} (TcpTimedWaitDelay)" : ""));
        return tcp.Range is not var (first, last) || most.Count == 0 || most[0].TimeWait < (last - first + 1) * Half ? finding
            : finding with
            {
                Verdict = Verdict.Warning,
                Meaning = "A program connects to this target again and again instead of keeping a connection; each try keeps a port.",
                Advice = "Find it ('ss -tanp' shows who connects there), and let it keep its connection.",
            };
    }

    public static DoctorFinding Backlog((long Before, long After) overflows)
    {
        var finding = new DoctorFinding(FindingIds.Backlog, Verdict.Ok, overflows.After == 0
            ? "no connection was dropped from a full listen queue since the host's start"
            : $"{Figures.Counted(overflows.After, "connection")} dropped from full listen queues since the host's start, none just now");
        return overflows.After <= overflows.Before ? finding : finding with
        {
            Verdict = Verdict.Warning,
            Measured = $"{Figures.Counted(overflows.After - overflows.Before, "connection")} dropped from full listen queues just now",
            Meaning = "A program of this host accepts connections too slowly; whoever connects waits, or times out.",
            Advice = "Find it: 'ss -ltn' shows a Recv-Q near its Send-Q.",
        };
    }

    public static DoctorFinding KeepAlive(TcpFacts tcp, TimeSpan heartbeat) => tcp.KeepAlive is not var (idle, every, probes)
        ? new DoctorFinding(FindingIds.KeepAlive, Verdict.Unknown, "the system does not tell its keep-alive settings")
        : new DoctorFinding(FindingIds.KeepAlive, Verdict.Ok, $"first probe after {Figures.Span(idle)}"
            + (every is { } pause ? $", then every {Figures.Span(pause)}, {Figures.Times(probes ?? 0)}" : "")
            + $"; links ask for a sign of life every {Figures.Span(heartbeat)} themselves")
        {
            Meaning = "The gateway does not rely on keep-alive. Programs that do notice a dead connection only after this time.",
        };

    public static DoctorFinding Retransmissions(int retries)
    {
        var finding = new DoctorFinding(FindingIds.Retransmissions, Verdict.Ok, $"tcp_retries2 is {retries}")
        { Meaning = "So often the system repeats unacknowledged bytes before it gives a connection up." };
        if (retries < RetriesMin) return finding with
        {
            Verdict = Verdict.Warning,
            Meaning = "A few seconds of packet loss end every connection of this host.",
            Advice = "Set net.ipv4.tcp_retries2 to 8 or more.",
        };
        return retries <= RetriesMax ? finding : finding with
        {
            Verdict = Verdict.Warning,
            Meaning = "Programs without a limit of their own wait for an unreachable peer for more than a quarter of an hour.",
            Advice = "Set net.ipv4.tcp_retries2 to 15 or less.",
        };
    }

    public static DoctorFinding PortReuse(int reuse, int? recycle) => recycle is > 0
        ? new DoctorFinding(FindingIds.PortReuse, Verdict.Fault, "tcp_tw_recycle is on")
        {
            Meaning = "It drops connections from hosts behind a common address (NAT), at random.",
            Advice = "Set net.ipv4.tcp_tw_recycle to 0.",
        }
        : new DoctorFinding(FindingIds.PortReuse, Verdict.Ok, $"tcp_tw_reuse is {reuse} "
            + $"({reuse switch { 0 => "ports in TIME_WAIT stay", 1 => "ports in TIME_WAIT are used again", _ => "on loopback alone" }})");

    public static DoctorFinding Tracking((long Count, long Max)? tracked)
    {
        if (tracked is not var (count, most)) return new DoctorFinding(FindingIds.ConnectionTracking, Verdict.Ok,
            "the firewall here tracks no connections");
        var finding = new DoctorFinding(FindingIds.ConnectionTracking, Verdict.Ok,
            $"{Figures.Count(count)} of {Figures.Counted(most, "connection")} tracked");
        return most == 0 || count < most * NearlyFull ? finding : finding with
        {
            Verdict = count >= most ? Verdict.Fault : Verdict.Warning,
            Meaning = "When the table is full, the firewall drops new connections without an answer.",
            Advice = "Raise net.netfilter.nf_conntrack_max, or find the programs that connect so often.",
        };
    }

    private static string Widen(TcpFacts tcp) => tcp.IsWindows
        ? "netsh int ipv4 set dynamicport tcp start=49152 num=16384" : "sysctl net.ipv4.ip_local_port_range='32768 60999'";
}
