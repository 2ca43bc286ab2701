using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using Gateway.Cli.Shell;
using Gateway.Store.Browsing;
using Gateway.Store.Commands;
using Gateway.Store.Messages;

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
        var limit = WholeNumber.Option("--limit", "List at most so many.", standard: 100, least: 1);
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
                foreach (var line in Queues(store.Read(parsed), isJson)) await terminal.WriteLineAsync(line, cancellationToken);
                return ExitCode.Ok;
            }

            QueueId? place = parsed.GetValue(queue) is { } name ? QueueArgument.Parse(name) : null;
            var found = Find(store.Read(parsed), place, parsed.GetValue(after), parsed.GetValue(limit),
                filter.Read(parsed, terminal.Time.GetUtcNow()), cancellationToken);
            foreach (var entry in found.Entries)
                await terminal.WriteLineAsync(isJson ? BrowseLine.Json(entry) : BrowseLine.Text(entry), cancellationToken);
            foreach (var group in found.Damaged)
                await terminal.Error.WriteLineAsync($"Group {group} cannot be read; its messages are not listed.");
            if (!found.IsEnd) await terminal.Error.WriteLineAsync(
                string.Create(CultureInfo.InvariantCulture, $"There may be more: go on with --after {found.ScannedUpTo}."));
            return found.Damaged.Count > 0 ? ExitCode.Damaged : ExitCode.Ok;
        }));
        return command;
    }

    private static List<string> Queues(StorePlace folder, bool isJson)
    {
        using var store = OfflineStore.Open(folder);
        return [.. store.Messages.State.Queues.Select(queue => isJson
            ? new JsonObject { ["queue"] = queue.Id.Name, ["messages"] = queue.Messages, ["bytes"] = queue.Bytes,
                ["lastNumber"] = queue.LastNumber }.ToJsonString()
            : string.Create(CultureInfo.InvariantCulture,
                $"{queue.Id,-50} {Figures.Count(queue.Messages),12} messages {Figures.Count(queue.Bytes),16} bytes, last number "
                    + $"{queue.LastNumber}"))];
    }

    private static BrowsePage Find(StorePlace folder, QueueId? place, long after, int limit, BrowseFilter filter,
        CancellationToken cancellationToken)
    {
        using var store = OfflineStore.Open(folder);
        if (place is { } id && store.Messages.State.Find(id) is null) throw new CommandLineException(
            ExitCode.Failed, $"There is no queue {id.Name} in {store.Path}; 'store ls' lists those that are.");
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
