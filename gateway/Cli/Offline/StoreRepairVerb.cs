using System.CommandLine;
using System.Text;
using Gateway.Cli.Shell;
using Gateway.Store.Disk.Files;
using Gateway.Store.Disk.Log;
using Gateway.Store.Messages;
using Gateway.Store.Repair;

namespace Gateway.Cli.Offline;

/// <summary>Recovers a damaged store into a new folder and reports the missing parts. The damaged files stay unchanged.</summary>
internal static class StoreRepairVerb
{
    /// <summary>The new folder's suffix while it is being filled, so that after an interruption it is not mistaken for a store.</summary>
    private const string Unfinished = ".unfinished";

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
            var source = place.Path;
            var target = Path.GetFullPath(parsed.GetValue(to)?.FullName ?? Path.TrimEndingDirectorySeparator(source) + "-repaired");
            var report = Repair(source, target, place.Configured.ToSettings(), terminal.Time);
            var lines = RepairText.Lines(report).ToList();
            FileDoor.Write(
                Path.Combine(target, ReportFile), Encoding.UTF8.GetBytes(string.Concat(lines.Select(line => line + Environment.NewLine))),
                StoreFolder.OwnerOf(target));
            if (parsed.GetValue(json))
            {
                await terminal.WriteLineAsync(RepairText.Json(report), cancellationToken);
            }
            else
            {
                lines.Add($"The new store is in {target}. To use it, put it in the place of {source}, and keep that.");
                foreach (var line in lines) await terminal.WriteSentenceAsync(line, cancellationToken);
            }

            return report.IsComplete ? ExitCode.Ok : ExitCode.Damaged;
        }));
        return command;
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
