using Gateway.Links.Fleet;

namespace Gateway.Management;

/// <summary>This gateway and its peers, the worst first.</summary>
internal sealed record FleetState(DateTimeOffset Now, IReadOnlyList<FleetGateway> Gateways);

/// <summary>One gateway of the fleet: what its link shows from here, and what it tells about itself.</summary>
internal sealed record FleetGateway
{
    public required string Name { get; init; }

    /// <summary>This gateway's own link to it; null for this gateway itself.</summary>
    public LinkSummary? Link { get; init; }

    /// <summary>A connection that it has made to this gateway stands.</summary>
    public bool IsHere { get; init; }

    /// <summary>Its clock minus this one's; null while the link is not up.</summary>
    public TimeSpan? ClockAhead { get; init; }

    /// <summary>What came of the last question for its state; for this gateway itself a summary.</summary>
    public PeerAnswer Answer { get; init; }

    /// <summary>Its state in its own words, perhaps an old one; null if it never told it.</summary>
    public GatewaySummary? Summary { get; init; }

    /// <summary>When the summary was true; meaningful only with one.</summary>
    public DateTimeOffset SummaryAt { get; init; }

    /// <summary>What needs attention, in sentences, the worst first.</summary>
    public IReadOnlyList<FleetFinding> Findings { get; init; } = [];

    /// <summary>This gateway itself.</summary>
    public bool IsSelf => Link is null;

    /// <summary>The worst of the findings.</summary>
    public Condition Condition => Findings.Count > 0 ? Findings.Max(finding => finding.Condition) : Condition.Well;

    /// <summary>The summary is so old that it says nothing about the present.</summary>
    public bool IsOld(DateTimeOffset now) => Summary is not null && now - SummaryAt > FleetJudgement.OldAfter;
}

/// <summary>Something about a gateway of the fleet that needs attention.</summary>
/// <param name="Text">A sentence, partly in the words of that gateway.</param>
/// <param name="Advice">The remedy; a sentence, or empty.</param>
internal sealed record FleetFinding(Condition Condition, string Text, string Advice = "");
