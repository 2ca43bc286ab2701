using Gateway.Links.Causes;
using Gateway.Links.Fleet;
using Gateway.Store.Messages;

namespace Gateway.Management;

/// <summary>Puts the state of a gateway into the summary that a peer may see. Pure.</summary>
internal static class FleetSummaries
{
    /// <summary>The part that is the same for each peer.</summary>
    public static GatewaySummary Of(GatewayState state, FleetShare share)
    {
        if (share == FleetShare.Nothing) return GatewaySummary.None;
        var findings = Findings.Of(state);
        var totals = new GatewaySummary
        {
            Share = share,
            Version = ProgramVersion.Text,
            StartedUnixMs = state.StartedAt.ToUnixTimeMilliseconds(),
            Condition = findings.Count > 0 ? findings.Max(finding => FleetJudgement.ConditionOf(finding.Weight)) : Condition.Well,
            Errors = findings.Count(finding => finding.Weight == Weight.Error),
            Warnings = findings.Count(finding => finding.Weight == Weight.Warning),
            Outgoing = Sum(state.Outgoing, state.Links.Min(link => link.OldestAt), state.Now),
            Inbound = Sum(state.Inbound, state.Queues.Where(queue => queue.Id.Kind == QueueKind.Inbound).Min(queue => queue.OldestAt),
                state.Now),
            DeadLetters = state.DeadLetters,
            Damaged = state.Damaged,
            StoredBytes = state.StoredBytes,
            StoredBytesMax = state.StoredBytesMax,
            FreeBytes = state.FreeBytes,
            FreeBytesMin = state.FreeBytesMin,
            CertificateUnixMs = state.Certificate?.ExpiresAt.ToUnixTimeMilliseconds() ?? 0,
            Links = state.Links.Count,
            LinksUp = state.Links.Count(link => link.Status.State == LinkState.Up),
        };
        if (share == FleetShare.Totals) return totals;
        return totals with
        {
            Peers = [.. state.Links.OrderByDescending(link => Findings.Of(link) is { } weight ? (int)weight + 1 : 0)
                .ThenByDescending(link => link.Messages).ThenBy(link => link.Status.Peer, StringComparer.Ordinal)
                .Take(GatewaySummary.LinksMax).Select(link => Glance(link, state.Now))],
            Queues = [.. state.Queues.Where(queue => queue.Messages > 0).OrderByDescending(queue => queue.Messages)
                .ThenBy(queue => queue.Id.Name, StringComparer.Ordinal)
                .Take(GatewaySummary.QueuesMax).Select(queue => Glance(queue, state.Now))],
            Findings = [.. findings.Take(GatewaySummary.FindingsMax).Select(
                finding => new FindingGlance(FleetJudgement.ConditionOf(finding.Weight), finding.Sentence))],
        };
    }

    /// <summary>The same for the peer that asks.</summary>
    /// <param name="age">How long ago the state was read.</param>
    public static GatewaySummary For(string peer, GatewaySummary summary, GatewayState state, TimeSpan age) =>
        summary.Share == FleetShare.Nothing ? summary : summary with
        {
            AgeMs = (long)age.TotalMilliseconds,
            Back = state.Links.FirstOrDefault(link => link.Status.Peer == peer) is { } back ? Glance(back, state.Now) : null,
        };

    private static LinkGlance Glance(LinkSummary link, DateTimeOffset now) => new(
        link.Status.Peer, link.Status.State, link.Status.PresentCause, new WaitingSum(link.Messages, link.Bytes, Age(link.OldestAt, now)));

    private static QueueGlance Glance(QueueSummary queue, DateTimeOffset now) =>
        new(queue.Id.Kind, queue.Id.Name, new WaitingSum(queue.Messages, queue.Bytes, Age(queue.OldestAt, now)));

    private static WaitingSum Sum(QueueSum sum, DateTimeOffset? oldest, DateTimeOffset now) =>
        new(sum.Messages, sum.Bytes, sum.Messages > 0 ? Age(oldest, now) : null);

    /// <summary>The clock of the gateway that accepted it may be ahead of this one.</summary>
    private static long? Age(DateTimeOffset? at, DateTimeOffset now) =>
        at is { } known ? Math.Max(0, (long)(now - known).TotalMilliseconds) : null;
}
