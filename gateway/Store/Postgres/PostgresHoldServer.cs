using Gateway.Store.Disk.Log;
using Gateway.Store.Holding;
using Npgsql;

namespace Gateway.Store.Postgres;

/// <summary>The database that keeps one store. Owned by the store's thread.</summary>
internal sealed class PostgresHoldServer : IHoldServer<PostgresConnection>
{
    private readonly PostgresSettings _settings;
    private readonly PostgresConnector _connector;

    /// <exception cref="StoreFailedException">The connection string cannot be used.</exception>
    public PostgresHoldServer(PostgresSettings settings)
    {
        _settings = settings;
        Tables = new PostgresTables(settings.Schema);
        try
        {
            _connector = new PostgresConnector(settings);
        }
        catch (ArgumentException wrong)
        {
            throw new StoreFailedException($"Store:ConnectionString cannot be used: {wrong.Message.TrimEnd('.')}.", wrong);
        }
    }

    public PostgresTables Tables { get; }

    /// <summary>The number of the store in the schema; 0 until it was found.</summary>
    public int Store { get; private set; }

    public string Place => _connector.Place;

    public PostgresConnection Open() => new(_connector.Open(), this);

    /// <summary>Makes the tables and the store if needed and permitted, and learns its number.</summary>
    public bool Find(NpgsqlConnection connection, bool mayMake)
    {
        if (mayMake) PostgresSchema.Make(connection, _settings);
        else if (!PostgresSchema.Exists(connection, _settings)) return false;
        if (mayMake) PostgresCommands.Execute(connection,
            $"INSERT INTO {Tables.Stores} (name) VALUES ($1) ON CONFLICT (name) DO NOTHING", _settings.Store);
        Store = PostgresCommands.Scalar<int>(connection, $"SELECT id FROM {Tables.Stores} WHERE name = $1", _settings.Store);
        return Store != 0;
    }

    public HoldFault Judge(Exception cause) => PostgresFailures.Judge(cause);

    public string Describe(Exception cause) => PostgresFailures.Describe(cause);

    public string Refuse(Exception cause) => PostgresFailures.Refusal(Place, _connector.User, cause);

    public void Pause(TimeSpan time)
    {
        using var pause = new ManualResetEventSlim();
        pause.Wait(time);
    }

    public void Dispose() => _connector.Dispose();
}
