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
    public static Table List(IReadOnlyList<QueueView> queues)
    {
        var table = Listing.Create("queue", "kind", "state", "-messages", "-size", "oldest", "-in", "-out", "-head", "-tail");
        foreach (var queue in queues)
        {
            table.AddRow(
                Listing.Cell(queue.Name),
                Listing.Cell(HttpJson.NameOf(queue.Kind)),
                Listing.Cell(HttpJson.NameOf(queue.State), queue.State == QueueCondition.Open ? null : Color.Yellow),
                Listing.Cell(Figures.Count(queue.Messages)),
                Listing.Cell(Figures.Size(queue.Bytes)),
                Listing.Cell(Figures.Age(queue.OldestAgeSeconds)),
                Listing.Cell(Figures.Rate(queue.StoredPerSecond)),
                Listing.Cell(Figures.Rate(queue.RemovedPerSecond)),
                Listing.Cell(Number(queue.Head)),
                Listing.Cell(Number(queue.Tail)));
        }

        return table;
    }

    public static IEnumerable<IRenderable> Details(QueueView queue)
    {
        yield return Listing.Facts(
            ("queue", queue.Name),
            ("kind", HttpJson.NameOf(queue.Kind)),
            ("state", HttpJson.NameOf(queue.State)),
            ("paused", PeerReport.Paused(queue.Pause)),
            ("operation", queue.Operation?.ToString()),
            ("messages", Figures.Count(queue.Messages)),
            ("size", Figures.Size(queue.Bytes)),
            ("oldest", queue.OldestAt is { } oldest ? $"{Figures.Time(oldest)}, for {Figures.Age(queue.OldestAgeSeconds)}" : null),
            ("numbers", queue.Messages > 0 ? $"{Number(queue.Head)} to {Number(queue.Tail)}"
                : $"none; the last one given is {Number(queue.Tail)}"),
            ("stored", Figures.Rate(queue.StoredPerSecond)),
            ("removed", Figures.Rate(queue.RemovedPerSecond)));
    }

    private static string Number(long number) => number.ToString(CultureInfo.InvariantCulture);
}
