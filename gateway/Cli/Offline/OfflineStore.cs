using Gateway.Cli.Shell;
using Gateway.Store;
using Gateway.Store.Blocks;
using Gateway.Store.Disk.Files;
using Gateway.Store.Disk.Log;
using Gateway.Store.Disk.Pages;
using Gateway.Store.Messages;
using Gateway.Store.Postgres;
using Gateway.Store.Records;
using Gateway.Store.State;
using Microsoft.Extensions.Logging.Abstractions;

namespace Gateway.Cli.Offline;

/// <summary>
/// A store that no gateway has open. It belongs to the thread that opened it: nothing is awaited between opening and disposing.
/// </summary>
internal sealed class OfflineStore : IDisposable
{
    private readonly StoreLock? _lock;
    private readonly IBlockStore _blocks;
    private readonly StoreReader _reader;

    /// <param name="place">For people.</param>
    /// <param name="storeLock">Of a folder.</param>
    private OfflineStore(string place, IBlockStore blocks, StoreLock? storeLock, StoreSettings settings)
    {
        Path = place;
        _lock = storeLock;
        _blocks = blocks;
        Messages = MessageStore.Open(_blocks, settings, Guid.NewGuid());
        _reader = new StoreReader(Messages.State, _blocks, new StoreLimits(settings, Messages.State, _blocks), settings.ReadCacheBytes);
    }

    public string Path { get; }

    public MessageStore Messages { get; }

    /// <summary>The disk space of the store's files, or tables.</summary>
    public long SizeBytes => _blocks is PostgresBlockStore tables ? tables.MeasureBytes() : SizeOf(Path);

    public static long SizeOf(string path) => new DirectoryInfo(path).EnumerateFiles().Sum(file => file.Length);

    /// <summary>There are files of a store in the folder.</summary>
    public static bool IsStore(string path) => Directory.Exists(path) && Directory.EnumerateFiles(path, "groups-*.data").Any();

    /// <summary>Opens the store in the given folder, or the one from this host's configuration.</summary>
    /// <exception cref="CommandLineException">There is no store, a gateway has it open, or it is too damaged to open.</exception>
    public static OfflineStore Open(StorePlace place)
    {
        if (place.IsDatabase) return OpenDatabase(place);
        var path = place.Path;
        if (!IsStore(path))
            throw new CommandLineException(ExitCode.Failed, $"There is no store in {path}; give its folder with --path.");

        StoreLock? taken = null;
        try
        {
            taken = StoreLock.Take(path);
            StoreMoved.Refuse(path);
            return new OfflineStore(
                path, new LiteBlockStore(new FileDisk(path), NullLoggerFactory.Instance), taken, place.Configured.ToSettings());
        }
        catch (Exception refused) when (refused is StoreInUseException or UnauthorizedAccessException or DiskRefusedException)
        {
            taken?.Dispose();
            throw new CommandLineException(ExitCode.Failed, refused.Message);
        }
        catch (Exception damage) when (damage is StoreFailedException or StoreFormatException or CorruptPageException)
        {
            taken?.Dispose();
            throw new CommandLineException(
                ExitCode.Damaged, StoreVersion.Explain(path, $"The store in {path} cannot be opened. {damage.Message}"));
        }
    }

    /// <summary>Runs a reading command. Damaged messages stay in place: only a gateway removes them from their queue.</summary>
    public T Read<T>(T command) where T : StoreCommand
    {
        try
        {
            command.Read(_reader);
            return command;
        }
        catch (StoreFailedException failure)
        {
            throw new CommandLineException(ExitCode.Damaged, failure.Message);
        }
    }

    /// <summary>Describes the store's contents, a line each, preceded by each run of damaged messages.</summary>
    public IEnumerable<string> Describe()
    {
        var state = Messages.State;
        foreach (var damaged in state.Damaged)
        {
            var where = damaged.DeadLetter > 0 ? $"dead letter {damaged.DeadLetter}, from {damaged.Queue}"
                : $"{Figures.Messages(damaged.Messages)} of {damaged.Queue}";
            yield return $"Damaged: {where}, numbers {damaged.Numbers()}, in group {damaged.Group}, found "
                + $"{Figures.Time(damaged.AtUnixMs)}: {damaged.Why}.";
        }

        yield return Row("volumes", _blocks.Volumes.Count);
        yield return Row("bytes", SizeBytes);
        yield return Row("queues", state.Queues.Count);
        yield return Row("messages", state.Queues.Sum(queue => queue.Messages));
        yield return Row("dead letters", state.DeadLetters.Count);
        yield return Row("damaged", state.DamagedCount);
    }

    public void Dispose()
    {
        Messages.Dispose();
        _lock?.Dispose();
    }

    private static OfflineStore OpenDatabase(StorePlace place)
    {
        var settings = place.Database();
        var blocks = Database(settings);
        try
        {
            return new OfflineStore(
                $"{settings.Describe()}, store {settings.Store}", blocks, storeLock: null, place.Configured.ToSettings());
        }
        catch (StoreFailedException damage)
        {
            throw new CommandLineException(ExitCode.Damaged, $"The store in {settings.Describe()} cannot be opened. {damage.Message}");
        }
    }

    /// <summary>Takes hold of an existing store in PostgreSQL.</summary>
    /// <exception cref="CommandLineException">There is none, or a gateway has it open.</exception>
    public static PostgresBlockStore Database(PostgresSettings settings)
    {
        try
        {
            return PostgresBlockStore.Open(settings, mayMake: false, TimeProvider.System, NullLoggerFactory.Instance);
        }
        catch (Exception refused) when (refused is StoreFailedException or StoreInUseException or StoreUnavailableException)
        {
            throw new CommandLineException(ExitCode.Failed, refused.Message);
        }
    }

    public static string Row(string name, long value) => $"{name,-12} {Figures.Count(value),20}";
}
