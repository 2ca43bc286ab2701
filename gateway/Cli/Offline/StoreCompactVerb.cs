using System.CommandLine;
using Gateway.Cli.Shell;
using Gateway.Store.Disk.Log;

namespace Gateway.Cli.Offline;

/// <summary>Frees at once the space that a running gateway frees gradually, and only when it is worthwhile.</summary>
internal static class StoreCompactVerb
{
    public static Command Create(Terminal terminal)
    {
        var store = new StorePlaceOptions();
        var command = new Command("compact", "Give the disk back what the store of a gateway that is stopped does not need any more.");
        store.AddTo(command);
        command.SetAction((parsed, cancellationToken) => Verb.RunAsync(terminal, async () =>
        {
            var (isWhole, lines) = Compact(store.Read(parsed));
            foreach (var line in lines)
                await terminal.WriteSentenceAsync(line, cancellationToken);
            return isWhole ? ExitCode.Ok : ExitCode.Damaged;
        }));
        return command;
    }

    private static (bool IsWhole, IReadOnlyList<string> Lines) Compact(StorePlace folder)
    {
        using var store = OfflineStore.Open(folder);
        var before = store.SizeBytes;
        try
        {
            store.Messages.Compact();
            store.Messages.Close();
            return (store.Messages.State.DamagedCount == 0, [.. store.Describe(), OfflineStore.Row("bytes before", before)]);
        }
        catch (StoreFailedException failure)
        {
            throw new CommandLineException(ExitCode.Failed, failure.Message);
        }
    }
}
