using System.Buffers;
using System.CommandLine;
using Gateway.Cli.Shell;
using Gateway.Http.Transfer;
using Gateway.Store.Browsing;
using Gateway.Store.Commands;
using Gateway.Store.Messages;

namespace Gateway.Cli.Offline;

/// <summary>Exports the messages of a queue, or the dead letters, of a stopped gateway, in the format of a running one.</summary>
internal static class StoreExportVerb
{
    private const int PageEntries = 200;
    private const int WriteBytes = 64 * 1024;

    public static Command Create(Terminal terminal)
    {
        var store = new StorePlaceOptions();
        var queue = new Argument<string?>("queue") { Description = $"The queue: {QueueArgument.Forms}.", Arity = ArgumentArity.ZeroOrOne };
        var deadLetters = new Option<bool>("--dead-letters") { Description = "Export the dead letters instead." };
        var file = new Option<FileInfo?>("--file")
        { Description = "A new file for it; without, it goes to the standard output.", HelpName = "FILE" };
        var after = new Option<long>("--after") { Description = "Only numbers above this.", HelpName = "N" };
        var filter = new BrowseOptions();
        var command = new Command("export", "Write the messages of a gateway that is stopped, a line each, with checksums; they "
            + "stay where they are.") { queue, deadLetters, file, after };
        filter.AddTo(command);
        command.Validators.Add(result =>
        {
            if (result.GetValue(deadLetters) == result.GetValue(queue) is not null) result.AddError("Give a queue or --dead-letters.");
        });
        store.AddTo(command);
        command.SetAction((parsed, cancellationToken) => Verb.RunAsync(terminal, async () =>
        {
            QueueId? place = parsed.GetValue(queue) is { } name ? QueueArgument.Parse(name) : null;
            // An existing file is left alone.
            await using var target = parsed.GetValue(file) is { } given ? FileDoor.CreateToWrite(given.FullName) : null;
            var (messages, damaged) = Export(store.Read(parsed), place, parsed.GetValue(after),
                filter.Read(parsed, terminal.Time.GetUtcNow()), target ?? terminal.ForeignOutput, terminal.Time.GetUtcNow(),
                cancellationToken);
            if (target is null) await terminal.SettleAsync(cancellationToken);
            foreach (var group in damaged)
                await terminal.Error.WriteLineAsync($"Group {group} cannot be read; its messages are not in the export.");
            await terminal.Error.WriteLineAsync($"Exported {Figures.Messages(messages)}.");
            return damaged.Count > 0 ? ExitCode.Damaged : ExitCode.Ok;
        }));
        return command;
    }

    private static (long Messages, List<long> Damaged) Export(StorePlace folder, QueueId? place, long after, BrowseFilter filter,
        Stream to, DateTimeOffset now, CancellationToken cancellationToken)
    {
        using var store = OfflineStore.Open(folder);
        if (place is { } id && store.Messages.State.Find(id) is null) throw new CommandLineException(
            ExitCode.Failed, $"There is no queue {id.Name} in {store.Path}; 'gateway store ls' lists its queues.");
        var output = new ArrayBufferWriter<byte>();
        using var lines = new ExportLines(output);
        lines.Begin(Guid.CreateVersion7(now), folder.GatewayName, place?.ToString() ?? "dead letters", after, now);
        var (messages, damaged, isEnd) = (0L, new List<long>(), false);
        while (!isEnd)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var page = store.Read(new BrowseCommand(place, after, filter, PageEntries, _ => { })).Page;
            damaged.AddRange(page.Damaged.Except(damaged));
            foreach (var entry in page.Entries)
            {
                if (store.Read(new ReadOneCommand(place, entry.Number, _ => { })).Found is not { } message) continue;
                lines.Add(message with { Number = entry.Number });
                messages++;
                if (output.WrittenCount >= WriteBytes) Write(output, to);
            }

            (after, isEnd) = (page.ScannedUpTo, page.IsEnd);
        }

        lines.Finish();
        Write(output, to);
        to.Flush();
        return (messages, damaged);
    }

    private static void Write(ArrayBufferWriter<byte> output, Stream to)
    {
        to.Write(output.WrittenSpan);
        output.ResetWrittenCount();
    }
}
