using System.Globalization;
using Gateway.Cli.Shell;
using Gateway.Http.Answers;
using Gateway.Http.Views;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace Gateway.Cli.Operator;

/// <summary>Renders queues for people. Pure.</summary>
internal static class QueueReport
{
    public static Listing List(IReadOnlyList<QueueView> queues)
    {
        var table = new Listing(new Column("queue"), new Column("kind", 3), new Column("state", 2), Column.Figure("messages"),
            Column.Figure("size", 4), new Column("oldest", 1), Column.Figure("in", 5), Column.Figure("out", 6), Column.Figure("head", 8),
            Column.Figure("tail", 7));
        foreach (var queue in queues)
        {
            table.Add(
                queue.Name,
                HttpJson.NameOf(queue.Kind),
                new ListingCell(State(queue), queue.State == QueueCondition.Open ? null : queue.IsFull ? Color.Red : Color.Yellow),
                Figures.Count(queue.Messages),
                Figures.Bytes(queue.Bytes),
                Figures.Span(queue.OldestAgeSeconds),
                Figures.Rate(queue.StoredPerSecond),
                Figures.Rate(queue.RemovedPerSecond),
                Number(queue.Head),
                Number(queue.Tail));
        }

        return table;
    }

    public static IEnumerable<IRenderable> Details(QueueView queue)
    {
        yield return Listing.Facts(
            ("queue", queue.Name),
            ("kind", HttpJson.NameOf(queue.Kind)),
            ("state", State(queue)),
            ("full", queue.IsFull ? "another message of the mean size is rejected until some have left (Store:QueueMessagesMax, "
                + "Store:QueueBytesMax)" : null),
            ("paused", PeerReport.Paused(queue.Pause)),
            ("operation", queue.Operation?.ToString()),
            ("messages", Figures.Count(queue.Messages)),
            ("size", Figures.Bytes(queue.Bytes)),
            ("oldest", queue.OldestAt is { } oldest ? $"{Figures.Time(oldest)}, for {Figures.Span(queue.OldestAgeSeconds)}" : null),
            ("numbers", queue.Messages > 0 ? $"{Number(queue.Head)} to {Number(queue.Tail)}"
                : $"none; the last one given is {Number(queue.Tail)}"),
            ("stored", Figures.Rate(queue.StoredPerSecond)),
            ("removed", Figures.Rate(queue.RemovedPerSecond)));
    }

    private static string State(QueueView queue)
    {
        var state = HttpJson.NameOf(queue.State);
        return queue.IsFull && queue.State != QueueCondition.Full ? $"{state}, {HttpJson.NameOf(QueueCondition.Full)}" : state;
    }

    private static string Number(long number) => number.ToString(CultureInfo.InvariantCulture);
}
