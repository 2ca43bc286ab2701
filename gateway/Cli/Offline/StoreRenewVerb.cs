using System.CommandLine;
using System.Globalization;
using System.Text;
using Gateway.Cli.Shell;
using Gateway.Store.Browsing;
using Gateway.Store.Commands;
using Gateway.Store.Disk.Log;
using Gateway.Store.Messages;
using Gateway.Store.State;

namespace Gateway.Cli.Offline;

/// <summary>
/// Gives a copied or restored store an identity of its own. Peers then accept its waiting messages as new, not as ones they had from the
/// other history.
/// </summary>
internal static class StoreRenewVerb
{
    private const int PageEntries = 200;

    public static Command Create(Terminal terminal)
    {
        var store = new StorePlaceOptions();
        var yes = new Option<bool>("--yes") { Description = "Do it." };
        var command = new Command("renew", "Give the store of a gateway that is stopped a new identity, after it was copied or put "
            + "back: what waits in it goes out as new, once.") { yes };
        store.AddTo(command);
        command.SetAction((parsed, cancellationToken) => Verb.RunAsync(terminal, async () =>
        {
            var (isDone, lines) = Renew(store.Read(parsed), parsed.GetValue(yes), terminal, cancellationToken);
            foreach (var line in lines) await terminal.WriteSentenceAsync(line, CancellationToken.None);
            return isDone ? ExitCode.Ok : ExitCode.NotConfirmed;
        }));
        return command;
    }

    private static (bool IsDone, IReadOnlyList<string> Lines) Renew(
        StorePlace folder, bool isConfirmed, Terminal terminal, CancellationToken cancellationToken)
    {
        using var store = OfflineStore.Open(folder);
        var (state, former) = (store.Messages.State, store.Messages.StoreId);
        var waiting = state.Queues.Where(queue => queue.Id.Kind == QueueKind.Outgoing && queue.Messages > 0).ToList();
        var inbound = state.Queues.Where(queue => queue.Id.Kind == QueueKind.Inbound).Sum(queue => queue.Messages);
        List<string> lines =
        [
            $"The store in {store.Path} is {former:N}. With a new identity its peers take it for another store.",
            $"{Figures.Messages(waiting.Sum(queue => queue.Messages))} in {waiting.Count} outgoing queues go out as new, once. A "
                + $"peer that has had some of them from the former identity gets these a second time.",
            $"{Figures.Messages(inbound)} that arrived here stay; if the store is a copy, they are in the other one as well.",
        ];
        if (!isConfirmed)
            return (false, [.. lines, "Nothing was changed. Save what waits with 'gateway store export QUEUE@PEER --file FILE' first, "
                + "then repeat this with --yes."]);

        List(store, waiting, terminal.Output, cancellationToken);
        try
        {
            store.Messages.Renew(Guid.NewGuid());
        }
        catch (StoreFailedException failure)
        {
            throw new CommandLineException(ExitCode.Failed, failure.Message);
        }

        return (true, [.. lines, $"The store is now {store.Messages.StoreId:N}."]);
    }

    /// <summary>Another history of the store may have delivered any of them, so each is listed.</summary>
    private static void List(OfflineStore store, IReadOnlyList<QueueState> waiting, Stream to, CancellationToken cancellationToken)
    {
        foreach (var queue in waiting)
        {
            var mayHaveArrived = SentNote.Parse(store.Messages.State.Marks.GetValueOrDefault(MarkNames.SentUpTo + queue.Id.Name))
                ?.InDoubtUpTo ?? queue.LastNumber;
            for (var (after, isEnd) = (0L, false); !isEnd;)
            {
                cancellationToken.ThrowIfCancellationRequested();
                var page = store.Read(new BrowseCommand(queue.Id, after, BrowseFilter.All, PageEntries, _ => { })).Page;
                var text = string.Concat(page.Entries.Select(entry => string.Create(
                    CultureInfo.InvariantCulture,
                    $"{queue.Id.Name} {entry.Number} {entry.Id} "
                        + $"{Figures.Precise(entry.EnqueuedUnixMs)} "
                        + $"{(entry.Number <= mayHaveArrived ? "was perhaps sent" : "was not sent from here")}\n")));
                to.Write(Encoding.UTF8.GetBytes(text));
                (after, isEnd) = (page.ScannedUpTo, page.IsEnd);
            }
        }

        to.Flush();
    }
}
