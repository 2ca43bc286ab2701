using Gateway.Links.Causes;
using Gateway.Links.Fleet;

namespace Gateway.Management;

/// <summary>
/// Judges the gateways of a fleet and puts the worst first. A gateway weighs what it says of itself, and what its link shows from here;
/// there are no thresholds beside those of the <see cref="Findings"/>. Pure.
/// </summary>
internal static class FleetJudgement
{
    /// <summary>A summary that is older is shown with its age.</summary>
    public static readonly TimeSpan OldAfter = TimeSpan.FromSeconds(30);

    /// <summary>The worst first, then those whose messages have waited longest, then those with the most of them.</summary>
    public static FleetState Of(DateTimeOffset now, IEnumerable<FleetGateway> gateways) => new(now, [.. gateways
        .OrderByDescending(gateway => gateway.Condition)
        .ThenByDescending(gateway => LongestWait(gateway, now))
        .ThenByDescending(gateway => gateway.Summary?.Outgoing.Messages ?? gateway.Link?.Messages ?? 0)
        .ThenBy(gateway => gateway.Name, StringComparer.Ordinal)]);

    /// <summary>The findings about a peer.</summary>
    /// <param name="own">This gateway's own findings about the link to it.</param>
    public static IReadOnlyList<FleetFinding> Judge(FleetGateway peer, IEnumerable<Finding> own, DateTimeOffset now)
    {
        var findings = own.Select(finding => new FleetFinding(ConditionOf(finding.Weight), finding.Sentence, finding.Advice)).ToList();
        var isUp = peer.Link?.Status.State == LinkState.Up;
        if (isUp && peer.Answer == PeerAnswer.Silent) findings.Add(new FleetFinding(Condition.Warning,
            "It is connected, and does not answer the question for its state.", "Look at its own pages and its log."));
        if (isUp && peer.Answer == PeerAnswer.Unreadable) findings.Add(new FleetFinding(Condition.Warning,
            "Its answer to the question for its state could not be read.", "Check what answers there; messages go on as before."));
        // What it said before it was lost says nothing about now.
        if (peer.Summary is { } summary && isUp && !peer.IsOld(now)) findings.AddRange(ToldBy(summary));
        return [.. findings.OrderByDescending(finding => finding.Condition)];
    }

    /// <summary>The findings about this gateway itself.</summary>
    public static IReadOnlyList<FleetFinding> Judge(IEnumerable<Finding> own) =>
        [.. own.Select(finding => new FleetFinding(ConditionOf(finding.Weight), finding.Sentence, finding.Advice))
            .OrderByDescending(finding => finding.Condition)];

    public static Condition ConditionOf(Weight weight) => weight switch
    {
        Weight.Error => Condition.Error,
        Weight.Warning => Condition.Warning,
        _ => Condition.Notice,
    };

    private static TimeSpan LongestWait(FleetGateway gateway, DateTimeOffset now)
    {
        var there = gateway.Summary?.Outgoing.OldestMs is { } ms ? TimeSpan.FromMilliseconds(ms) : TimeSpan.Zero;
        var here = gateway.Link?.OldestAt is { } at ? now - at : TimeSpan.Zero;
        return there > here ? there : here;
    }

    /// <summary>One that names its findings is quoted; one that gives totals is counted.</summary>
    private static IEnumerable<FleetFinding> ToldBy(GatewaySummary summary)
    {
        foreach (var told in summary.Findings) yield return new FleetFinding(told.Condition, $"It says: {told.Text}");
        var (errors, warnings) = (summary.Errors - Told(Condition.Error), summary.Warnings - Told(Condition.Warning));
        var worst = errors > 0 ? Condition.Error : warnings > 0 ? Condition.Warning : Condition.Well;
        var more = summary.Findings.Count > 0 ? " more" : "";
        if (worst == Condition.Well) yield break;
        string[] parts =
        [
            .. errors > 0 ? [Figures.Counted(errors, "problem")] : Array.Empty<string>(),
            .. warnings > 0 ? [Figures.Counted(warnings, "warning")] : Array.Empty<string>(),
        ];
        yield return new FleetFinding(worst, $"It reports {string.Join(" and ", parts)}{more} of its own.", "Its own pages name them.");

        int Told(Condition condition) => summary.Findings.Count(finding => finding.Condition == condition);
    }
}
