using Gateway.Links.Fleet;
using Gateway.Links.Protocol;
using Gateway.Links.Causes;
using Gateway.Management;

namespace Gateway.Http.Views;

/// <summary>This gateway and its peers, the worst first.</summary>
internal sealed record FleetView(DateTimeOffset Now, IReadOnlyList<FleetGatewayView> Gateways)
{
    public static FleetView Of(FleetState fleet) =>
        new(fleet.Now.ToUniversalTime(), [.. fleet.Gateways.Select(gateway => FleetGatewayView.Of(gateway, fleet.Now))]);
}

/// <summary>One gateway of the fleet.</summary>
internal sealed record FleetGatewayView
{
    public required string Name { get; init; }

    /// <summary>It is the gateway that answers.</summary>
    public required bool IsSelf { get; init; }

    /// <summary>The worst of the findings.</summary>
    public required Condition Condition { get; init; }

    /// <summary>What needs attention, the worst first; partly in the words of that gateway.</summary>
    public required IReadOnlyList<FleetFinding> Findings { get; init; }

    /// <summary>The link from here to it; null for the gateway that answers.</summary>
    public LinkView? Link { get; init; }

    /// <summary>A connection that it has made to this gateway stands.</summary>
    public required bool IsHere { get; init; }

    /// <summary>Its clock minus this one's; null while the link is not up.</summary>
    public double? ClockAheadSeconds { get; init; }

    /// <summary>
    /// What came of the last question for its state: <c>summary</c>, <c>notKnown</c> (an older version), <c>unreadable</c>, <c>silent</c>,
    /// or <c>none</c> if it was not asked yet.
    /// </summary>
    public required PeerAnswer Answer { get; init; }

    /// <summary>What it last told of itself, and when; null if it never told anything.</summary>
    public FleetStateView? State { get; init; }

    public static FleetGatewayView Of(FleetGateway gateway, DateTimeOffset now) => new()
    {
        Name = gateway.Name,
        IsSelf = gateway.IsSelf,
        Condition = gateway.Condition,
        Findings = gateway.Findings,
        Link = gateway.Link is { } link ? LinkView.Of(link, now) : null,
        IsHere = gateway.IsHere,
        ClockAheadSeconds = gateway.ClockAhead?.TotalSeconds,
        Answer = gateway.Answer,
        State = gateway.Summary is { } summary ? FleetStateView.Of(summary, gateway.SummaryAt, now) : null,
    };
}

/// <summary>The state of a gateway in its own words.</summary>
internal sealed record FleetStateView
{
    /// <summary>When it was true.</summary>
    public required DateTimeOffset At { get; init; }

    public required double AgeSeconds { get; init; }

    /// <summary>What it tells; with <c>nothing</c>, the figures are not known.</summary>
    public required FleetShare Share { get; init; }

    /// <summary>The version of the program; null if it does not tell.</summary>
    public string? Version { get; init; }

    public DateTimeOffset? StartedAt { get; init; }

    /// <summary>What waits there for its peers.</summary>
    public WaitingView? Outgoing { get; init; }

    /// <summary>What waits there for consumers.</summary>
    public WaitingView? Inbound { get; init; }

    public long? DeadLetters { get; init; }

    /// <summary>Messages that could not be read.</summary>
    public long? Damaged { get; init; }

    public long? StoredBytes { get; init; }

    public long? StoredBytesMax { get; init; }

    public long? FreeBytes { get; init; }

    public long? FreeBytesMin { get; init; }

    /// <summary>The end of the validity of its certificate for links; null without TLS.</summary>
    public DateTimeOffset? CertificateExpiresAt { get; init; }

    public int? Links { get; init; }

    public int? LinksUp { get; init; }

    /// <summary>Its link to the gateway that answers; null if it does not tell.</summary>
    public FleetLinkView? Back { get; init; }

    /// <summary>Its worst links.</summary>
    public IReadOnlyList<FleetLinkView> Peers { get; init; } = [];

    /// <summary>Its queues with the most messages.</summary>
    public IReadOnlyList<FleetQueueView> Queues { get; init; } = [];

    public static FleetStateView Of(GatewaySummary summary, DateTimeOffset at, DateTimeOffset now)
    {
        var (when, age) = (at.ToUniversalTime(), Math.Max(0, (now - at).TotalSeconds));
        if (summary.Share == FleetShare.Nothing) return new FleetStateView { At = when, AgeSeconds = age, Share = summary.Share };
        return new FleetStateView
        {
            At = when,
            AgeSeconds = age,
            Share = summary.Share,
            Version = summary.Version,
            StartedAt = DateTimeOffset.FromUnixTimeMilliseconds(summary.StartedUnixMs),
            Outgoing = WaitingView.Of(summary.Outgoing),
            Inbound = WaitingView.Of(summary.Inbound),
            DeadLetters = summary.DeadLetters,
            Damaged = summary.Damaged,
            StoredBytes = summary.StoredBytes,
            StoredBytesMax = summary.StoredBytesMax,
            FreeBytes = summary.FreeBytes,
            FreeBytesMin = summary.FreeBytesMin,
            CertificateExpiresAt =
                summary.CertificateUnixMs > 0 ? DateTimeOffset.FromUnixTimeMilliseconds(summary.CertificateUnixMs) : null,
            Links = summary.Links,
            LinksUp = summary.LinksUp,
            Back = summary.Back is { } back ? FleetLinkView.Of(back) : null,
            Peers = [.. summary.Peers.Select(FleetLinkView.Of)],
            Queues = [.. summary.Queues.Select(FleetQueueView.Of)],
        };
    }
}

/// <summary>Messages that wait.</summary>
internal sealed record WaitingView(long Messages, long Bytes, double? OldestAgeSeconds)
{
    public static WaitingView Of(WaitingSum sum) => new(sum.Messages, sum.Bytes, sum.OldestMs / 1000.0);
}

/// <summary>A link of another gateway.</summary>
internal sealed record FleetLinkView(string Peer, LinkState State, LinkCause? Cause, WaitingView Waiting)
{
    public static FleetLinkView Of(LinkGlance link) =>
        new(link.Peer, link.State, LinkView.CodeOf(link.Cause), WaitingView.Of(link.Waiting));
}

/// <summary>A queue of another gateway.</summary>
internal sealed record FleetQueueView(string Name, WaitingView Waiting)
{
    public static FleetQueueView Of(QueueGlance queue) => new(queue.Name, WaitingView.Of(queue.Waiting));
}
