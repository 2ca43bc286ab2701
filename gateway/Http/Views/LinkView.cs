using Gateway.Links;
using Gateway.Management;

namespace Gateway.Http.Views;

/// <summary>One peer: how the link to it is, and what waits for it.</summary>
internal sealed record LinkView
{
    public required string Peer { get; init; }

    public required LinkState State { get; init; }

    /// <summary>The code of the cause, as gateway/docs/troubleshooting.md lists them; none while nothing was ever wrong.</summary>
    public LinkCause? Cause { get; init; }

    public required DateTimeOffset Since { get; init; }

    public required string Evidence { get; init; }

    public required string Advice { get; init; }

    public string? Warning { get; init; }

    /// <summary>Queues whose messages go over it.</summary>
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
        Cause = CodeOf(link.Status.Cause),
        Since = link.Status.Since.ToUniversalTime(),
        Evidence = link.Status.Evidence,
        Advice = link.Status.Advice,
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

    /// <summary>Never less than zero: the first gateway's clock may be ahead of this one's.</summary>
    public static double? Age(DateTimeOffset? at, DateTimeOffset now) => at is { } then ? Math.Max(0, (now - then).TotalSeconds) : null;
}
