using System.CommandLine;
using Gateway.Cli.Shell;
using Gateway.Configuration;
using Gateway.Store.Disk.Files;
using Gateway.Store.Disk.Log;
using Gateway.Store.Disk.Pages;
using Gateway.Store.Moving;
using Gateway.Store.Records;

namespace Gateway.Cli.Offline;

/// <summary>Carries a whole store from files into a database, or back, and compares the copy before it is used.</summary>
internal static class StoreMoveVerb
{
    public static Command Create(Terminal terminal)
    {
        var from = End("--from", "Where the store is");
        var to = End("--to", "Where it shall be");
        var config = new ConfigOption();
        var command = new Command("move", "Carry the store of a gateway that is stopped from files into PostgreSQL, or back, with its "
            + "identity, numbers and positions. Repeat it after an interruption.") { from, to };
        config.AddTo(command);
        command.SetAction((parsed, cancellationToken) => Verb.RunAsync(terminal, async () =>
        {
            var place = StorePlaceOptions.Read(config, parsed, folder: null);
            foreach (var line in Move(place, parsed.GetValue(from)!, parsed.GetValue(to)!))
                await terminal.WriteSentenceAsync(line, cancellationToken);
            return ExitCode.Ok;
        }));
        return command;
    }

    private static Option<string> End(string name, string what) => new(name)
    {
        Description = $"{what}: a folder, or {StoreOptions.PostgreSql} for the database of the configuration.",
        HelpName = "PLACE",
        Required = true,
    };

    private static IReadOnlyList<string> Move(StorePlace place, string from, string to)
    {
        if (IsDatabase(from) == IsDatabase(to)) throw new CommandLineException(ExitCode.Usage,
            $"One of --from and --to is a folder, and the other is {StoreOptions.PostgreSql}.");
        try
        {
            using var source = IsDatabase(from) ? (IMoveEnd)MoveDatabase.From(place.Database()) : MoveFolder.From(Path.GetFullPath(from));
            using var target = IsDatabase(to) ? (IMoveEnd)MoveDatabase.To(place.Database()) : MoveFolder.To(Path.GetFullPath(to));
            var move = new StoreMove(source.Blocks, target.Blocks);
            move.Copy();
            move.Verify();
            // A store with an identity must not run twice: it is left before the copy may be opened.
            source.Leave($"It was moved to {target.Place}.");
            target.Finish();
            return [
                $"Copied {Figures.Counted(move.Copied.Blocks, "block")}, {Figures.Bytes(move.Copied.Bytes)}, and compared all of it.",
                IsDatabase(to)
                    ? $"The store is now in {target.Place}. Let the gateway use it with Store:Engine = {StoreOptions.PostgreSql}."
                    : $"The store is now in {target.Place}. Let the gateway use it with Store:Path, and without Store:Engine.",
                $"What is left in {source.Place} is not opened any more; remove it when the gateway runs.",
            ];
        }
        catch (DamagedBlockException damaged)
        {
            throw new CommandLineException(ExitCode.Damaged,
                $"The store is damaged and cannot be moved: {damaged.Message} Repair it first ('gateway store repair').");
        }
        catch (Exception refused) when (refused is StoreFailedException or StoreInUseException or StoreUnavailableException
            or StoreFormatException or CorruptPageException or UnauthorizedAccessException or DiskRefusedException)
        {
            throw new CommandLineException(ExitCode.Failed, refused.Message);
        }
    }

    private static bool IsDatabase(string end) => end.Equals(StoreOptions.PostgreSql, StringComparison.OrdinalIgnoreCase);
}
