using System.Data;
using Gateway.Store.Disk.Files;
using Gateway.Store.Disk.Log;
using Gateway.Store.Records;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Gateway.Store.Postgres;

/// <summary>
/// The hold on one store of a schema, through any number of connections. An advisory lock of the connection elects the holder; the store's
/// epoch, which only rises, protects from one that was displaced without noticing. A lost connection is replaced, for as long as an outage
/// may last; then what was under way is looked for, and repeated if it is not there. Owned by the store's thread, except for
/// <see cref="Standing"/>.
/// </summary>
internal sealed partial class PostgresSession : IDisposable
{
    private static readonly TimeSpan _retryInterval = TimeSpan.FromMilliseconds(200);

    /// <summary>The interval in which the holder says that it lives.</summary>
    private static readonly TimeSpan _seenInterval = TimeSpan.FromSeconds(2);

    private readonly PostgresSettings _settings;
    private readonly PostgresConnector _connector;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly StoreHold _hold;
    private NpgsqlConnection? _connection;
    private StoreFailedException? _failure;
    private volatile EngineStanding _standing = EngineStanding.Well;
    private long _seenAt;
    private bool _isUncertain;

    private PostgresSession(PostgresSettings settings, PostgresConnector connector, NpgsqlConnection connection, StoreHold hold,
        TimeProvider time, ILogger logger)
    {
        (_settings, _connector, _hold, _time, _logger) = (settings, connector, hold, time, logger);
        _connection = Watched(connection);
        _seenAt = time.GetTimestamp();
    }

    public PostgresTables Tables => _hold.Tables;

    /// <summary>Why the store was not to be used when it was opened, in a sentence; null if it was.</summary>
    public string? Closed => _hold.Closed;

    /// <summary>The number of the store in the schema.</summary>
    public int Store => _hold.Store;

    /// <summary>Any thread.</summary>
    public EngineStanding Standing => _standing;

    public string Place => _connector.Place;

    /// <summary>Takes hold of the store, which must exist unless it may be made, and be in use unless it may be closed.</summary>
    /// <param name="standby">Waits for a store that another process holds; null if that is an error.</param>
    /// <exception cref="StoreInUseException">Another process has it open.</exception>
    /// <exception cref="StoreUnavailableException">The database cannot be reached, or refuses for now.</exception>
    /// <exception cref="StoreFailedException">It refuses for good, or the store cannot be used.</exception>
    public static PostgresSession Open(
        PostgresSettings settings, bool mayMake, bool mayBeClosed, IStandby? standby, TimeProvider time, ILogger logger)
    {
        var connector = ConnectorOf(settings);
        NpgsqlConnection? connection = null;
        try
        {
            connection = connector.Open();
            var hold = StoreHold.Take(connection, settings, connector.Place, mayMake, mayBeClosed, standby);
            return new PostgresSession(settings, connector, connection, hold, time, logger);
        }
        catch (Exception cause)
        {
            connection?.Dispose();
            connector.Dispose();
            if (!PostgresFailures.IsOfDatabase(cause)) throw;
            if (PostgresFailures.IsPassing(cause)) throw new StoreUnavailableException(
                $"{connector.Place} cannot be used now: {PostgresFailures.Describe(cause)}.", cause);
            throw new StoreFailedException(PostgresFailures.Refusal(connector.Place, connector.User, cause), cause);
        }
    }

    /// <exception cref="StoreFailedException">The session failed before.</exception>
    public void ThrowIfFailed()
    {
        if (_failure is not null) throw new StoreFailedException(_failure.Message, _failure);
    }

    /// <summary>The session has failed and is not used again.</summary>
    public bool HasFailed => _failure is not null;

    /// <summary>
    /// Does a piece of work, again and again while the database is away. It must have the same effect however often it is done.
    /// </summary>
    /// <param name="what">The subject of the sentence that reports a failure.</param>
    /// <param name="isDone">
    /// Asked on a new connection, when it is unknown whether the work before was done; all that was done is durable by then.
    /// </param>
    /// <exception cref="StoreFailedException">The outage lasts too long, another has the store, or the server fails.</exception>
    public void Run(string what, Action<NpgsqlConnection> work, Func<NpgsqlConnection, bool>? isDone = null)
    {
        ThrowIfFailed();
        long? began = null;
        var mayBeDone = false;
        while (true)
        {
            try
            {
                var connection = Connected();
                if (mayBeDone && isDone?.Invoke(connection) == true)
                {
                    EndOutage(began);
                    return;
                }

                mayBeDone = true;
                SayThatItLives(connection);
                work(connection);
                if (_isUncertain) throw new TimeoutException("the wait for the synchronous standby was cancelled on the server");
                EndOutage(began);
                return;
            }
            catch (Exception cause) when (PostgresFailures.IsOfDatabase(cause) && PostgresFailures.IsPassing(cause))
            {
                Leave();
                began ??= _time.GetTimestamp();
                Wait(what, began.Value, cause);
            }
            catch (PostgresException server) when (server.SqlState == PostgresFailures.Displaced)
            {
                throw Fail(Displaced(_connection), server);
            }
            catch (PostgresException server) when (server.SqlState == PostgresErrorCodes.UndefinedTable && IsDisplaced())
            {
                throw Fail(Displaced(_connection), server);
            }
            catch (Exception cause) when (PostgresFailures.IsOfDatabase(cause) && !PostgresFailures.IsDamage(cause)
                && !PostgresFailures.IsLocked(cause))
            {
                throw Fail($"{what} failed: {PostgresFailures.Describe(cause)}. Look at the log of the database server ({Place}).", cause);
            }
        }
    }

