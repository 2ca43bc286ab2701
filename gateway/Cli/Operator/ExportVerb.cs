using System.CommandLine;
using Gateway.Cli.Api;
using Gateway.Cli.Shell;
using Gateway.Logging;
using Gateway.Store.Messages;

namespace Gateway.Cli.Operator;

/// <summary>Exports the messages of a queue, or the dead letters, to a file; the messages stay in place.</summary>
internal static class ExportVerb
{
    public static Command OfQueue(Terminal terminal)
    {
        var queue = ApiArguments.Queue();
        return Create(terminal, new Command("export", "Write the messages of a queue, a line each, with checksums; they stay where "
            + "they are.") { queue }, new FilterOptions(), parsed => parsed.QueueOf(queue));
    }

    public static Command OfDeadLetters(Terminal terminal) =>
        Create(terminal, new Command("export", "Write the dead letters, a line each, with checksums; they stay where they are, and "
            + "'queue import' takes them into a queue."), new FilterOptions(ofDeadLetters: true), _ => null);

    /// <param name="queueOf">Null for the dead letters.</param>
    private static Command Create(Terminal terminal, Command command, FilterOptions filter, Func<ParseResult, QueueId?> queueOf)
    {
        var after = ApiArguments.After();
        var file = new Option<FileInfo?>("--file")
        { Description = "A new file for it; without, it goes to the standard output.", HelpName = "FILE" };
        command.Options.Add(file);
        command.Options.Add(after);
        filter.AddTo(command);
        return command.OnApi(terminal, async (call, cancellationToken) =>
        {
            using var answer = await call.Client.ExportAsync(
                queueOf(call.Parsed), filter.Read(call.Parsed, terminal.Time.GetUtcNow()), call.Parsed.GetValue(after), cancellationToken);
            await using var lines = await answer.Content.ReadAsStreamAsync(cancellationToken);
            // An existing file is left alone.
            await using var target = call.Parsed.GetValue(file) is { } path ? FileDoor.CreateToWrite(path.FullName) : null;
            return await CopyAsync(call, new ExportCopy(lines, target ?? terminal.ForeignOutput, call.Parsed.GetValue(after)),
                target is null,
                cancellationToken);
        });
    }

    /// <summary>Writes all messages of a queue to a new file.</summary>
    public static async Task ToFileAsync(ApiCall call, QueueId queue, string path, CancellationToken cancellationToken)
    {
        using var answer = await call.Client.ExportAsync(queue, null, 0, cancellationToken);
        await using var lines = await answer.Content.ReadAsStreamAsync(cancellationToken);
        await using var target = FileDoor.CreateToWrite(path);
        await CopyAsync(call, new ExportCopy(lines, target, 0), isForReader: false, cancellationToken);
        target.Flush(flushToDisk: true);
    }

    private static async Task<ExitCode> CopyAsync(ApiCall call, ExportCopy copy, bool isForReader, CancellationToken cancellationToken)
    {
        var progress = new Progress(call.Terminal);
        try
        {
            await copy.RunAsync(messages => progress.Show($"Exported {Figures.Messages(messages)} …"), cancellationToken);
            if (isForReader) await call.Terminal.SettleAsync(cancellationToken);
        }
        catch (OutputLostException lost)
        {
            progress.Clear();
            throw new CommandLineException(ExitCode.OutputLost,
                $"{lost.Message} What was printed is no whole export; the messages are where they were.");
        }
        catch (OperationCanceledException)
        {
            progress.Clear();
            await call.Terminal.Error.WriteLineAsync(Cut(copy));
            throw;
        }
        catch (HttpRequestException)
        {
            // The gateway ended during the export: handled like a missing last line.
        }

        progress.Clear();
        if (!copy.IsWhole) throw new CommandLineException(ExitCode.Failed, Cut(copy));
        await call.Terminal.Error.WriteLineAsync($"Exported {Figures.Messages(copy.Messages)}.");
        return ExitCode.Ok;
    }

    private static string Cut(ExportCopy copy) =>
        $"The export is cut after {Figures.Messages(copy.Messages)}. The exported part is valid: continue with --after {copy.Last} into "
            + $"another file, and import both.";
}
