using Gateway.Links;
using Gateway.Management;

namespace Gateway.Http.Views;

/// <summary>One link in full.</summary>
internal sealed record LinkDetailsView
{
    public required LinkView Link { get; init; }

    /// <summary>When this was so, by the gateway's clock, which the history goes by.</summary>
    public required DateTimeOffset Now { get; init; }

    /// <summary>Whether the gateway's configuration allows drills.</summary>
    public bool IsDrillAllowed { get; init; }

    /// <summary>Causes that fit what was seen, the likeliest first.</summary>
    public required IReadOnlyList<LinkCandidate> Candidates { get; init; }

    public required IReadOnlyList<LinkPattern> Patterns { get; init; }

    /// <summary>What was sent on a connection that ended, as long as nobody knows whether it arrived.</summary>
    public required IReadOnlyList<InDoubt> InDoubt { get; init; }

    /// <summary>The last changes, oldest first.</summary>
    public required IReadOnlyList<LinkChangeView> History { get; init; }

    /// <summary>Those that the state lists; <see cref="LinkView.Queues"/> is how many there are.</summary>
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

    /// <summary>How long no message had gone over it then.</summary>
    public double? QuietSeconds { get; init; }

    /// <summary>Which run of the peer it is that the link came up with, and when that began.</summary>
    public Guid? Incarnation { get; init; }

    public DateTimeOffset? PeerStarted { get; init; }

    public required IReadOnlyList<InDoubt> InDoubt { get; init; }

    public static LinkChangeView Of(LinkChange change) =>
        new(change.At.ToUniversalTime(), change.State, LinkView.CodeOf(change.Cause), change.Evidence)
        {
            UpSeconds = change.UpSeconds,
            QuietSeconds = change.QuietSeconds,
            Incarnation = change.Incarnation,
            PeerStarted = change.PeerStarted?.ToUniversalTime(),
            InDoubt = change.InDoubt,
        };
}
