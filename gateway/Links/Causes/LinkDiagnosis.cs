using Gateway.Links.Protocol;

namespace Gateway.Links.Causes;

/// <summary>A cause that fits the observations.</summary>
/// <param name="Why">A sentence with the evidence for it.</param>
internal sealed record LinkCandidate(LinkCause Cause, string Why);

/// <summary>Diagnoses a link from its status and its history. Pure.</summary>
internal static class LinkDiagnosis
{
    /// <summary>A line that carries more per second is not called slow, however much waits for it.</summary>
    private const double SlowBytesPerSecondMax = 1_000_000;

    private static readonly TimeSpan _skewMax = TimeSpan.FromSeconds(30);

    /// <summary>A standing warning ends only below this: one that came and went with each answer would be useless.</summary>
    private static readonly TimeSpan _skewOver = TimeSpan.FromSeconds(25);

    /// <summary>
    /// A warning if the peer's clock is far from ours (<c>ClockSkew</c>), which affects expiry and every comparison of logs; otherwise
    /// empty.
    /// </summary>
    /// <param name="ahead">The peer's clock minus this one.</param>
    /// <param name="isWarned">A warning was already given.</param>
    public static string WarnOfClock(TimeSpan ahead, bool isWarned = false) => ahead.Duration() <= (isWarned ? _skewOver : _skewMax)
        ? ""
        : $"ClockSkew: the peer's clock is {Figures.Span(ahead.Duration())} {(ahead > TimeSpan.Zero ? "ahead of" : "behind")} "
            + $"this one; let both hosts take their time from one source, since messages expire by the clock of the gateway that looks";

    /// <summary>
    /// The causes that fit the last end of the link, likeliest first; one if the evidence is unambiguous. A reset is ambiguous: it says
    /// that some party had no such connection any more, or wanted none, but not which party.
    /// </summary>
    public static IReadOnlyList<LinkCandidate> Candidates(
        LinkStatus status, IReadOnlyCollection<LinkChange> changes, double? slowBytesPerSecond = null)
    {
        var ofNow = slowBytesPerSecond is { } rate and < SlowBytesPerSecondMax
            ? [new LinkCandidate(LinkCause.SlowLine, $"messages are acknowledged at {Figures.Bytes((long)rate)}/s, and others wait: "
                + $"the line between the hosts, or the peer's disk, is that slow")]
            : new List<LinkCandidate>();
        return [.. OfLastEnd(status, changes), .. ofNow];
    }

    private static IReadOnlyList<LinkCandidate> OfLastEnd(LinkStatus status, IReadOnlyCollection<LinkChange> changes)
    {
        if (status.Cause == LinkCause.None) return [];
        if (status.Cause is LinkCause.PeerSilent or LinkCause.ResetByPeer or LinkCause.ClosedByPeer
            && changes.All(change => change is { Incarnation: null, UpSeconds: null, State: not LinkState.Up }))
            return [new LinkCandidate(status.Cause, status.Evidence), new LinkCandidate(LinkCause.WrongService,
                "no gateway has ever answered there: another program may have the port")];
        if (status.Cause is not (LinkCause.ResetByPeer or LinkCause.ClosedByPeer or LinkCause.HalfOpen or LinkCause.ConnectTimeout))
            return [new LinkCandidate(status.Cause, status.Evidence)];

        var candidates = new List<LinkCandidate>();
        var patterns = LinkPatterns.Find(changes);
        if (patterns.FirstOrDefault(pattern => pattern.Cause == LinkCause.LargePacketsLost) is { } large)
            candidates.Add(new LinkCandidate(LinkCause.LargePacketsLost, large.Text));
        // Causes that incarnations prove come before those that only fit.
        LinkCause[] order = LinkPatterns.AreMostlyRestarts(changes)
            ? [LinkCause.PeerRestarted, LinkCause.IdleCut] : [LinkCause.IdleCut, LinkCause.PeerRestarted];
        foreach (var cause in order.Where(cause => cause != LinkCause.PeerRestarted || status.State != LinkState.Up))
        {
            if (patterns.FirstOrDefault(pattern => pattern.Cause == cause) is { } pattern)
                candidates.Add(new LinkCandidate(cause, pattern.Text));
        }

        candidates.Add(new LinkCandidate(status.Cause, status.Evidence));
        if (status is { Cause: LinkCause.ResetByPeer or LinkCause.ClosedByPeer, State: not LinkState.Up }
            && candidates.TrueForAll(candidate => candidate.Cause != LinkCause.PeerRestarted))
            candidates.Add(new LinkCandidate(LinkCause.PeerRestarted,
                "a process that ends leaves such an end behind; the peer's next hello will tell"));
        return candidates;
    }

    /// <summary>
    /// Compares how the two sides saw the end of the same connection, once the same run of the peer is back; returns a sentence.
    /// </summary>
    public static string Compare(LinkCause here, LinkEnd there)
    {
        var theirs = there.Cause == LinkCause.None ? "the peer took the connection for open until the next one came"
            : $"the peer saw it end as {there.Cause} ({there.Evidence})";
        return (here, there.Cause) switch
        {
            (_, LinkCause.OwnPause) =>
                $"the connection ended here as {here} because the peer itself stood still ({there.Evidence}): the network is not the cause",
            (LinkCause.OwnPause, _) =>
                $"the connection ended because this gateway itself stood still, and {theirs}: the network is not the cause",
            (LinkCause.ResetByPeer or LinkCause.ClosedByPeer, LinkCause.None) =>
                $"the connection ended here as {here}, and {theirs}: it did not close it, something between the hosts did",
            (LinkCause.ResetByPeer or LinkCause.ClosedByPeer, LinkCause.ResetByPeer or LinkCause.ClosedByPeer) =>
                $"each side saw the other end the connection (here {here}, there {there.Cause}): something between the hosts cut it",
            (LinkCause.HalfOpen, LinkCause.HalfOpen or LinkCause.None) =>
                $"neither side heard the other ({theirs}): the network between the hosts lost the packets",
            (LinkCause.HalfOpen, _) => $"nothing was heard here, and {theirs}: the news of that was lost between the hosts",
            _ when here == there.Cause => $"both sides saw the last connection end as {here}",
            _ => $"the last connection ended here as {here}; {theirs}",
        };
    }
}
