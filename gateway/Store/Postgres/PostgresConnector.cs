using System.Data.Common;
using Npgsql;

namespace Gateway.Store.Postgres;

/// <summary>
/// Opens connections as a store needs them: each its own, never pooled, to the server that takes writes, with time limits short enough to
/// notice a dead host.
/// </summary>
internal sealed class PostgresConnector : IDisposable
{
    private const int ConnectSeconds = 5;
    private const int CommandSeconds = 10;
    private const int PreparedStatements = 32;

    private readonly NpgsqlDataSource _source;
    private readonly NpgsqlMultiHostDataSource? _primary;

    public PostgresConnector(PostgresSettings settings)
    {
        var given = new DbConnectionStringBuilder { ConnectionString = settings.ConnectionString };
        var builder = new NpgsqlDataSourceBuilder(settings.ConnectionString);
        var options = builder.ConnectionStringBuilder;
        options.Pooling = false;
        options.Enlist = false;
        options.Multiplexing = false;
        // A command that takes too long ends with its connection. A mere cancellation would end the wait for a synchronous standby as if
        // it had confirmed.
        options.CancellationTimeout = -1;
        options.HostRecheckSeconds = 0;
        options.MaxAutoPrepare = PreparedStatements;
        options.AutoPrepareMinUsages = 2;
        options.TargetSessionAttributes = null;
        if (!given.ContainsKey("Timeout")) options.Timeout = ConnectSeconds;
        if (!given.ContainsKey("Command Timeout") && !given.ContainsKey("CommandTimeout")) options.CommandTimeout = CommandSeconds;
        if (!given.ContainsKey("Application Name") && !given.ContainsKey("ApplicationName"))
            options.ApplicationName = $"gateway {settings.Store}";
        User = options.Username ?? Environment.UserName;
        Place = settings.Describe();
        if (options.Host?.Contains(',', StringComparison.Ordinal) == true) _source = _primary = builder.BuildMultiHost();
        else _source = builder.Build();
    }

    /// <summary>The servers, the database and the schema, for people.</summary>
    public string Place { get; }

    /// <summary>The role that connects.</summary>
    public string User { get; }

    /// <summary>Opens a connection to the primary. Throws Npgsql's exceptions.</summary>
    public NpgsqlConnection Open() => _primary?.OpenConnection(TargetSessionAttributes.Primary) ?? _source.OpenConnection();

    public void Dispose() => _source.Dispose();
}
