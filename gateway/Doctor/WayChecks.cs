using System.Net.Sockets;
using Gateway.Links.Causes;
using Gateway.Links.Protocol;

namespace Gateway.Doctor;

/// <summary>Judges the way to a peer, from the name to the greeting. Pure.</summary>
internal static class WayChecks
{
    /// <summary>A resolver that takes longer delays each new connection.</summary>
    private static readonly TimeSpan _slowName = TimeSpan.FromSeconds(1);

    /// <summary>What every line of IPv6 carries; less is a tunnel, or a mistake.</summary>
    private const int PacketBytesMin = 1280;

    /// <param name="ways">To each place that the configuration names for the peer.</param>
    public static IEnumerable<DoctorFinding> Of(IReadOnlyList<WayFacts> ways, string peer)
    {
        var isReached = ways.Any(way => way.Addresses.Any(address => address.Connected is not null));
        return ways.SelectMany(way => Of(way, peer, ways.Count == 1 ? peer : $"{peer} at {way.Host}:{way.Port}", isReached));
    }

    private static IEnumerable<DoctorFinding> Of(WayFacts way, string peer, string place, bool isReached)
    {
        yield return Name(way) with { About = place };
        foreach (var address in way.Addresses)
        {
            yield return Connect(address, isReached) with { About = address.Address };
            if (address.Tls is { } tls) yield return Tls(tls, peer) with { About = address.Address };
            if (address.Greeting is { } greeting) yield return Greeting(greeting) with { About = address.Address };
        }

        if (way.Addresses.FirstOrDefault(address => address.Greeting is { Cause: LinkCause.None }) is not { } reached) yield break;
        yield return RoundTrip(reached) with { About = place };
        yield return PacketSize(reached) with { About = place };
    }

    public static DoctorFinding Name(WayFacts way)
    {
        var finding = new DoctorFinding(FindingIds.Name, Verdict.Ok, way.IsName
            ? $"{way.Host}: {string.Join("; ", way.Names.Select(Describe))}" : $"{way.Host} is an address, and needs no name service");
        if (!way.IsName) return finding;
        if (way.Names.All(answer => answer.Addresses.Count == 0)) return finding with
        {
            Verdict = Verdict.Fault,
            Meaning = "The name leads nowhere: no connection can be made.",
            Advice = "Correct the host name in Peers, or its entry in the name service or the hosts file.",
        };
        return way.Names.All(answer => answer.After < _slowName) ? finding : finding with
        {
            Verdict = Verdict.Warning,
            Meaning = "Each attempt to connect waits for the name service.",
            Advice = "Check the name servers of this host (/etc/resolv.conf); one that does not answer is asked first each time.",
        };
    }

    /// <param name="isReached">Another address of the peer, or this one, was reached.</param>
    public static DoctorFinding Connect(AddressFacts address, bool isReached) => address.Connected is { } after
        ? new DoctorFinding(FindingIds.Connect, Verdict.Ok, $"TCP within {Text(after)}")
        : new DoctorFinding(FindingIds.Connect, isReached ? Verdict.Warning : Verdict.Fault, address.Error)
        {
            Meaning = isReached ? "The gateway tries the addresses in turn, and uses another one." : MeaningOf(address.Cause),
            Advice = LinkAdvice.For(address.Cause),
        };

    public static DoctorFinding Tls(TlsFacts tls, string peer) => tls.Fault.Length == 0
        ? new DoctorFinding(FindingIds.Tls, Verdict.Ok, $"secured within {Text(tls.After)}; {tls.Names}")
        : new DoctorFinding(FindingIds.Tls, Verdict.Fault, tls.Fault.TrimEnd('.'))
        {
            Meaning = $"The two sides do not agree on TLS, or the certificate is not one for {peer}.",
            Advice = LinkAdvice.For(LinkCause.TlsFailed),
        };

    public static DoctorFinding Greeting(GreetingFacts greeting) => greeting.Cause == LinkCause.None
        ? new DoctorFinding(FindingIds.Greeting, Verdict.Ok, $"ZMTP answered as a gateway does, within {Text(greeting.After)}")
        {
            Meaning = "The doctor says no hello: a second hello in this gateway's name would displace its own link.",
        }
        : new DoctorFinding(FindingIds.Greeting, Verdict.Fault, greeting.Fault)
        {
            Meaning = "The network lets the connection pass; what took it does not answer as a gateway does.",
            Advice = LinkAdvice.ForUnanswered(greeting.Cause),
        };

    public static DoctorFinding RoundTrip(AddressFacts address) => address.Path is not var (_, trip)
        ? new DoctorFinding(FindingIds.RoundTrip, Verdict.Ok, $"{Text(address.Greeting!.After)} between the programs")
        : new DoctorFinding(FindingIds.RoundTrip, Verdict.Ok, $"{Text(trip)} between the systems of the hosts");

    public static DoctorFinding PacketSize(AddressFacts address)
    {
        if (address.Path is not var (bytes, _)) return new DoctorFinding(
            FindingIds.PacketSize, Verdict.Unknown, "the system does not tell the largest packet of a connection");
        var finding = new DoctorFinding(
            FindingIds.PacketSize, Verdict.Ok, $"the system sends packets of up to {Figures.Count(bytes)} bytes on this way")
        { Meaning = "Whether packets of that size arrive is measured by message-size." };
        return bytes >= PacketBytesMin ? finding : finding with
        {
            Verdict = Verdict.Warning,
            Meaning = "An interface on the way has a small MTU, as of a tunnel; where ICMP is filtered, larger packets get lost.",
            Advice = "Compare the MTU of the interfaces on both hosts ('ip link').",
        };
    }

    private static string MeaningOf(LinkCause cause) => cause switch
    {
        LinkCause.Refused => "The host answers, and nothing listens on this port.",
        LinkCause.ConnectTimeout => "Nothing comes back: a firewall drops the packets, or the host is off.",
        LinkCause.Unreachable => "The network has no way to this address.",
        LinkCause.PortsExhausted => "This host has no local port left for a connection to it.",
        LinkCause.LocalPolicy => "This host itself forbids the connection.",
        _ => "",
    };

    private static string Describe(NameAnswer answer) =>
        $"{(answer.Family == AddressFamily.InterNetworkV6 ? "IPv6" : "IPv4")} "
            + (answer.Error.Length > 0 ? answer.Error : string.Join(", ", answer.Addresses)) + $" ({Text(answer.After)})";

    public static string Text(TimeSpan span) => span.TotalMilliseconds < 1 ? $"{Figures.Count((long)span.TotalMicroseconds)} µs"
        : Figures.Span(span);
}
