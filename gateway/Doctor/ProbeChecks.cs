using Gateway.Links.Causes;
using Gateway.Links.Protocol;

namespace Gateway.Doctor;

/// <summary>Judges what was measured over probes, and compares both sides' views of their links. Pure.</summary>
internal static class ProbeChecks
{
    /// <param name="heartbeat">The time after which a link asks for a sign of life.</param>
    /// <param name="own">This gateway's link to the peer; null if it is unknown.</param>
    public static IEnumerable<DoctorFinding> Of(ProbeFacts facts, string peer, TimeSpan heartbeat, LinkPast? own)
    {
        yield return Probe(facts, peer);
        if (facts.Answer is not { } answer) yield break;
        if (own is not null) yield return Views(answer, own, peer);
        if (facts.Back is { } back) yield return DialBack(back, peer);
        if (facts.Idle is { } idle) yield return Echo(idle, facts.Loaded, peer);
        if (facts.To is { } to) yield return MessageSize(to, $"to {peer}");
        if (facts.From is { } from) yield return MessageSize(from, $"from {peer}");
        if (facts.Bandwidth is var (sent, received)) yield return Bandwidth(sent, received, peer);
        if (facts.Silence is { } silence) yield return Silence(silence, peer, heartbeat);
    }

    /// <summary>The processes of a peer, of which one at a time is active.</summary>
    /// <param name="others">The answer at each address but that of the one that was measured.</param>
    /// <param name="isActive">There is one that was measured.</param>
    public static IEnumerable<DoctorFinding> Others(IReadOnlyList<(string Address, ProbeFacts Facts)> others, string peer, bool isActive)
    {
        foreach (var (address, facts) in others)
        {
            yield return facts.Refusal != RefusalCode.Standby ? Probe(facts, peer) with { About = address }
                : new DoctorFinding(FindingIds.Probe, Verdict.Ok, $"a process of {peer} that stands by") { About = address };
        }

        if (!isActive && others.Any(other => other.Facts.Refusal == RefusalCode.Standby)) yield return new DoctorFinding(
            FindingIds.Probe, Verdict.Fault, "no address leads to the process that is active")
        {
            About = peer,
            Meaning = "Messages wait until one of these processes takes over, or the address of the active one is known here.",
            Advice = LinkAdvice.For(LinkCause.PeerStandby),
        };
    }

    public static DoctorFinding Probe(ProbeFacts facts, string peer) => (facts.Refusal, facts.Answer) switch
    {
        (RefusalCode.Protocol, null) => new DoctorFinding(FindingIds.Probe, Verdict.Unknown, "the peer's version does not answer probes")
        {
            About = peer,
            Meaning = "Round trips, message sizes and the way back were not measured.",
            Advice = $"Upgrade {peer}; the link works with both versions.",
        },
        ({ } code, _) => new DoctorFinding(FindingIds.Probe, Verdict.Fault, $"it refused ({code}): {facts.Fault}")
        {
            About = peer,
            Meaning = "It refuses a hello of this gateway for the same reason.",
            Advice = LinkAdvice.For(code == RefusalCode.Version ? LinkCause.VersionMismatch : LinkCause.NotAuthorised),
        },
        (null, null) => new DoctorFinding(FindingIds.Probe, Verdict.Unknown, facts.Fault) { About = peer },
        (null, { } answer) when facts.Fault.Length > 0 => new DoctorFinding(
            FindingIds.Probe, Verdict.Warning, $"{answer.From} {answer.Version} answered, and then no more: {facts.Fault}")
        {
            About = peer,
            Meaning = "The connection of the doctor broke while it measured, as one of the link may.",
            Advice = "Run the doctor again; if it comes to the same end, read the peer's log.",
        },
        (null, { } answer) => new DoctorFinding(FindingIds.Probe, Verdict.Ok, $"{answer.From}, version {answer.Version}, answers")
        { About = peer },
    };

    /// <param name="own">This gateway's link to the peer.</param>
    public static DoctorFinding Views(ProbeFrame.Probed answer, LinkPast own, string peer)
    {
        var here = own is { State: LinkState.Up };
        var finding = new DoctorFinding(FindingIds.Views, Verdict.Ok,
            $"here the link is {Word(own.State)}, and {peer} {(answer.IsConnected ? "holds a" : "holds no")} connection of it; there "
                + $"the link back is {Word(answer.Back)}")
        { About = peer };
        // While a connection is being made, the sides may differ for a moment.
        if (here && !answer.IsConnected) return finding with
        {
            Verdict = Verdict.Fault,
            Meaning = "This gateway takes its connection for open, and the peer has none: what is sent on it goes nowhere.",
            Advice = LinkAdvice.For(LinkCause.HalfOpen),
        };
        if (own.State == LinkState.Down && answer.IsConnected) return finding with
        {
            Verdict = Verdict.Warning,
            Meaning = "The peer takes a connection for open that has ended here.",
            Advice = "Look for a device between the hosts that ends connections on one side alone.",
        };
        return here && IsDown(answer.Back) ? finding with
        {
            Verdict = Verdict.Warning,
            Measured = $"{finding.Measured}, for {answer.Back.Cause}: {answer.Back.Evidence}",
            Meaning = $"Messages arrive there, and those of {peer} for this gateway wait.",
            Advice = LinkAdvice.For(answer.Back.Cause, isPeerHere: true),
        } : finding;
    }

