using Gateway.Http.Answers;
using Gateway.Http.Resources;
using Gateway.Http.Views;
using Gateway.Management;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace Gateway.Cli.Operator;

/// <summary>Describes a planned, running or finished action on messages. Pure.</summary>
internal static class OperationReport
{
    public static IEnumerable<IRenderable> Hits(StartRequest request, HitsView hits, bool isSure)
    {
        var place = Place(request.Queue);
        if (hits.Messages == 0)
        {
            yield return new Text(request.Number is
            { } number ? $"There is no number {number} in {place}; nothing to do." : $"No message of {place} is meant; nothing to do.");
            yield break;
        }

        var to = request.Destination.Length > 0 ? $" to {request.Destination}" : "";
        var first = hits.Messages > hits.First.Count ? $"; the first {hits.First.Count}:" : ":";
        yield return new Text(
            $"{(isSure ? "This is to" : "This would")} {Infinitive(request.Kind)} {Figures.Messages(hits.Messages)} of {place}{to}{first}");
        yield return MessageReport.List(hits.First);
    }

    public static string Scanning(ScanProgress scan) => scan.Tail is { } tail
        ? $"Looked up to number {Figures.Count(scan.ScannedUpTo)} of {Figures.Count(tail)}, found {Figures.Count(scan.Found)} …"
        : $"Looked up to number {Figures.Count(scan.ScannedUpTo)}, found {Figures.Count(scan.Found)} …";

    public static string Progress(OperationView operation) => $"Looked at {Figures.Count(operation.Scanned)} "
        + $"of {Figures.Count(operation.Total)}, {Past(operation.Kind).ToLowerInvariant()} {Figures.Count(operation.Changed)} …";

    public static string Ended(OperationView operation)
    {
        var state = operation.State switch
        {
            OperationState.Done => "",
            OperationState.Running => " It is still at its last piece.",
            _ => $" It was not completed: it is {HttpJson.NameOf(operation.State)}; what it did stays done.",
        };
        var text = operation.Text.Length > 0 ? $" {ForeignText.Plain(Figures.Sentence(operation.Text))}" : "";
        var left = operation.Left > 0 && operation.Queue
            is not null ? " Messages that may have arrived can be included with --include-in-doubt." : "";
        return $"{Past(operation.Kind)} {Figures.Messages(operation.Changed)} of "
            + $"{Place(operation.Queue)}{(operation.Destination is { } to ? $" to {to}" : "")}.{state}{text}{left}";
    }

    public static string Infinitive(OperationKind kind) => HttpJson.NameOf(kind);

    private static string Past(OperationKind kind) => kind switch
    {
        OperationKind.Purge => "Purged",
        OperationKind.DeadLetter => "Dead-lettered",
        OperationKind.Redirect => "Redirected",
        OperationKind.Return => "Returned",
        _ => throw new ArgumentOutOfRangeException(nameof(kind)),
    };

    private static string Place(QueueName? queue) =>
        queue is null ? "the dead letters" : $"{HttpJson.NameOf(queue.Kind)} {queue.Name}";
}
