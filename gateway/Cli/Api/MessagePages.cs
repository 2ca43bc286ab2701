using System.Globalization;
using Gateway.Http.Resources;
using Gateway.Http.Views;
using Gateway.Store;

namespace Gateway.Cli.Api;

/// <summary>Lists messages of a queue, or dead letters, as many as were asked for.</summary>
internal static class MessagePages
{
    private const int PageMax = 1000;

    /// <param name="queue">Null for the dead letters.</param>
    public static async Task<ExitCode> ShowAsync(ApiCall call, QueueId? queue, FilterRequest? filter, long after, int limit, CancellationToken cancellationToken)
    {
        var (found, damaged, next, progress) = (new List<EntryView>(), 0, (long?)after, new Progress(call.Terminal));
        while (found.Count < limit && next is { } from)
        {
            var page = await call.Client.ReadMessagesAsync(queue, filter, from, Math.Min(PageMax, limit - found.Count), cancellationToken);
            found.AddRange(page.Messages);
            (damaged, next) = (damaged + page.Damaged.Count, page.Next);
            if (next is { } number) progress.Show(OperationReport.Scanning(new ScanProgress(number, null, found.Count)));
        }

        progress.Clear();
        await call.Output.WriteListAsync(found, MessageReport.List, filter is null ? "There are none." : "None matches.", cancellationToken);
        if (damaged > 0) await call.Terminal.Error.WriteLineAsync("Some messages cannot be read and are not listed; with the gateway stopped, 'gateway store check' tells which.");
        if (next is { } more) await call.Terminal.Error.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"There may be more: go on with --after {more}."));
        return ExitCode.Ok;
    }
}
