using System.CommandLine;
using Gateway.Cli.Shell;

namespace Gateway.Cli.Offline;

/// <summary>Reads a whole store and reports its faults. Repairs nothing; opening it does the same as the start of a gateway.</summary>
internal static class StoreCheckVerb
{
    public static Command Create(Terminal terminal)
    {
        var store = new StorePlaceOptions();
        var command = new Command("check", "Read everything in the store of a gateway that is stopped, and say what is wrong with it.");
        store.AddTo(command);
        command.SetAction((parsed, cancellationToken) => Verb.RunAsync(terminal, async () =>
        {
            var (isWell, lines) = Check(store.Read(parsed));
            foreach (var line in lines)
                await terminal.WriteSentenceAsync(line, cancellationToken);
            return isWell ? ExitCode.Ok : ExitCode.Damaged;
        }));
        return command;
    }

    private static (bool IsWell, IReadOnlyList<string> Lines) Check(StorePlace folder)
    {
        using var store = OfflineStore.Open(folder);
        var faults = store.Messages.Check();
        var isWell = faults.Count == 0 && store.Messages.State.DamagedCount == 0;
        return (isWell, [.. faults, .. store.Describe(), isWell ? "All is well." : "The store is damaged; what can be read is served."]);
    }
}
