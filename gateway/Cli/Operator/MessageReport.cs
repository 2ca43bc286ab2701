using System.Globalization;
using Gateway.Cli.Api;
using Gateway.Cli.Shell;
using Gateway.Http.Answers;
using Gateway.Http.Views;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace Gateway.Cli.Operator;

/// <summary>Renders messages for people. Pure.</summary>
internal static class MessageReport
{
    /// <summary>Lists messages of one queue, of several with the queue's name, or dead letters with their reason.</summary>
    public static Listing List(IReadOnlyList<EntryView> entries)
    {
        var areLetters = entries.Any(entry => entry.DeadLetter is not null);
        // A stopped gateway cannot tell how its messages stand.
        var hasStates = entries.Any(entry => entry.State is not null);
        Column[] place = entries.Any(entry => entry.Queue is not null) ? [new Column("queue")] : [];
        // The most wanted column comes first: the reason of a dead letter, the state of a message.
        Column[] rest = areLetters
            ? [new Column("from", 1), new Column("reason"), new Column("dead since", 2), Column.Words("text")]
            : hasStates ? [new Column("state", 1), Column.Words("more")] : [Column.Words("more")];
        Column[] deliveries = areLetters ? [] : [Column.Figure("deliveries", 7)];
        var table = new Listing([.. place, Column.Figure("number"), new Column("id", areLetters ? 4 : 2), new Column("accepted", 3),
            new Column("source", 6), Column.Figure("size", 5), .. deliveries, .. rest]);
        foreach (var entry in entries)
        {
            string?[] queue = place.Length > 0 ? [entry.Queue?.Name] : [];
            string?[] common =
            [
                Number(entry.Number), entry.Id.ToString(), Figures.Time(entry.AcceptedAt), entry.Source,
                    Figures.Bytes((long)entry.HeadersBytes + entry.BodyBytes),
            ];
            string?[] times = areLetters ? [] : [entry.Deliveries is { } count ? Number(count) : null];
            string?[] more = entry.DeadLetter is { } letter
                ? [$"{letter.Queue.Name} {Number(letter.MessageNumber)}", HttpJson.NameOf(letter.Reason), Figures.Time(letter.At),
                    letter.Text]
                : areLetters ? ["", "", "", ""] : hasStates ? [ApiPath.Word(entry.State), More(entry)] : [More(entry)];
            table.Add(queue.Concat(common).Concat(times).Concat(more).Select(cell => new ListingCell(cell)));
        }

        return table;
    }

    public static IEnumerable<IRenderable> Details(MessageDetailsView message)
    {
        var letter = message.DeadLetter;
        yield return Listing.Facts(
            ("number", Number(message.Number)),
            ("id", message.Id?.ToString()),
            ("accepted", Figures.Time(message.AcceptedAt)),
            ("expires", Figures.Time(message.ExpiresAt)),
            ("source", message.Source),
            ("deliveries", message.Deliveries is { } deliveries ? Number(deliveries) : null),
            ("not before", Figures.Time(message.NotBefore)),
            ("dead letter", letter is null ? null : $"{HttpJson.NameOf(letter.Reason)} since {Figures.Time(letter.At)}, was number "
                + $"{Number(letter.MessageNumber)} of {letter.Queue.Name}: {letter.Text}"));
        if (message.IsDamaged) yield return new Text("Its bytes are damaged and cannot be read; 'gateway store check' tells more.");
        if (message.Headers is { Count: > 0 } headers)
            yield return Listing.Facts(headers.OrderBy(header => header.Key, StringComparer.Ordinal)
            .Select(header => ($"header {ForeignText.Plain(header.Key)}", (string?)header.Value)));
        if (message.Body is not { } body) yield break;
        var part = body.ShownBytes < body.Bytes ? $", the first {Figures.Count(body.ShownBytes)} of them shown; --body gives all" : "";
        yield return new Text($"body: {HttpJson.NameOf(body.Kind)}, {Figures.Counted(body.Bytes, "byte")}{part}");
        if (body.Text is { } text) yield return new Text(
            string.Join('\n', text.ReplaceLineEndings("\n").Split('\n').Select(line => ForeignText.Plain(line.Replace('\t', ' ')))));
        if (body.Hex is { } hex) yield return new Text(hex);
    }

    public static IEnumerable<IRenderable> Trace(TraceView trace)
    {
        var table = new Listing(new Column("when"), new Column("step"), Column.Words("what"));
        foreach (var step in trace.Steps) table.Add(Figures.Time(step.At), step.Step, step.Text);
        yield return new Text($"number {Number(trace.Number)}, id {trace.Id?.ToString() ?? "unknown: its bytes are damaged"}");
        yield return table;
    }

    public static Listing Groups(IReadOnlyList<DeadLetterGroupView> groups)
    {
        var table = new Listing(new Column("queue"), new Column("kind", 4), new Column("reason"), Column.Figure("messages"),
            Column.Figure("size", 3), new Column("first", 2), new Column("last", 1));
        foreach (var group in groups)
            table.Add(group.Queue.Name, HttpJson.NameOf(group.Queue.Kind), HttpJson.NameOf(group.Reason), Figures.Count(group.Messages),
                Figures.Bytes(group.Bytes), Figures.Time(group.FirstAt), Figures.Time(group.LastAt));
        return table;
    }

    private static string More(EntryView entry) => string.Join(", ", new[]
    {
        entry.NotBefore is { } until ? $"waits until {Figures.Time(until)}" : "",
        entry.ExpiresAt is { } end ? $"expires {Figures.Time(end)}" : "",
    }.Where(text => text.Length > 0));

    private static string Number(long number) => number.ToString(CultureInfo.InvariantCulture);
}