    /// <summary>Says that the holder lives, if that is due; a process that waits for the store would displace a silent one.</summary>
    public void KeepAlive()
    {
        if (_time.GetElapsedTime(_seenAt) >= _seenInterval) Run("Saying that the gateway lives", static _ => { });
    }

    /// <summary>Adds the proof that the store is still this session's, as the last command of a transaction.</summary>
    public void AddFence(NpgsqlBatch batch)
    {
        var fence = new NpgsqlBatchCommand($"SELECT {Tables.Fence}($1, $2)");
        fence.Parameters.Add(new NpgsqlParameter<int> { TypedValue = Store });
        fence.Parameters.Add(new NpgsqlParameter<long> { TypedValue = _hold.Epoch });
        batch.BatchCommands.Add(fence);
    }

    /// <summary>Proves within a transaction that the store is still this session's.</summary>
    public void Prove(NpgsqlConnection connection) =>
        PostgresCommands.Execute(connection, $"SELECT {Tables.Fence}($1, $2)", Store, _hold.Epoch);

    /// <summary>Says what of the server's settings weakens the promises.</summary>
    public void Tell(IReadOnlyList<string> weaknesses)
    {
        if (weaknesses.SequenceEqual(_standing.Weaknesses)) return;
        foreach (var weakness in weaknesses.Except(_standing.Weaknesses)) LogWeakness(weakness);
        _standing = _standing with { Weaknesses = weaknesses };
    }

    /// <summary>The store is given up, and not asked any more.</summary>
    public bool IsClosed { get; private set; }

    public void Dispose()
    {
        IsClosed = true;
        Leave();
        _connector.Dispose();
    }

    private static PostgresConnector ConnectorOf(PostgresSettings settings)
    {
        try
        {
            return new PostgresConnector(settings);
        }
        catch (ArgumentException wrong)
        {
            throw new StoreFailedException($"Store:ConnectionString cannot be used: {wrong.Message.TrimEnd('.')}.", wrong);
        }
    }

    private NpgsqlConnection Connected()
    {
        // Npgsql gives a connection up by itself at some errors, as after a damaged page.
        if (_connection is { State: ConnectionState.Open } known) return known;
        Leave();
        var connection = Watched(_connector.Open());
        try
        {
            if (!_hold.TryResume(connection)) throw Fail(Displaced(connection), cause: null);
        }
        catch
        {
            connection.Dispose();
            throw;
        }

        _seenAt = _time.GetTimestamp();
        return _connection = connection;
    }

    /// <summary>
    /// A commit that the server no longer holds back for its standby, because somebody has cancelled it there, is reported as done, with a
    /// warning: the standby may not have it.
    /// </summary>
    private NpgsqlConnection Watched(NpgsqlConnection connection)
    {
        _isUncertain = false;
        connection.Notice += (_, notice) => _isUncertain |= notice.Notice is { SqlState: "01000", InvariantSeverity: "WARNING" };
        return connection;
    }

    private void SayThatItLives(NpgsqlConnection connection)
    {
        if (_time.GetElapsedTime(_seenAt) < _seenInterval) return;
        if (!_hold.SayThatItLives(connection)) throw Fail(Displaced(connection), cause: null);
        _seenAt = _time.GetTimestamp();
    }

    private bool IsDisplaced()
    {
        try
        {
            return _connection is { } connection && !_hold.IsOwn(connection);
        }
        catch (Exception cause) when (PostgresFailures.IsOfDatabase(cause))
        {
            return false;
        }
    }

    private void Leave()
    {
        _connection?.Dispose();
        _connection = null;
    }

    private void Wait(string what, long began, Exception cause)
    {
        var why = PostgresFailures.Describe(cause);
        var outage = $"the database is away: {why}";
        if (_standing.Outage is null) LogOutage(Place, why, _settings.OutageMax.TotalSeconds);
        _standing = _standing with { Outage = outage };
        if (_time.GetElapsedTime(began) >= _settings.OutageMax)
        {
            throw Fail($"{what} failed: {Place} has been away for {Figures.Span(_time.GetElapsedTime(began))} (Store:OutageMax): {why}. "
                + "What was confirmed is stored. Start the gateway again when the database is back, or let a supervisor do so.", cause);
        }

        using var pause = new ManualResetEventSlim();
        pause.Wait(_retryInterval);
    }

    private void EndOutage(long? began)
    {
        if (_standing.Outage is null) return;
        _standing = _standing with { Outage = null };
        LogOutageOver(Place, began is { } at ? _time.GetElapsedTime(at).TotalSeconds : 0);
    }

    private string Displaced(NpgsqlConnection? connection) =>
        $"The store {_settings.Store} in {Place} was taken over by another gateway"
        + $"{(_hold.Holder(connection) is { Length: > 0 } holder ? $", {holder}" : "")}. Nothing was written since; this process ends. If "
        + "both run under this name on purpose, one of them waits until the other ends.";

    private StoreFailedException Fail(string message, Exception? cause)
    {
        Leave();
        return _failure = new StoreFailedException(message, cause);
    }

    [LoggerMessage(EventId = 2020, Level = LogLevel.Error, Message = "{Place} is away: {Why}. New messages are rejected (Busy), and "
        + "nothing is confirmed until it is back, for {Seconds} s at most.")]
    private partial void LogOutage(string place, string why, double seconds);

    [LoggerMessage(EventId = 2021, Level = LogLevel.Warning, Message = "{Place} is back after {Seconds:F1} s.")]
    private partial void LogOutageOver(string place, double seconds);

    [LoggerMessage(EventId = 2022, Level = LogLevel.Warning, Message = "The durable receipt is weakened: {Weakness}.")]
    private partial void LogWeakness(string weakness);
}
