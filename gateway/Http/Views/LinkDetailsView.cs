using Gateway.Links;
using Gateway.Management;

namespace Gateway.Http.Views;

/// <summary>One link in full.</summary>
internal sealed record LinkDetailsView
{
    public required LinkView Link { get; init; }

    /// <summary>Causes that fit what was seen, the likeliest first.</summary>
    public required IReadOnlyList<CandidateView> Candidates { get; init; }

    public required IReadOnlyList<PatternView> Patterns { get; init; }

    /// <summary>What was sent on a connection that ended, as long as nobody knows whether it arrived.</summary>
    public required IReadOnlyList<InDoubt> InDoubt { get; init; }

    /// <summary>The last changes, oldest first.</summary>
    public required IReadOnlyList<LinkChangeView> History { get; init; }

    /// <summary>Those that the state lists; <see cref="LinkView.Queues"/> is how many there are.</summary>
    public required IReadOnlyList<QueueView> Queues { get; init; }

    public static LinkDetailsView Of(LinkDetails link, DateTimeOffset now) => new()
    {
        Link = LinkView.Of(link.Summary, now),
        Candidates = [.. link.Candidates.Select(candidate => new CandidateView(LinkView.NameOf(candidate.Cause), candidate.Why))],
        Patterns = [.. link.Patterns.Select(pattern => new PatternView(LinkView.NameOf(pattern.Cause), pattern.Count, pattern.Text))],
        InDoubt = link.InDoubt,
        History = [.. link.History.Select(LinkChangeView.Of)],
        Queues = [.. link.Queues.Select(queue => QueueView.Of(queue, now))],
    };
}

/// <param name="Cause">Its code.</param>
/// <param name="Why">What speaks for it.</param>
internal sealed record CandidateView(string? Cause, string Why);

/// <param name="Cause">The code of the cause that it hints at.</param>
/// <param name="Count">How often it was seen.</param>
/// <param name="Text">A sentence.</param>
internal sealed record PatternView(string? Cause, int Count, string Text);

/// <summary>One change of a link.</summary>
internal sealed record LinkChangeView(DateTimeOffset At, LinkState State, string? Cause, string Evidence)
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
        new(change.At.ToUniversalTime(), change.State, LinkView.NameOf(change.Cause), change.Evidence)
        {
            UpSeconds = change.UpSeconds,
            QuietSeconds = change.QuietSeconds,
            Incarnation = change.Incarnation,
            PeerStarted = change.PeerStarted?.ToUniversalTime(),
            InDoubt = change.InDoubt,
        };
}
