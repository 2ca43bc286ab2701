using System.Globalization;
using Gateway.Cli.Api;
using Gateway.Cli.Shell;
using Gateway.Http.Resources;
using Gateway.Http.Views;
using Gateway.Store.Browsing;
using Gateway.Store.Messages;

namespace Gateway.Cli.Operator;

/// <summary>Lists messages of one queue or several, or dead letters, up to the requested number.</summary>
internal static class MessagePages
{
    private const int PageMax = 1000;

    /// <param name="queue">Null for the dead letters.</param>
    public static Task<ExitCode> ShowAsync(ApiCall call, QueueId? queue, FilterRequest? filter, MessageState? state, long after,
        int limit, CancellationToken cancellationToken)
    {
        async Task<AllMessagesPage> ReadAsync(string? from, int max)
        {
            var page = await call.Client.ReadMessagesAsync(
                queue, filter, state, long.Parse(from!, CultureInfo.InvariantCulture), max, cancellationToken);
            return new AllMessagesPage(page.Messages, ApiPath.Number(page.Next), page.Damaged);
        }

        return ShowAsync(call, ReadAsync, ApiPath.Number(after), limit, filter is null
            && state is null ? "There are none." : "None matches.", cancellationToken);
    }

    /// <param name="after">Null for the first page.</param>
    public static Task<ExitCode> ShowAllAsync(ApiCall call, QueueChoice queues, FilterRequest? filter, MessageState? state,
        string? after, int limit, CancellationToken cancellationToken) =>
        ShowAsync(call, (from, max) => call.Client.ReadAllMessagesAsync(queues, filter, state, from, max, cancellationToken),
            after, limit, "None matches.", cancellationToken);

    /// <param name="readAsync">Reads a page from a cursor on, with at most the given number of messages.</param>
    private static async Task<ExitCode> ShowAsync(ApiCall call, Func<string?, int, Task<AllMessagesPage>> readAsync, string? after,
        int limit, string whenNone, CancellationToken cancellationToken)
    {
        var (found, damaged, next, progress) = (new List<EntryView>(), 0, after, new Progress(call.Terminal));
        do
        {
            var page = await readAsync(next, Math.Min(PageMax, limit - found.Count));
            found.AddRange(page.Messages);
            (damaged, next) = (damaged + page.Damaged.Count, page.Next);
            if (next is not null) progress.Show($"Looked up to {next}, found {Figures.Count(found.Count)} …");
        }
        while (found.Count < limit && next is not null);

        progress.Clear();
        await call.Output.WriteListAsync(found, MessageReport.List, whenNone, cancellationToken);
        if (damaged > 0) await call.Terminal.Error.WriteLineAsync(
            "Some messages cannot be read and are not listed; with the gateway stopped, 'gateway store check' tells which.");
        if (next is not null) await call.Terminal.Error.WriteLineAsync($"There may be more: go on with --after {next}.");
        return ExitCode.Ok;
    }
}
