using Gateway.Cli.Shell;
using Gateway.Http.Answers;
using Gateway.Http.Views;
using Gateway.Links.Causes;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace Gateway.Cli.Operator;

/// <summary>Renders peers and their links for people. Pure.</summary>
internal static class PeerReport
{
    public static Listing List(IReadOnlyList<LinkView> peers)
    {
        var table = new Listing(new Column("peer"), new Column("state"), new Column("cause", 1), new Column("since", 4),
            Column.Figure("waiting"),
            Column.Figure("size", 5), new Column("oldest", 2), Column.Figure("sent", 3), Column.Words("what to do"));
        foreach (var peer in peers)
        {
            table.Add(peer.Peer, State(peer.State), IsWell(peer) ? "" : peer.Cause?.ToString(), Figures.Time(peer.Since),
                Figures.Count(peer.Messages), Figures.Bytes(peer.Bytes), Figures.Span(peer.OldestAgeSeconds),
                Figures.Rate(peer.SentPerSecond), ToDo(peer));
        }

        return table;
    }

    public static IEnumerable<IRenderable> Explain(LinkDetailsView details)
    {
        var link = details.Link;
        yield return Listing.Facts(
            ("peer", link.Peer),
            ("state", HttpJson.NameOf(link.State)),
            ("cause", link.Cause?.ToString() ?? (link.LastInterruption is null ? "none: nothing was ever wrong" : null)),
            ("since", Figures.Time(link.Since)),
            ("evidence", link.Evidence),
            ("last interruption", link.LastInterruption is { } last ? $"{last.Cause}: {last.Evidence}" : null),
            ("what to do", link.Advice),
            ("warning", link.Warning),
            ("paused", Paused(link.Pause)),
            ("waiting", $"{Figures.Messages(link.Messages)}, "
                + $"{Figures.Bytes(link.Bytes)}{(link.OldestAgeSeconds is { } age ? $", the oldest for {Figures.Span(age)}" : "")}"));
        foreach (var part in Candidates(details.Candidates, link.LastInterruption is not null)) yield return part;
        foreach (var pattern in details.Patterns) yield return Listing.Line($"pattern: {pattern.Text}");
        foreach (var doubt in details.InDoubt) yield return Listing.Line($"in doubt: {Doubt(doubt)}; known when the link is up again; "
            + $"'gateway queue peek {doubt.Queue}@{link.Peer} --state in-doubt' lists them");
        foreach (var line in Resolved(details.History)) yield return Listing.Line(line);
        if (details.Queues.Count == 0) yield break;
        yield return new Text("");
        yield return QueueReport.List(details.Queues);
    }

    public static IRenderable History(IReadOnlyList<LinkChangeView> changes)
    {
        var table = new Listing(new Column("when"), new Column("state"), new Column("cause"), Column.Figure("was up", 1),
            Column.Figure("quiet", 2), Column.Words("evidence"));
        foreach (var change in changes)
        {
            var evidence = string.Join("; ", change.InDoubt.Select(doubt => $"in doubt: {Doubt(doubt)}{Outcome(change.State, doubt)}")
                .Prepend(change.Evidence));
            table.Add(Figures.Time(change.At), State(change.State), change.ToCauseText(), Figures.Span(change.UpSeconds),
                Figures.Span(change.QuietSeconds), evidence);
        }

        return table;
    }

    /// <summary>Empty for a healthy link.</summary>
    public static string ToDo(LinkView peer) => string.Join(' ', new[]
    {
        IsWell(peer) ? "" : peer.Advice,
        peer.Warning ?? "",
        Paused(peer.Pause) is { } paused ? $"Paused {paused}." : "",
    }.Where(text => text.Length > 0));

    /// <summary>A link that is up and needs attention, such as one whose peer takes nothing, comes with advice.</summary>
    private static bool IsWell(LinkView peer) => peer.State == LinkState.Up && (peer.Advice.Length == 0 || peer.Cause is null);

    public static ListingCell State(LinkState state) => new(HttpJson.NameOf(state), state switch
    {
        LinkState.Up => Color.Green,
        LinkState.Down => Color.Red,
        _ => Color.Yellow,
    });

    /// <summary>Null when not paused.</summary>
    public static string? Paused(PauseView? pause) =>
        pause is null ? null : $"by {pause.Who} since {Figures.Time(pause.At)}{(pause.Why.Length > 0 ? $": {pause.Why}" : "")}";

    private static IEnumerable<IRenderable> Candidates(IReadOnlyList<LinkCandidate> candidates, bool isOver)
    {
        // A single candidate is the cause itself.
        if (candidates.Count < 2) yield break;
        var table = new Listing(Column.Figure(""), new Column("cause"), Column.Words("evidence"));
        foreach (var (index, candidate) in candidates.Index()) table.Add($"{index + 1}.", candidate.Cause.ToString(), candidate.Why);
        yield return new Text(isOver ? "\nPossible causes of the last interruption, likeliest first:"
            : "\nPossible causes, likeliest first:");
        yield return table;
    }

    /// <summary>The outcome of the messages that were in doubt before the link last came up.</summary>
    private static IEnumerable<string> Resolved(IReadOnlyList<LinkChangeView> changes)
    {
        if (changes.LastOrDefault(change => change is { State: LinkState.Up, InDoubt.Count: > 0 }) is not { } resolved) yield break;
        foreach (var doubt in resolved.InDoubt)
            yield return $"in doubt before {Figures.Time(resolved.At)}: {Doubt(doubt)}{Outcome(resolved.State, doubt)}";
    }

    private static string Doubt(InDoubt doubt) =>
        $"{Figures.Messages(doubt.Messages)} of {doubt.Queue}, {Figures.Numbers(doubt.First, doubt.Last)}";

    private static string Outcome(LinkState state, InDoubt doubt) =>
        state == LinkState.Up ? $": {doubt.StoredThere} stored there already, {doubt.SentAgain} sent again" : "";
}
