using Gateway.Links.Protocol;

namespace Gateway.Links.Causes;

/// <summary>Why a link was down, as far as its coming up shows. Pure.</summary>
/// <param name="IsRestarted">Another run of the peer answers than before.</param>
/// <param name="HasStore">It is one on the store that was known before.</param>
/// <param name="IsFirst">The peer answers for the first time in this run of the gateway.</param>
/// <param name="Before">The cause of the last end; while the link is up the cause describes it.</param>
internal readonly record struct LinkReturn(bool IsRestarted, bool HasStore, bool IsFirst, LinkCause Before)
{
    /// <param name="now">The cause of the link before it comes up.</param>
    public static LinkReturn Of(GatewayIdentity from, PeerPresence peer, LinkHistory history, LinkCause now)
    {
        var isFirst = peer.Welcomed is null;
        return new LinkReturn(
            (peer.Welcomed?.Incarnation ?? history.LastIncarnation) is { } known && known != from.Incarnation,
            peer.Welcomed?.StoreId == from.StoreId,
            isFirst,
            // Before its first connection there was no end.
            isFirst || LinkCauses.IsOfHistory(now) ? LinkCause.None : now);
    }

    /// <summary>
    /// The cause to show from now on, with its evidence. A new run is the end of the previous one, wherever it has moved to.
    /// </summary>
    /// <param name="from">The run that answers.</param>
    /// <param name="moved">In words, that its address has changed; null if it has not.</param>
    /// <param name="move">The addresses where it answered and answers, if it has several and these are two.</param>
    public (LinkCause Cause, string Evidence) Explain(
        GatewayIdentity from, string? moved, (string Before, string Now)? move, PeerPresence peer, LinkStanding standing,
        ConnectionTally tally, TimeSpan now)
    {
        // The end of the run known from the history was not observed: this gateway itself was restarted since then.
        var when = IsFirst ? ", while this gateway was down or before" : "";
        if (IsRestarted && peer.AreTwo) return (LinkCause.PeerTwice, peer.DescribeTwo());
        if (IsRestarted && HasStore && move is var (before, here)) return (LinkCause.PeerTookOver, $"{here} has taken over from "
            + $"{before}: the peer came back there with incarnation {from.Incarnation:N}, started {Figures.Time(from.StartedUnixMs)}");
        if (IsRestarted) return (LinkCause.PeerRestarted, $"the peer came back with incarnation {from.Incarnation:N}, "
            + $"started {Figures.Time(from.StartedUnixMs)}{when}{(moved is null ? "" : $"; {moved}")}");
        if (moved is not null) return (LinkCause.AddressChanged, moved);
        if (Before != LinkCause.None && tally.Fruitless > 0) return (Before, $"{Times(tally.Fruitless)} without an acknowledgement "
            + $"of anything that was sent on it; the last: {standing.EndEvidence}");
        if (Before != LinkCause.None && tally.Flaps(now) is > 0 and var flaps)
            return (Before, $"{Figures.Counted(flaps, "connection")} ended in the last five minutes; the last: {standing.EndEvidence}");
        return Before == LinkCause.None ? (Before, "") : (Before, standing.Status.Evidence);
    }

    private static string Times(int connections) =>
        connections == 1 ? "the last connection ended" : $"{Figures.Counted(connections, "connection")} in a row ended";
}
