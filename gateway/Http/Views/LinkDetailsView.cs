using Gateway.Links.Causes;
using Gateway.Links.Protocol;
using Gateway.Management;

namespace Gateway.Http.Views;

/// <summary>One link in full.</summary>
internal sealed record LinkDetailsView
{
    public required LinkView Link { get; init; }

    /// <summary>The time of this snapshot, by the gateway's clock, as in the history.</summary>
    public required DateTimeOffset Now { get; init; }

    /// <summary>The gateway's configuration allows drills.</summary>
    public bool IsDrillAllowed { get; init; }

    /// <summary>Causes that fit the observations, the likeliest first.</summary>
    public required IReadOnlyList<LinkCandidate> Candidates { get; init; }

    public required IReadOnlyList<LinkPattern> Patterns { get; init; }

    /// <summary>Messages sent on a connection that ended, while their arrival is unknown.</summary>
    public required IReadOnlyList<InDoubt> InDoubt { get; init; }

    /// <summary>The latest changes, oldest first.</summary>
    public required IReadOnlyList<LinkChangeView> History { get; init; }

    /// <summary>The queues listed in the state; <see cref="LinkView.Queues"/> is their full number.</summary>
    public required IReadOnlyList<QueueView> Queues { get; init; }

    public static LinkDetailsView Of(LinkDetails link) => new()
    {
        Link = LinkView.Of(link.Summary, link.Now),
        Now = link.Now.ToUniversalTime(),
        IsDrillAllowed = link.IsDrillAllowed,
        Candidates = link.Candidates,
        Patterns = link.Patterns,
        InDoubt = link.InDoubt,
        History = [.. link.History.Select(LinkChangeView.Of)],
        Queues = [.. link.Queues.Select(queue => QueueView.Of(queue, link.Now))],
    };
}

/// <summary>One change of a link.</summary>
internal sealed record LinkChangeView(DateTimeOffset At, LinkState State, LinkCause? Cause, string Evidence)
{
    /// <summary>How long the connection had been up, if one ended.</summary>
    public double? UpSeconds { get; init; }

    /// <summary>How long no frame had passed over the connection by then, heartbeats included.</summary>
    public double? QuietSeconds { get; init; }

    /// <summary>The number of changes of its kind that it stands for, if it sums up some; else null.</summary>
    public int? Again { get; init; }

    /// <summary>The run of the peer with which the link came up, and when that run began.</summary>
    public Guid? Incarnation { get; init; }

    public DateTimeOffset? PeerStarted { get; init; }

    public required IReadOnlyList<InDoubt> InDoubt { get; init; }

    /// <inheritdoc cref="LinkChange.CauseText"/>
    public string ToCauseText() => new LinkChange(At, State, Cause ?? LinkCause.None, Evidence) { UpSeconds = UpSeconds }.CauseText;

    public static LinkChangeView Of(LinkChange change) =>
        new(change.At.ToUniversalTime(), change.State, LinkView.CodeOf(change.Cause), change.Evidence)
        {
            UpSeconds = change.UpSeconds,
            QuietSeconds = change.QuietSeconds,
            Again = change.Again,
            Incarnation = change.Incarnation,
            PeerStarted = change.PeerStarted?.ToUniversalTime(),
            InDoubt = change.InDoubt,
        };
}
