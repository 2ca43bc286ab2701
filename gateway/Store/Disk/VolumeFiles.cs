using Gateway.Store.Disk.Files;
using Gateway.Store.Disk.Log;
using Gateway.Store.Disk.Pages;
using LiteDB;
using LiteDB.Engine;

namespace Gateway.Store.Disk;

/// <summary>
/// The two files of a volume, <c>name.data</c> and <c>name.log</c>, opened and known to belong together. A new volume is created under
/// other names and renamed once complete, the data file last: if there is a data file, the volume is complete.
/// </summary>
internal sealed class VolumeFiles : IDisposable
{
    /// <summary>The suffix of a file's name while its volume is being created.</summary>
    public const string Unfinished = ".new";

    /// <summary>The name of a volume created ahead of need, which is renamed when it is begun.</summary>
    private const string Next = "next";

    private VolumeFiles(IDiskFile data, IDiskFile log, Guid id)
    {
        Data = data;
        Log = log;
        Id = id;
    }

    public IDiskFile Data { get; }

    public IDiskFile Log { get; }

    /// <summary>Known to the two files alone.</summary>
    public Guid Id { get; }

    public static string DataName(string volume) => volume + ".data";

    public static string LogName(string volume) => volume + ".log";

    /// <summary>Opens the files, creating them if there are none.</summary>
    public static VolumeFiles Open(IDisk disk, string name)
    {
        if (!disk.Exists(DataName(name)) && !TryTakeNext(disk, name))
            Create(disk, name);
        if (!disk.Exists(LogName(name)))
            throw new StoreFormatException($"{LogName(name)} is missing in {disk.Path}. It may hold committed messages: put it back, "
                + $"or save what is left with 'gateway store repair'.");

        IDiskFile? data = null;
        IDiskFile? log = null;
        try
        {
            data = disk.Open(DataName(name));
            log = disk.Open(LogName(name));
            var id = FileHeader.Read(data, FileRole.Data);
            if (id != FileHeader.Read(log, FileRole.Log))
                throw new StoreFormatException($"{data.Name} and {log.Name} in {disk.Path} belong to different volumes. Restore "
                    + $"both from one backup, or save what is left with 'gateway store repair'.");
            return new VolumeFiles(data, log, id);
        }
        catch
        {
            data?.Dispose();
            log?.Dispose();
            throw;
        }
    }

    public void Dispose()
    {
        Data.Dispose();
        Log.Dispose();
    }

    /// <summary>
    /// Creates an empty volume ahead of need, unless there is one: the next new volume takes it over and then needs no space or inode.
    /// </summary>
    public static void PrepareNext(IDisk disk)
    {
        if (disk.Exists(DataName(Next)) && disk.Exists(LogName(Next))) return;
        disk.Delete(DataName(Next));
        Create(disk, Next);
    }

    /// <summary>The leftovers of a volume created ahead if a crash came while it was created or renamed.</summary>
    public static IEnumerable<string> UnfinishedNext(IReadOnlyList<string> names)
    {
        var (hasData, hasLog) = (names.Contains(DataName(Next)), names.Contains(LogName(Next)));
        if (hasData && !hasLog) yield return DataName(Next);
        if (hasLog && !hasData) yield return LogName(Next);
    }

    private static bool TryTakeNext(IDisk disk, string name)
    {
        if (!disk.Exists(DataName(Next)) || !disk.Exists(LogName(Next)) || disk.Exists(LogName(name))) return false;
        disk.Rename(LogName(Next), LogName(name));
        disk.Rename(DataName(Next), DataName(name));
        return true;
    }

    private static void Create(IDisk disk, string name)
    {
        RequireUnusedLog(disk, name);
        disk.Delete(DataName(name) + Unfinished);
        disk.Delete(LogName(name) + Unfinished);

        var id = Guid.NewGuid();
        using (var log = disk.Create(LogName(name) + Unfinished))
        {
            LogLayout.Reserve(log, LogLayout.LengthFor(1));
            FileHeader.Write(log, FileRole.Log, id);
            log.Flush();
        }

        using (var data = disk.Create(DataName(name) + Unfinished))
        {
            FileHeader.Write(data, FileRole.Data, id);
            CreateDatabase(data);
            data.Flush();
        }

        disk.Rename(LogName(name) + Unfinished, LogName(name));
        disk.Rename(DataName(name) + Unfinished, DataName(name));
    }

    /// <summary>
    /// A crash between the two renames leaves a log without a data file; that log is empty. Otherwise the data file was lost.
    /// </summary>
    private static void RequireUnusedLog(IDisk disk, string name)
    {
        if (!disk.Exists(LogName(name)))
            return;
        using var log = disk.Open(LogName(name));
        if (LogScan.Read(log, FileHeader.Read(log, FileRole.Log)).Epoch > 0)
            throw new StoreFormatException($"{DataName(name)} is missing in {disk.Path}, but its log is there. Put it back, or save "
                + $"what is left with 'gateway store repair'.");
    }

    /// <summary>
    /// Creates an empty database, which never makes a checkpoint by itself. Its first pages need no log: the file is not in use before it
    /// is renamed.
    /// </summary>
    private static void CreateDatabase(IDiskFile file)
    {
        using var data = new DataStream(file, log: null) { WritesAllowed = true };
        using var log = new MemoryStream();
        using var engine = new LiteEngine(Settings(data, log));
        engine.Pragma("CHECKPOINT", 0);
        engine.Checkpoint();
    }

    public static EngineSettings Settings(Stream data, Stream log) =>
        new() { DataStream = data, LogStream = log, TempStream = new MemoryStream(), Collation = Collation.Binary };
}
