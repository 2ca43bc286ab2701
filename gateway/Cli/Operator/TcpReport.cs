using Gateway.Cli.Api;
using Gateway.Cli.Shell;
using Gateway.Http.Views;
using Gateway.Links.Causes;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace Gateway.Cli.Operator;

/// <summary>Renders inlets and outlets for people. Pure.</summary>
internal static class TcpReport
{
    public static IEnumerable<IRenderable> List(TcpView tcp)
    {
        if (tcp.Inlets.Count == 0 && tcp.Outlets.Count == 0)
            yield return new Text("There are neither inlets nor outlets; add them to Gateway:Tcp.");
        foreach (var part in Tables(tcp.Inlets, tcp.Outlets)) yield return part;
    }

    /// <summary>A table of each; none for none.</summary>
    public static IEnumerable<IRenderable> Tables(IReadOnlyList<InletView> inlets, IReadOnlyList<OutletView> outlets)
    {
        if (inlets.Count > 0) yield return Inlets(inlets);
        if (inlets.Count > 0 && outlets.Count > 0) yield return new Text("");
        if (outlets.Count > 0) yield return Outlets(outlets);
    }

    public static IEnumerable<IRenderable> Show(ShownTcp shown)
    {
        foreach (var part in shown.Inlet is { } inlet ? Show(inlet) : []) yield return part;
        if (shown is { Inlet: not null, Outlet: not null }) yield return new Text("");
        foreach (var part in shown.Outlet is { } outlet ? Show(outlet) : []) yield return part;
    }

    private static Listing Inlets(IReadOnlyList<InletView> inlets)
    {
        var table = new Listing(new Column("inlet"), new Column("state"), new Column("cause", 1), new Column("since", 7),
            new Column("address", 4), new Column("to", 3), Column.Figure("open", 2), Column.Figure("frames"), Column.Figure("size", 5),
            Column.Figure("replies", 6), Column.Words("what to do"));
        foreach (var inlet in inlets)
        {
            table.Add(inlet.Name, State(inlet), inlet.Cause?.ToString(), Figures.Time(inlet.Since), inlet.Address, inlet.Destination,
                Figures.Count(inlet.Open), Figures.Count(inlet.Frames), Figures.Bytes(inlet.Bytes), Figures.Count(inlet.Replies),
                ToDo(inlet.Cause is null ? "" : inlet.Advice, inlet.Pause));
        }

        return table;
    }

    private static Listing Outlets(IReadOnlyList<OutletView> outlets)
    {
        var table = new Listing(new Column("outlet"), new Column("state"), new Column("cause", 1), new Column("since", 8),
            new Column("queue", 4), new Column("target", 3), Column.Figure("open", 7), Column.Figure("waiting"), new Column("oldest", 2),
            Column.Figure("delivered", 5), Column.Figure("size", 6), Column.Words("what to do"));
        foreach (var outlet in outlets)
        {
            table.Add(outlet.Name, PeerReport.State(outlet.State), outlet.Cause?.ToString(), Figures.Time(outlet.Since), outlet.Queue,
                outlet.Target, Figures.Count(outlet.Open), Figures.Count(outlet.Messages), Figures.Span(outlet.OldestAgeSeconds),
                Figures.Count(outlet.Delivered), Figures.Bytes(outlet.Bytes),
                ToDo(outlet.Cause is null ? "" : outlet.Advice, outlet.Pause));
        }

        return table;
    }

    private static IEnumerable<IRenderable> Show(InletDetailsView details)
    {
        var inlet = details.Inlet;
        yield return Listing.Facts(
            ("inlet", inlet.Name),
            ("state", State(inlet).Text),
            ("cause", inlet.Cause?.ToString()),
            ("since", Figures.Time(inlet.Since)),
            ("evidence", inlet.Evidence),
            ("what to do", inlet.Advice),
            ("paused", PeerReport.Paused(inlet.Pause)),
            ("address", inlet.Address),
            ("to", inlet.Destination),
            ("framing", inlet.Framing),
            ("the program is told", inlet.Answer),
            ("connections", $"{Figures.Count(inlet.Open)} open, {Figures.Count(inlet.Accepted)} in all"
                + (inlet.Refused > 0 ? $", {Figures.Count(inlet.Refused)} refused" : "")),
            ("frames", $"{Figures.Count(inlet.Frames)}, {Figures.Bytes(inlet.Bytes)}"),
            ("replies", $"{Figures.Count(inlet.Replies)}, {Figures.Bytes(inlet.ReplyBytes)}"
                + (inlet.RepliesWaiting > 0 ? $"; {Figures.Waiting(inlet.RepliesWaiting)}" : "")),
            ("incomplete", Some(inlet.Incomplete, "ended within a frame; the piece is a dead letter")),
            ("no frames", Some(inlet.NotFrames, "closed, because the bytes were no frame; the log has the first of them")),
            ("unclaimed", Some(inlet.Unclaimed, "found no program", "reply", "replies")));
        foreach (var part in Past(details.Patterns, details.Conversations, inlet.Open, details.History)) yield return part;
    }

