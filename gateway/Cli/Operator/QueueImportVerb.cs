using System.CommandLine;
using Gateway.Cli.Api;
using Gateway.Cli.Shell;
using Gateway.Http.Transfer;

namespace Gateway.Cli.Operator;

/// <summary>Imports the messages of an export into a queue.</summary>
internal static class QueueImportVerb
{
    public static Command Create(Terminal terminal)
    {
        var queue = ApiArguments.Queue();
        var file = new Argument<string>("file") { Description = "The file that export wrote; - for the standard input." };
        var newIds = new Option<bool>("--new-ids")
        { Description = "Messages get new ids, the same ones whenever the same file is imported." };
        var skip = new Option<long>("--skip")
        { Description = "The number of messages at the beginning that are checked and not imported.", HelpName = "N" };
        var checkOnly = new Option<bool>("--check-only") { Description = "Only check the lines, and take none." };
        var command = new Command("import", "Take the messages of an export at the end of a queue.")
            { queue, file, newIds, skip, checkOnly };
        return command.OnApi(terminal, async (call, cancellationToken) =>
        {
            var path = call.Parsed.GetRequiredValue(file);
            await using var lines = path == "-" ? terminal.Input : FileDoor.OpenToRead(path);
            var progress = new Progress(terminal);
            using var content = new ProgressContent(lines, sent => progress.Show($"Sent {Figures.Bytes(sent)} …"));
            ImportView taken;
            try
            {
                taken = await call.Client.ImportAsync(call.Parsed.QueueOf(queue), content, call.Parsed.GetValue(newIds),
                    call.Parsed.GetValue(skip), call.Parsed.GetValue(checkOnly), cancellationToken);
            }
            catch (Exception end) when (end is OperationCanceledException or ApiException { Status: null })
            {
                progress.Clear();
                await terminal.Error.WriteLineAsync("The import was broken off; what was taken stays. Import the file again from "
                    + "the front: a message whose id the gateway remembers is taken once.");
                throw;
            }
            catch (ApiException refused)
            {
                progress.Clear();
                throw new ApiException(refused.Status, InOwnWords(refused.Message));
            }

            progress.Clear();
            await call.Output.WriteDoneAsync(taken, view => Sentence(view, call.Parsed.GetValue(checkOnly)));
            return ExitCode.Ok;
        });
    }

    /// <summary>The API advises its own parameters; here they are options.</summary>
    private static string InOwnWords(string message) => message.Replace("ids=new", "--new-ids", StringComparison.Ordinal)
        .Replace("skip=", "--skip ", StringComparison.Ordinal);

    private static string Sentence(ImportView view, bool checkOnly) => checkOnly
        ? $"The export is whole: {Figures.Messages(view.Messages)}. None was taken."
        : $"Took {Figures.Count(view.Taken)} "
            + $"of {Figures.Messages(view.Messages)}{(view.Skipped > 0 ? $"; {Figures.Count(view.Skipped)} skipped" : "")}.";
}
