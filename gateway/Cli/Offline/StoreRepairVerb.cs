using System.CommandLine;
using System.Text;
using Gateway.Cli.Shell;
using Gateway.Configuration;
using Gateway.Store.Blocks;
using Gateway.Store.Disk.Files;
using Gateway.Store.Disk.Log;
using Gateway.Store.Messages;
using Gateway.Store.Moving;
using Gateway.Store.Repair;
using Microsoft.Extensions.Logging.Abstractions;

namespace Gateway.Cli.Offline;

/// <summary>Recovers a damaged store into a new folder and reports the missing parts. The damaged files stay unchanged.</summary>
internal static class StoreRepairVerb
{
    /// <summary>The new folder's suffix while it is being filled, so that after an interruption it is not mistaken for a store.</summary>
    private const string Unfinished = ".unfinished";

    /// <summary>The suffix of the folder with what can be read of a database's store.</summary>
    private const string Copied = ".copied";

    private const string ReportFile = "repair.txt";
    private const long OverheadBytes = 64 * 1024 * 1024;

    public static Command Create(Terminal terminal)
    {
        var from = new StorePlaceOptions("--from", "The damaged store's folder.");
        var to = new Option<DirectoryInfo?>("--to")
        { Description = "The new folder. Without it, the old one's name and '-repaired'.", HelpName = "DIR" };
        var json = new Option<bool>("--json") { Description = "Print the report as JSON." };
        var command = new Command("repair", "Build a new store from all that can be read of a damaged one, while its gateway is "
            + "stopped, and say what is missing.") { to, json };
        from.AddTo(command);
        command.SetAction((parsed, cancellationToken) => Verb.RunAsync(terminal, async () =>
        {
            var place = from.Read(parsed);
            var given = parsed.GetValue(to)?.FullName;
            if (place.IsDatabase && given is null) throw new CommandLineException(ExitCode.Usage,
                "The store is in PostgreSQL; name the folder for what can be read of it with --to.");
            var source = place.IsDatabase ? place.Database().Describe() : place.Path;
            var target = Path.GetFullPath(given ?? Path.TrimEndingDirectorySeparator(source) + "-repaired");
            var (report, unread) = place.IsDatabase ? RepairDatabase(place, target, terminal.Time)
                : (Repair(source, target, place.Configured.ToSettings(), terminal.Time), []);
            List<string> lines = [.. unread, .. RepairText.Lines(report)];
            FileDoor.Write(
                Path.Combine(target, ReportFile), Encoding.UTF8.GetBytes(string.Concat(lines.Select(line => line + Environment.NewLine))),
                StoreFolder.OwnerOf(target));
            if (parsed.GetValue(json))
            {
                await terminal.WriteLineAsync(RepairText.Json(report), cancellationToken);
            }
            else
            {
                lines.Add(place.IsDatabase
                    ? $"The new store is in {target}. To use it, name a new Store:Schema, and 'gateway store move --from {target} "
                        + $"--to {StoreOptions.PostgreSql}'."
                    : $"The new store is in {target}. To use it, put it in the place of {source}, and keep that.");
                foreach (var line in lines) await terminal.WriteSentenceAsync(line, cancellationToken);
            }

            return report.IsComplete && unread.Count == 0 ? ExitCode.Ok : ExitCode.Damaged;
        }));
        return command;
    }

    /// <summary>Copies what can be read into files, and repairs these.</summary>
    private static (RepairReport Report, IReadOnlyList<string> Unread) RepairDatabase(StorePlace place, string target, TimeProvider time)
    {
        var copy = target + Copied;
        if (Directory.Exists(copy)) throw new CommandLineException(ExitCode.Failed, $"{copy} is there; remove it, or give another --to.");
        OwnersOnly.CreateFolder(copy);
        try
        {
            using var blocks = OfflineStore.Database(place.Database());
            IReadOnlyList<string> unread;
            using (var files = new LiteBlockStore(new FileDisk(copy), NullLoggerFactory.Instance))
                unread = PostgresSalvage.Copy(blocks, files);
            return (Repair(copy, target, place.Configured.ToSettings(), time), unread);
        }
        catch (StoreFailedException failed)
        {
            throw new CommandLineException(ExitCode.Failed, failed.Message);
        }
        finally
        {
            Directory.Delete(copy, recursive: true);
        }
    }

    private static RepairReport Repair(string source, string target, StoreSettings settings, TimeProvider time)
    {
        if (!Directory.Exists(source) || !Directory.EnumerateFiles(source).Any(file => Path.GetExtension(file) is ".data" or ".log"))
            throw new CommandLineException(ExitCode.Failed, $"There is no store in {source}; give its folder with --from.");

        var unfinished = target + Unfinished;
        foreach (var folder in new[] { target, unfinished })
        {
            if (Directory.Exists(folder) && Directory.EnumerateFileSystemEntries(folder).Any())
                throw new CommandLineException(ExitCode.Failed, $"{folder} is not empty. Give another folder with --to, or move it away.");
        }

        try
        {
            using var taken = StoreLock.Take(source);
            // The new store belongs to the user of the damaged one.
            if (OwnersOnly.CreateFolder(unfinished)) StoreFolder.OwnerOf(source)?.Take(unfinished);
            var disk = new FileDisk(unfinished);
            var needed = OfflineStore.SizeOf(source) + OverheadBytes;
            if (disk.FreeBytes < needed) throw new CommandLineException(ExitCode.Failed,
                $"The new store may need {Figures.Bytes(needed)}, and {target} has {Figures.Bytes(disk.FreeBytes)}. Free some, "
                    + $"or give another folder with --to.");
            var report = StoreRepair.Run(new FileDisk(source), disk, settings, Guid.NewGuid(), time);
            FilePatience.OfSystem.Run(target, () =>
            {
                if (Directory.Exists(target)) Directory.Delete(target);
                Directory.Move(unfinished, target);
            });
            return report;
        }
        catch (Exception refused) when (refused is StoreInUseException or UnauthorizedAccessException or StoreFailedException
            or DiskRefusedException)
        {
            throw new CommandLineException(ExitCode.Failed, refused.Message);
        }
    }
}