    private static IEnumerable<IRenderable> Show(OutletDetailsView details)
    {
        var outlet = details.Outlet;
        yield return Listing.Facts(
            ("outlet", outlet.Name),
            ("state", PeerReport.State(outlet.State).Text),
            ("cause", outlet.Cause?.ToString()),
            ("since", Figures.Time(outlet.Since)),
            ("evidence", outlet.Evidence),
            ("last interruption", outlet.LastInterruption is { } last ? $"{last.Cause}: {last.Evidence}" : null),
            ("what to do", outlet.Advice),
            ("paused", PeerReport.Paused(outlet.Pause)),
            ("queue", outlet.Queue),
            ("target", outlet.Target),
            ("program", outlet.Program),
            ("delivered means", outlet.Delivery),
            ("replies are framed", outlet.Framing),
            ("connections", $"{Figures.Count(outlet.Open)} open{(outlet.IsPerConversation ? ", one for each conversation" : "")}"),
            ("waiting", $"{Figures.Messages(outlet.Messages)}, {Figures.Bytes(outlet.MessageBytes)}"
                + (outlet.OldestAgeSeconds is { } age ? $", the oldest for {Figures.Span(age)}" : "")
                + (outlet.UnderWay > 0 ? $"; {Figures.Count(outlet.UnderWay)} under way" : "")),
            ("delivered", $"{Figures.Messages(outlet.Delivered)}, {Figures.Bytes(outlet.Bytes)}; now "
                + Figures.Rate(outlet.DeliveredPerSecond)),
            ("sent again", Some(outlet.SentAgain, "after the end of a connection", "message", "messages")),
            ("possibly seen twice", Some(outlet.PossiblySeenTwice, "of these", "message", "messages")),
            ("refused", Some(outlet.Refused, "by the target", "time", "times")),
            ("replies", $"{Figures.Count(outlet.Replies)}, {Figures.Bytes(outlet.ReplyBytes)}"),
            ("unclaimed", Some(outlet.Unclaimed, "belong to no conversation; they are dead letters", "reply", "replies")));
        foreach (var part in Past(details.Patterns, details.Connections, outlet.Open, details.History)) yield return part;
    }

    private static IEnumerable<IRenderable> Past(IReadOnlyList<LinkPattern> patterns, IReadOnlyList<ConversationView> conversations,
        int open, IReadOnlyList<LinkChangeView> history)
    {
        foreach (var pattern in patterns) yield return Listing.Line($"pattern: {pattern.Text}");
        foreach (var part in Conversations(conversations, open)) yield return part;
        if (history.Count == 0) yield break;
        yield return new Text("");
        yield return PeerReport.History(history);
    }

    private static IEnumerable<IRenderable> Conversations(IReadOnlyList<ConversationView> conversations, int open)
    {
        if (conversations.Count == 0) yield break;
        var table = new Listing(new Column("conversation", 2), new Column("program"), new Column("since", 3), new Column("cause"),
            Column.Figure("in"), Column.Figure("size", 4), Column.Figure("out"), Column.Figure("size", 4), Column.Words("evidence"));
        foreach (var one in conversations)
        {
            table.Add(one.Id.Length > 0 ? one.Id : "all", one.Remote, Figures.Time(one.Since), one.Cause?.ToString(),
                Figures.Count(one.FramesIn), Figures.Bytes(one.BytesIn), Figures.Count(one.FramesOut), Figures.Bytes(one.BytesOut),
                one.Evidence);
        }

        yield return new Text("");
        yield return table;
        if (open > conversations.Count)
            yield return new Text($"And {Figures.Counted(open - conversations.Count, "older connection")}.");
    }

    private static ListingCell State(InletView inlet) => (inlet.State, inlet.Cause) switch
    {
        (LinkState.Up, null) => new ListingCell("listens", Color.Green),
        (LinkState.Up, _) => new ListingCell("holds back", Color.Yellow),
        (LinkState.Paused, _) => PeerReport.State(inlet.State),
        (LinkState.Connecting, _) => new ListingCell("opening", Color.Yellow),
        _ => new ListingCell("down", Color.Red),
    };

    private static string ToDo(string advice, PauseView? pause) => string.Join(' ', new[]
    {
        advice,
        PeerReport.Paused(pause) is { } paused ? $"Paused {paused}." : "",
    }.Where(text => text.Length > 0));

    /// <summary>Null for none.</summary>
    private static string? Some(long count, string what, string one = "conversation", string? many = null) =>
        count == 0 ? null : $"{Figures.Counted(count, one, many)} {what}";
}
