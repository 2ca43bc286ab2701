using Gateway.Links.Causes;
using Gateway.Links.Protocol;
using Gateway.Management;

namespace Gateway.Http.Views;

/// <summary>One peer: the state of its link and its waiting messages.</summary>
internal sealed record LinkView
{
    public required string Peer { get; init; }

    public required LinkState State { get; init; }

    /// <summary>
    /// The code of the cause of the present state, as listed in gateway/docs/troubleshooting.md; null for a link that is up and well.
    /// </summary>
    public LinkCause? Cause { get; init; }

    /// <summary>The last interruption of a link that is up and well; null if there was none.</summary>
    public InterruptionView? LastInterruption { get; init; }

    public required DateTimeOffset Since { get; init; }

    public required string Evidence { get; init; }

    public required string Advice { get; init; }

    public string? Warning { get; init; }

    /// <summary>The number of queues whose messages use this link.</summary>
    public int Queues { get; init; }

    public required long Messages { get; init; }

    public required long Bytes { get; init; }

    public DateTimeOffset? OldestAt { get; init; }

    public double? OldestAgeSeconds { get; init; }

    public required double SentPerSecond { get; init; }

    public PauseView? Pause { get; init; }

    public static LinkView Of(LinkSummary link, DateTimeOffset now) => new()
    {
        Peer = link.Status.Peer,
        State = link.Status.State,
        Cause = CodeOf(link.Status.PresentCause),
        LastInterruption = InterruptionView.Of(link.Status),
        Since = link.Status.Since.ToUniversalTime(),
        Evidence = link.Status.IsCauseOver ? "" : link.Status.Evidence,
        Advice = link.Status.IsCauseOver ? "" : link.Status.Advice,
        Warning = link.Warning.Length > 0 ? link.Warning : null,
        Queues = link.Queues,
        Messages = link.Messages,
        Bytes = link.Bytes,
        OldestAt = link.OldestAt?.ToUniversalTime(),
        OldestAgeSeconds = Age(link.OldestAt, now),
        SentPerSecond = link.SentPerSecond,
        Pause = PauseView.Of(link.Pause),
    };

    /// <summary>Null for none.</summary>
    public static LinkCause? CodeOf(LinkCause cause) => cause == LinkCause.None ? null : cause;

    /// <summary>Never below zero: the first gateway's clock may be ahead of this one's.</summary>
    public static double? Age(DateTimeOffset? at, DateTimeOffset now) => at is { } then ? Math.Max(0, (now - then).TotalSeconds) : null;
}

/// <summary>An interruption that is over.</summary>
internal sealed record InterruptionView(LinkCause Cause, string Evidence)
{
    /// <summary>Null if the link is not up and well, or was never interrupted.</summary>
    public static InterruptionView? Of(LinkStatus status) =>
        status.IsCauseOver ? new InterruptionView(status.Cause, status.Evidence) : null;
}
