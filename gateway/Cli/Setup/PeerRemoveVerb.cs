using System.CommandLine;
using Gateway.Cli.Api;
using Gateway.Cli.Operator;
using Gateway.Cli.Shell;
using Gateway.Configuration;
using Gateway.Http.Resources;
using Gateway.Http.Views;
using Gateway.Management;
using Gateway.Store.Messages;

namespace Gateway.Cli.Setup;

/// <summary>
/// Removes a peer from the configuration, and from the running gateway. Messages that wait for it stay in the store, unless they are sent
/// to another peer.
/// </summary>
internal static class PeerRemoveVerb
{
    private const int PageMax = 1000;

    public static Command Create(Terminal terminal)
    {
        var (peer, why) = (ApiArguments.Peer(), ApiArguments.Why());
        var keep = new Option<bool>("--keep") { Description = "What waits for it stays in the store, until it is a peer again." };
        var redirect = new Option<string?>("--redirect")
        { Description = "What waits for it goes to the queues of the same names at another peer.", HelpName = "PEER" };
        var export = new Option<DirectoryInfo?>("--export")
        { Description = "What waits for it is saved in a new folder, a file for each queue; it stays in the store too.", HelpName = "DIR" };
        var command = new Command("remove", "Remove a peer from the configuration; a running gateway says goodbye to it.")
        { peer, keep, redirect, export, why };
        command.Validators.Add(result =>
        {
            if (new Option[] { keep, redirect, export }.Count(option => result.GetResult(option) is not null) > 1)
                result.AddError("Give one of --keep, --redirect and --export.");
        });
        return ConfigurationEdit.On(command, terminal, async (call, edit, cancellationToken) =>
        {
            var name = call.Parsed.GetRequiredValue(peer);
            RequireOwn(edit, name);
            var (target, folder) = (call.Parsed.GetValue(redirect), call.Parsed.GetValue(export));
            var isKept = call.Parsed.GetValue(keep);
            if (edit.Nobody is { } nobody && !isKept) throw new CommandLineException(ExitCode.Unreachable,
                $"No gateway answers at {nobody}, so it is not known what waits for {name}: start the gateway, or let it stay with --keep. "
                    + "Nothing was done.");
            if (target is not null && (target == name || edit.SourcesOf(ConfigurationKeys.OfPeer(target)).Count == 0))
                throw new CommandLineException(ExitCode.Usage, $"There is no other peer {target} to take the messages. Nothing was done.");
            var waiting = edit.Nobody is null ? await WaitingAsync(call, name, cancellationToken) : [];
            if (waiting.Count > 0 && !isKept && target is null && folder is null) throw Undecided(name, waiting);
            if (folder is not null) Make(folder);

            edit.Settings.RemovePeer(name);
            await edit.ApplyAsync(
                $"peer remove {name}", call.Parsed.GetValue(why)!, $"Removed the peer {name} from {edit.Path}.", cancellationToken);
            if (target is not null || folder is not null)
            {
                // Those that were accepted until it was removed are among them.
                foreach (var queue in await WaitingAsync(call, name, cancellationToken))
                {
                    if (folder is not null) await ExportVerb.ToFileAsync(
                        call, IdOf(queue), Path.Combine(folder.FullName, $"{queue.Name}.jsonl"), cancellationToken);
                    else await RedirectAsync(call, queue, target!, call.Parsed.GetValue(why)!, cancellationToken);
                }
            }

            return ExitCode.Ok;
        });
    }

    /// <summary>The verb changes its own file alone.</summary>
    private static void RequireOwn(ConfigurationEdit edit, string name)
    {
        var sources = edit.SourcesOf(ConfigurationKeys.OfPeer(name));
        if (sources.Count == 0) throw new CommandLineException(ExitCode.Usage, $"There is no peer {name}. Nothing was done.");
        if (sources.FirstOrDefault(source => source != edit.Path) is { } other) throw new CommandLineException(ExitCode.Usage,
            $"The peer {name} is set in {other}, which is not the file of this verb: remove it there; the running gateway notices. "
                + "Nothing was done.");
    }

    private static async Task<IReadOnlyList<QueueView>> WaitingAsync(ApiCall call, string peer, CancellationToken cancellationToken)
    {
        var found = new List<QueueView>();
        for (long? next = 0; next is { } after;)
        {
            var page = await call.Client.ReadQueuesAsync(QueueKind.Outgoing, peer, after, PageMax, cancellationToken);
            found.AddRange(page.Queues.Where(queue => queue.Messages > 0));
            next = page.Next;
        }

        return found;
    }

    private static CommandLineException Undecided(string name, IReadOnlyList<QueueView> waiting) => new(ExitCode.NotConfirmed,
        $"{Figures.Waiting(waiting.Sum(queue => queue.Messages))} for {name}, in {Figures.Counted(waiting.Count, "queue")} "
            + $"({string.Join(", ", waiting.Take(3).Select(queue => queue.Name))}{(waiting.Count > 3 ? ", …" : "")}). Nothing was done. "
            + $"Say what becomes of them: --keep lets them wait in the store until {name} is a peer again; --redirect PEER sends them to "
            + "another peer; --export DIR saves them in files, and keeps them.");

    /// <summary>Before anything is changed: a folder that cannot be made would come too late.</summary>
    private static void Make(DirectoryInfo folder)
    {
        if (!OwnersOnly.CreateFolder(folder.FullName))
            throw new CommandLineException(
                ExitCode.Usage, $"{folder.FullName} is there already; give --export a new folder. Nothing was done.");
    }

    private static async Task RedirectAsync(
        ApiCall call, QueueView queue, string target, string why, CancellationToken cancellationToken)
    {
        var request = new StartRequest
        {
            Kind = OperationKind.Redirect,
            Queue = new QueueName(QueueKind.Outgoing, queue.Name),
            All = true,
            Destination = $"{IdOf(queue).LocalName}@{target}",
            Why = why,
        };
        var ended = await MessageAct.FollowAsync(call, await call.Client.StartAsync(request), cancellationToken);
        await call.Output.WriteDoneAsync(ended, OperationReport.Ended);
    }

    private static QueueId IdOf(QueueView queue) => new(QueueKind.Outgoing, queue.Name);
}
