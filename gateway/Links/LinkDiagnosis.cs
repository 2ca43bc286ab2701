namespace Gateway.Links;

/// <summary>A cause that fits what was seen.</summary>
/// <param name="Why">A sentence: what speaks for it.</param>
internal sealed record LinkCandidate(LinkCause Cause, string Why);

/// <summary>What can be said about a link from its status and its history. Pure.</summary>
internal static class LinkDiagnosis
{
    private static readonly TimeSpan _skewMax = TimeSpan.FromSeconds(30);

    /// <summary>A warning when the peer's clock is far from ours (<c>ClockSkew</c>): expiry, and every comparison of logs, suffers from it. Empty when it is not.</summary>
    /// <param name="ahead">The peer's clock less this one; contains the time that its answer took.</param>
    public static string WarnOfClock(TimeSpan ahead) => ahead.Duration() <= _skewMax
        ? ""
        : $"ClockSkew: the peer's clock is {ahead.Duration().TotalSeconds:0} s {(ahead > TimeSpan.Zero ? "ahead of" : "behind")} this one; let both hosts take their time from one source, since messages expire by the clock of the gateway that looks";

    /// <summary>
    /// The causes that fit the last end of the link, the likeliest first. One, when the evidence is unambiguous. A reset is not: it says that somebody had no such connection
    /// any more, or wanted none, and not who.
    /// </summary>
    public static IReadOnlyList<LinkCandidate> Candidates(LinkStatus status, IReadOnlyCollection<LinkChange> changes)
    {
        if (status.Cause == LinkCause.None) return [];
        if (status.Cause is not (LinkCause.ResetByPeer or LinkCause.ClosedByPeer or LinkCause.HalfOpen or LinkCause.ConnectTimeout)) return [new LinkCandidate(status.Cause, status.Evidence)];

        var candidates = new List<LinkCandidate>();
        var patterns = LinkPatterns.Find(changes);
        if (patterns.FirstOrDefault(pattern => pattern.Cause == LinkCause.IdleCut) is { } idle) candidates.Add(new LinkCandidate(LinkCause.IdleCut, idle.Text));
        if (patterns.FirstOrDefault(pattern => pattern.Cause == LinkCause.PeerRestarted) is { } restarts && status.State != LinkState.Up) candidates.Add(new LinkCandidate(LinkCause.PeerRestarted, restarts.Text));
        candidates.Add(new LinkCandidate(status.Cause, status.Evidence));
        if (status is { Cause: LinkCause.ResetByPeer or LinkCause.ClosedByPeer, State: not LinkState.Up } && candidates.TrueForAll(candidate => candidate.Cause != LinkCause.PeerRestarted))
            candidates.Add(new LinkCandidate(LinkCause.PeerRestarted, "a process that ends leaves such an end behind; the peer's next hello will tell"));
        return candidates;
    }

    /// <summary>Compares how the two sides saw the same connection end, when the same run of the peer has come back; a sentence.</summary>
    public static string Compare(LinkCause here, LinkEnd there)
    {
        var theirs = there.Cause == LinkCause.None ? "the peer took the connection for open until the next one came" : $"the peer saw it end as {there.Cause} ({there.Evidence})";
        return (here, there.Cause) switch
        {
            (LinkCause.ResetByPeer or LinkCause.ClosedByPeer, LinkCause.None) =>
                $"the connection ended here as {here}, and {theirs}: it did not close it, something between the hosts did",
            (LinkCause.ResetByPeer or LinkCause.ClosedByPeer, LinkCause.ResetByPeer or LinkCause.ClosedByPeer) =>
                $"each side saw the other end the connection (here {here}, there {there.Cause}): something between the hosts cut it",
            (LinkCause.HalfOpen, LinkCause.HalfOpen or LinkCause.None) => $"neither side heard the other ({theirs}): the network between the hosts lost the packets",
            (LinkCause.HalfOpen, _) => $"nothing was heard here, and {theirs}: the news of that was lost between the hosts",
            _ when here == there.Cause => $"both sides saw the last connection end as {here}",
            _ => $"the last connection ended here as {here}; {theirs}",
        };
    }
}
