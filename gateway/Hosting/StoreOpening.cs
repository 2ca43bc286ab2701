using Gateway.Configuration;
using Gateway.Logging;
using Gateway.Store;
using Gateway.Store.Blocks;
using Gateway.Store.Disk.Files;
using Gateway.Store.Disk.Log;
using Gateway.Store.Disk.Pages;
using Gateway.Store.Messages;
using Gateway.Store.Records;
using Gateway.Telemetry;
using Microsoft.Extensions.Logging;

namespace Gateway.Hosting;

/// <summary>
/// Opens the gateway's store, under the lock that keeps other processes out, and counts the run on it. Called by the store's thread.
/// </summary>
internal sealed partial class StoreOpening(StoreOptions options, ITelemetry telemetry, TimeProvider time, ILoggerFactory loggers)
    : IStoreOpening
{
    /// <summary>Limits the store's log lines: a disk that refuses and grants in turn may cause hundreds.</summary>
    private readonly LimitedLoggers _storeLoggers = new(loggers, time);
    private readonly ILogger _logger = loggers.CreateLogger<StoreOpening>();
    private readonly string _path = options.ResolvePath();
    private StoreLock? _lock;

    public Guid Incarnation { get; } = Guid.NewGuid();

    public long Run { get; private set; }

    public string Place => _path;

    public string Medium => $"The disk under {_path}";

    /// <summary>Whether there is a store, or the folder is unreadable and may contain one.</summary>
    public bool MayWait
    {
        get
        {
            try
            {
                _ = File.GetAttributes(Path.Combine(_path, StoreLock.LockName));
                return true;
            }
            catch (UnauthorizedAccessException)
            {
                return true;
            }
            catch (IOException)
            {
                return false;
            }
        }
    }

    public MessageStore Open(IStandby standby)
    {
        if (_lock is null)
        {
            _lock = StoreLock.Take(_path);
            StoreMoved.Refuse(_path);
            if (_lock.Openness is { } openness) LogOpenFolder(openness);
        }

        try
        {
            return OpenStore();
        }
        catch (StoreFormatException refused)
        {
            throw new StoreFormatException(StoreVersion.Explain(_path, refused.Message));
        }
        catch (StoreFailedException refused)
        {
            throw new StoreFailedException(StoreVersion.Explain(_path, refused.Message), refused);
        }
    }

    private MessageStore OpenStore()
    {
        var blocks = new LiteBlockStore(new FileDisk(_path), loggers, StoreSettings.KeptBackBytes);
        var isNew = blocks.Volumes.Count == 0;
        var store = MessageStore.Open(blocks, options.ToSettings(), Guid.NewGuid(), time, _storeLoggers.CreateLogger<MessageStore>(),
            telemetry);
        try
        {
            StoreVersion.Note(_path);
            if (isNew) LogNewStore(_path);
            Run = RunCount.Next(store, Incarnation);
            return store;
        }
        catch
        {
            store.Dispose();
            throw;
        }
    }

    public void Release() => _lock?.Dispose();

    /// <summary>Leaves the lock as it is: a store that could not be closed stays locked until the process ends.</summary>
    public void Dispose() => _storeLoggers.Dispose();

    [LoggerMessage(EventId = 5006, Level = LogLevel.Warning, Message = "A new, empty store was made in {Path}. If this gateway had "
        + "messages before, they are in another folder: see Store:Path.")]
    private partial void LogNewStore(string path);

    [LoggerMessage(EventId = 5005, Level = LogLevel.Warning, Message = "{Sentence}")]
    private partial void LogOpenFolder(string sentence);
}
