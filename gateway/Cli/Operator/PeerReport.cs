using Gateway.Cli.Shell;
using Gateway.Http.Answers;
using Gateway.Http.Views;
using Gateway.Links;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace Gateway.Cli.Operator;

/// <summary>Renders peers and their links for people. Pure.</summary>
internal static class PeerReport
{
    public static Table List(IReadOnlyList<LinkView> peers)
    {
        var table = Listing.Create("peer", "state", "cause", "since", "-waiting", "-size", "oldest", "-sent", "+what to do");
        foreach (var peer in peers)
        {
            table.AddRow(
                Listing.Cell(peer.Peer),
                State(peer.State),
                Listing.Cell(peer.State == LinkState.Up ? "" : peer.Cause?.ToString()),
                Listing.Cell(Figures.Time(peer.Since)),
                Listing.Cell(Figures.Count(peer.Messages)),
                Listing.Cell(Figures.Size(peer.Bytes)),
                Listing.Cell(Figures.Age(peer.OldestAgeSeconds)),
                Listing.Cell(Figures.Rate(peer.SentPerSecond)),
                Listing.Cell(ToDo(peer)));
        }

        return table;
    }

    public static IEnumerable<IRenderable> Explain(LinkDetailsView details)
    {
        var link = details.Link;
        yield return Listing.Facts(
            ("peer", link.Peer),
            ("state", HttpJson.NameOf(link.State)),
            ("cause", link.Cause?.ToString() ?? "none: nothing was ever wrong"),
            ("since", Figures.Time(link.Since)),
            ("evidence", link.Evidence),
            ("what to do", link.Advice),
            ("warning", link.Warning),
            ("paused", Paused(link.Pause)),
            ("waiting", $"{Figures.Count(link.Messages)} messages, "
                + $"{Figures.Size(link.Bytes)}{(link.OldestAgeSeconds is { } age ? $", the oldest for {Figures.Age(age)}" : "")}"));
        foreach (var part in Candidates(details.Candidates)) yield return part;
        foreach (var pattern in details.Patterns) yield return Listing.Cell($"pattern: {pattern.Text}");
        foreach (var doubt in details.InDoubt) yield return Listing.Cell($"in doubt: {Doubt(doubt)}; known when the link is up again; "
            + $"'gateway queue peek {doubt.Queue}@{link.Peer} --state in-doubt' lists them");
        foreach (var line in Resolved(details.History)) yield return Listing.Cell(line);
        if (details.Queues.Count > 0) yield return QueueReport.List(details.Queues);
    }

    public static IRenderable History(IReadOnlyList<LinkChangeView> changes)
    {
        var table = Listing.Create("when", "state", "cause", "-was up", "-quiet", "+evidence");
        foreach (var change in changes)
        {
            var evidence = string.Join("; ", change.InDoubt.Select(doubt => $"in doubt: {Doubt(doubt)}{Outcome(change.State, doubt)}")
                .Prepend(change.Evidence));
            table.AddRow(Listing.Cell(Figures.Time(change.At)), State(change.State), Listing.Cell(change.Cause?.ToString()),
                Listing.Cell(Figures.Age(change.UpSeconds)), Listing.Cell(Figures.Age(change.QuietSeconds)), Listing.Cell(evidence));
        }

        return table;
    }

    /// <summary>Empty for a healthy link.</summary>
    public static string ToDo(LinkView peer) => string.Join(' ', new[]
    {
        peer.State == LinkState.Up && peer.Cause is null or LinkCause.PeerRestarted ? "" : peer.Advice,
        peer.Warning ?? "",
        Paused(peer.Pause) is { } paused ? $"Paused {paused}." : "",
    }.Where(text => text.Length > 0));

    public static Text State(LinkState state) => Listing.Cell(HttpJson.NameOf(state), state switch
    {
        LinkState.Up => Color.Green,
        LinkState.Down => Color.Red,
        _ => Color.Yellow,
    });

    /// <summary>Null when not paused.</summary>
    public static string? Paused(PauseView? pause) =>
        pause is null ? null : $"by {pause.Who} since {Figures.Time(pause.At)}{(pause.Why.Length > 0 ? $": {pause.Why}" : "")}";

    private static IEnumerable<IRenderable> Candidates(IReadOnlyList<LinkCandidate> candidates)
    {
        // A single candidate is the cause itself.
        if (candidates.Count < 2) yield break;
        var table = Listing.Create("-", "cause", "+what speaks for it");
        foreach (var (index, candidate) in candidates.Index()) table.Add($"{index + 1}.", candidate.Cause.ToString(), candidate.Why);
        yield return new Text("What fits, the likeliest first:");
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
        $"{Figures.Count(doubt.Messages)} messages of {doubt.Queue}, numbers {doubt.First} to {doubt.Last}";

    private static string Outcome(LinkState state, InDoubt doubt) =>
        state == LinkState.Up ? $": {doubt.StoredThere} were stored there already, {doubt.SentAgain} are sent again" : "";
}