    public static DoctorFinding DialBack(ProbeFrame.DialedBack back, string peer)
    {
        var finding = new DoctorFinding(FindingIds.DialBack, Verdict.Ok, $"asked to dial this gateway, {peer} reached it: {back.Text}")
        { About = peer };
        return back.Stage switch
        {
            ProbeStage.Reached => finding,
            ProbeStage.None => finding with { Verdict = Verdict.Unknown, Measured = $"{peer} dialed nothing: {back.Text}" },
            _ => finding with
            {
                Verdict = Verdict.Fault,
                Measured = $"asked to dial this gateway, {peer} failed ({back.Cause}): {back.Text}",
                Meaning = $"The way from here leads there, and the way back {EndOf(back.Stage)}: messages of {peer} do not come here.",
                Advice = $"On {peer}: {Lower(LinkAdvice.For(back.Cause, isPeerHere: true))}",
            },
        };
    }

    public static DoctorFinding Echo(TripFacts idle, TripFacts? loaded, string peer) => new(FindingIds.Echo, Verdict.Ok,
        $"half of {idle.Count} answers within {WayChecks.Text(idle.Median)}, the slowest after {WayChecks.Text(idle.Worst)}"
            + (loaded is null ? "" : $"; with the line filled, half within {WayChecks.Text(loaded.Median)}, the slowest after "
                + WayChecks.Text(loaded.Worst)))
    { About = peer };

    public static DoctorFinding MessageSize(SizeFacts size, string about)
    {
        var finding = new DoctorFinding(FindingIds.MessageSize, Verdict.Ok,
            $"messages of up to {Figures.Counted(size.PassedBytes, "byte")} pass, the largest that was tried")
        { About = about };
        if (size.Fault.Length > 0) return finding with { Verdict = Verdict.Unknown, Measured = size.Fault };
        return size.LostBytes is not { } lost ? finding : finding with
        {
            Verdict = Verdict.Fault,
            Measured = size.PassedBytes == 0 ? $"nothing of {Figures.Counted(lost, "byte")} or more passes"
                : $"messages of {Figures.Counted(size.PassedBytes, "byte")} pass, those of {Figures.Count(lost)} and more do not",
            Meaning = "A device on the way takes smaller packets than the hosts send, and swallows larger ones without a word (a "
                + "black hole for path MTU discovery). A link is up while its messages are small, and hangs with the first large one.",
            Advice = LinkAdvice.For(LinkCause.LargePacketsLost),
        };
    }

    public static DoctorFinding Bandwidth(double to, double from, string peer) =>
        new(FindingIds.Bandwidth, Verdict.Ok, $"{Figures.Bytes((long)to)} a second to {peer}, {Figures.Bytes((long)from)} a second from it")
        { About = peer };

    /// <param name="heartbeat">The time after which a link asks for a sign of life.</param>
    public static DoctorFinding Silence(SilenceFacts silence, string peer, TimeSpan heartbeat)
    {
        var finding = new DoctorFinding(
            FindingIds.Silence, Verdict.Ok, $"a connection works after a silence of {Figures.Span(silence.Survived)}")
        { About = peer };
        if (silence.Fault.Length > 0) return finding with { Verdict = Verdict.Unknown, Measured = silence.Fault };
        if (silence.Cut is not { } cut) return finding;
        var isKept = silence.Survived >= heartbeat;
        return finding with
        {
            Verdict = isKept ? Verdict.Warning : Verdict.Fault,
            Measured = silence.Survived == TimeSpan.Zero ? $"a connection is dead after a silence of {Figures.Span(cut)}"
                : $"{finding.Measured}, and is dead after {Figures.Span(cut)}",
            Meaning = "A device on the way forgets connections on which nothing is said for so long, and neither side is told. "
                + (isKept ? $"The links ask every {Figures.Span(heartbeat)} and are not cut; other programs may be."
                    : $"The links ask only every {Figures.Span(heartbeat)} (Links:HeartbeatInterval), and lose quiet connections."),
            Advice = isKept ? "Raise the idle timeout of the firewall, or let the other programs send keep-alives more often."
                : LinkAdvice.For(LinkCause.IdleCut),
        };
    }

    /// <summary>A link that is dialed again and again shows the cause of its last failure.</summary>
    private static bool IsDown(ProbedLink link) =>
        link.State == ProbedState.Down || (link.State == ProbedState.Connecting && link.Cause != LinkCause.None);

    private static string EndOf(ProbeStage stage) => stage switch
    {
        ProbeStage.Name => "ends at the name service",
        ProbeStage.Connect => "ends before a connection",
        ProbeStage.Tls => "ends at TLS",
        _ => "leads to something that does not answer as a gateway does",
    };

    private static string Word(LinkState state) => state.ToString().ToLowerInvariant();

    private static string Word(ProbedLink link) =>
        $"{link.State.ToString().ToLowerInvariant()} since {Figures.Time(link.SinceUnixMs)}";

    private static string Lower(string sentence) => sentence.Length == 0 ? "" : $"{char.ToLowerInvariant(sentence[0])}{sentence[1..]}";
}
