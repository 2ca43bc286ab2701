using System.CommandLine;
using System.Globalization;
using Gateway.Cli.Operator;
using Gateway.Cli.Shell;
using Gateway.Http.Answers;
using Gateway.Http.Views;
using Gateway.Store.Browsing;
using Gateway.Store.Commands;
using Gateway.Store.Messages;
using Gateway.Store.State;

namespace Gateway.Cli.Offline;

/// <summary>Lists the queues of a store, the messages of one queue, or the dead letters.</summary>
internal static class StoreListVerb
{
    private const int PageEntries = 200;

    public static Command Create(Terminal terminal)
    {
        var store = new StorePlaceOptions();
        var queue = new Option<string?>("--queue")
        { Description = $"List the messages of this queue: {QueueArgument.Forms}. Without it, the queues.", HelpName = "NAME" };
        var deadLetters = new Option<bool>("--dead-letters") { Description = "List the dead letters." };
        var after = new Option<long>("--after") { Description = "Begin after this number.", HelpName = "N" };
        var limit = WholeNumber.Option("--limit", "The largest number of rows.", standard: 100, least: 1);
        var json = new Option<bool>("--json") { Description = "Print a JSON object a line." };
        var filter = new BrowseOptions();
        var command = new Command("ls", "List the queues of a gateway that is stopped, or the messages of one.")
            { queue, deadLetters, after, limit, json };
        filter.AddTo(command);
        command.Validators.Add(result =>
        {
            if (result.GetValue(deadLetters) && result.GetValue(queue) is not null)
                result.AddError("Give --queue or --dead-letters, not both.");
        });
        store.AddTo(command);
        command.SetAction((parsed, cancellationToken) => Verb.RunAsync(terminal, async () =>
        {
            var isJson = parsed.GetValue(json);
            if (parsed.GetValue(queue) is null && !parsed.GetValue(deadLetters))
            {
                await WriteQueuesAsync(QueuesOf(store.Read(parsed)), isJson, terminal, cancellationToken);
                return ExitCode.Ok;
            }

            QueueId? place = parsed.GetValue(queue) is { } name ? QueueArgument.Parse(name) : null;
            var found = Find(store.Read(parsed), place, parsed.GetValue(after), parsed.GetValue(limit),
                filter.Read(parsed, terminal.Time.GetUtcNow()), cancellationToken);
            if (isJson) foreach (var entry in found.Entries) await terminal.WriteLineAsync(BrowseLine.Json(entry), cancellationToken);
            else if (found.Entries.Count > 0) await new Output(terminal, OutputFormat.Table)
                .WriteAsync([MessageReport.List([.. found.Entries.Select(entry => EntryView.Of(entry))])], cancellationToken);
            foreach (var group in found.Damaged)
                await terminal.Error.WriteLineAsync($"Group {group} cannot be read; its messages are not listed.");
            if (!found.IsEnd) await terminal.Error.WriteLineAsync(
                string.Create(CultureInfo.InvariantCulture, $"There may be more: go on with --after {found.ScannedUpTo}."));
            return found.Damaged.Count > 0 ? ExitCode.Damaged : ExitCode.Ok;
        }));
        return command;
    }

    private static List<QueueState> QueuesOf(StorePlace folder)
    {
        using var store = OfflineStore.Open(folder);
        return [.. store.Messages.State.Queues];
    }

    private static async Task WriteQueuesAsync(
        List<QueueState> queues, bool isJson, Terminal terminal, CancellationToken cancellationToken)
    {
        if (isJson)
        {
            foreach (var queue in queues) await terminal.WriteLineAsync(BrowseLine.Json(queue), cancellationToken);
            return;
        }

        var table = new Listing(new Column("queue"), new Column("kind", 1), Column.Figure("messages"), Column.Figure("size", 2),
            Column.Figure("last number", 3));
        foreach (var queue in queues)
            table.Add(queue.Id.Name, HttpJson.NameOf(queue.Id.Kind), Figures.Count(queue.Messages), Figures.Bytes(queue.Bytes),
                queue.LastNumber.ToString(CultureInfo.InvariantCulture));
        await new Output(terminal, OutputFormat.Table)
            .WriteAsync([queues.Count > 0 ? table : Listing.Line("The store has no queues.")], cancellationToken);
    }

    private static BrowsePage Find(StorePlace folder, QueueId? place, long after, int limit, BrowseFilter filter,
        CancellationToken cancellationToken)
    {
        using var store = OfflineStore.Open(folder);
        if (place is { } id && store.Messages.State.Find(id) is null) throw new CommandLineException(
            ExitCode.Failed, $"There is no queue {id.Name} in {store.Path}; 'gateway store ls' lists its queues.");
        var (entries, damaged) = (new List<BrowseEntry>(), new List<long>());
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var page = store.Read(new BrowseCommand(place, after, filter, Math.Min(PageEntries, limit - entries.Count), _ => { })).Page;
            entries.AddRange(page.Entries);
            damaged.AddRange(page.Damaged.Except(damaged));
            after = page.ScannedUpTo;
            if (page.IsEnd || entries.Count >= limit) return new BrowsePage(entries, after, page.IsEnd, damaged);
        }
    }
}
