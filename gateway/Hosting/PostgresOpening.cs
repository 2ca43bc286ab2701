using Gateway.Configuration;
using Gateway.Logging;
using Gateway.Store;
using Gateway.Store.Postgres;
using Gateway.Store.Records;
using Gateway.Telemetry;
using Microsoft.Extensions.Logging;

namespace Gateway.Hosting;

/// <summary>Opens the gateway's store in PostgreSQL, and counts the run on it. Called by the store's thread.</summary>
internal sealed partial class PostgresOpening : IStoreOpening
{
    private readonly StoreOptions _options;
    private readonly PostgresSettings _settings;
    private readonly ITelemetry _telemetry;
    private readonly TimeProvider _time;
    private readonly ILoggerFactory _loggers;
    private readonly ILogger _logger;

    /// <summary>Limits the store's log lines: an engine that comes and goes may cause hundreds.</summary>
    private readonly LimitedLoggers _storeLoggers;
    private volatile PostgresBlockStore? _blocks;

    public PostgresOpening(GatewayOptions options, ITelemetry telemetry, TimeProvider time, ILoggerFactory loggers)
    {
        (_options, _settings) = (options.Store, options.Store.ToPostgres(options.Name));
        (_telemetry, _time, _loggers) = (telemetry, time, loggers);
        _logger = loggers.CreateLogger<PostgresOpening>();
        _storeLoggers = new LimitedLoggers(loggers, time);
    }

    public Guid Incarnation { get; } = Guid.NewGuid();

    public long Run { get; private set; }

    public string Place => $"{_settings.Describe()}, store {_settings.Store}";

    public string Medium => Place;

    public EngineStanding Standing => _blocks?.Standing ?? EngineStanding.Well;

    public bool CanBeTakenOver => true;

    /// <summary>Nothing on this host is wrong when the database is not there yet.</summary>
    public bool MayWait => true;

    public MessageStore Open(IStandby standby)
    {
        var blocks = PostgresBlockStore.Open(_settings, mayMake: true, _time, _loggers, standby: standby);
        var isNew = blocks.Volumes.Count == 0;
        var store = MessageStore.Open(blocks, _options.ToSettings(), Guid.NewGuid(), _time, _storeLoggers.CreateLogger<MessageStore>(),
            _telemetry);
        try
        {
            blocks.Note(store.StoreId, MessageStore.FormatVersion);
            if (isNew) LogNewStore(_settings.Store, blocks.Place);
            Run = RunCount.Next(store, Incarnation);
            _blocks = blocks;
            return store;
        }
        catch
        {
            store.Dispose();
            throw;
        }
    }

    public void Release()
    {
        // Its connection held it.
    }

    public void Dispose() => _storeLoggers.Dispose();

    [LoggerMessage(EventId = 5013, Level = LogLevel.Warning, Message = "A new, empty store {Store} was made in {Place}. If this gateway "
        + "had messages before, they are elsewhere: see Store:ConnectionString and Store:Schema, or 'gateway store move'.")]
    private partial void LogNewStore(string store, string place);
}
