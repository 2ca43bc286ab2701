using Gateway.Store.Disk.Files;
using Gateway.Store.Disk.Log;
using Gateway.Store.Records;
using Microsoft.Extensions.Logging;

namespace Gateway.Store.Holding;

/// <summary>
/// The hold on one store, through any number of connections. Each change proves in its own transaction that the store's epoch is still this
/// session's, which protects from one that was displaced without noticing. A lost connection is replaced, for as long as an outage may
/// last; then what was under way is looked for, and repeated if it is not there. It knows no engine: the same code holds a store in
/// PostgreSQL and in the simulator. Owned by the store's thread, except for <see cref="Standing"/>.
/// </summary>
internal sealed partial class HeldSession<TConnection, TTransaction> : IDisposable
    where TConnection : class, IHoldConnection<TTransaction>
    where TTransaction : IHoldTransaction
{
    private static readonly TimeSpan _retryInterval = TimeSpan.FromMilliseconds(200);

    private readonly IHoldServer<TConnection> _server;
    private readonly HoldSettings _settings;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly StoreHold _hold;

    /// <summary>The interval in which the holder says that it lives.</summary>
    private readonly TimeSpan _seenInterval;
    private TConnection? _connection;
    private StoreFailedException? _failure;
    private volatile EngineStanding _standing = EngineStanding.Well;
    private long _seenAt;

    private HeldSession(IHoldServer<TConnection> server, HoldSettings settings, TConnection connection, StoreHold hold, TimeProvider time,
        ILogger logger)
    {
        (_server, _settings, _connection, _hold, _time, _logger) = (server, settings, connection, hold, time, logger);
        _seenInterval = settings.Lease / 4;
        _seenAt = time.GetTimestamp();
    }

    /// <summary>Why the store was not to be used when it was opened, in a sentence; null if it was.</summary>
    public string? Closed => _hold.Closed;

    /// <summary>Any thread.</summary>
    public EngineStanding Standing => _standing;

    /// <summary>Takes hold of the store, which must exist unless it may be made, and be in use unless it may be closed.</summary>
    /// <param name="standby">Waits for a store that another process holds; null if that is an error.</param>
    /// <exception cref="StoreInUseException">Another process has it open.</exception>
    /// <exception cref="StoreUnavailableException">The engine cannot be reached, or refuses for now.</exception>
    /// <exception cref="StoreFailedException">It refuses for good, or the store cannot be used.</exception>
    public static HeldSession<TConnection, TTransaction> Open(IHoldServer<TConnection> server, HoldSettings settings, bool mayMake,
        bool mayBeClosed, IStandby? standby, TimeProvider time, ILogger logger)
    {
        TConnection? connection = null;
        try
        {
            connection = server.Open();
            var hold = StoreHold.Take(connection, server, settings, mayMake, mayBeClosed, standby, time);
            return new HeldSession<TConnection, TTransaction>(server, settings, connection, hold, time, logger);
        }
        catch (Exception cause)
        {
            connection?.Dispose();
            server.Dispose();
            var fault = server.Judge(cause);
            if (fault == HoldFault.Foreign) throw;
            if (fault == HoldFault.Passing) throw new StoreUnavailableException(
                $"{server.Place} cannot be used now: {server.Describe(cause)}.", cause);
            throw new StoreFailedException(server.Refuse(cause), cause);
        }
    }

    /// <summary>The session has failed and is not used again.</summary>
    public bool HasFailed => _failure is not null;

    /// <summary>The store is given up, and not asked any more.</summary>
    public bool IsClosed { get; private set; }

    /// <summary>
    /// Does a piece of work, again and again while the engine is away. It must have the same effect however often it is done.
    /// </summary>
    /// <param name="what">The subject of the sentence that reports a failure.</param>
    /// <param name="isDone">
    /// Asked on a new connection, when it is unknown whether the work before was done; all that was done is durable by then.
    /// </param>
    /// <exception cref="StoreFailedException">The outage lasts too long, another has the store, or the engine fails.</exception>
    public void Run(string what, Action<TConnection> work, Func<TConnection, bool>? isDone = null)
    {
        if (_failure is not null) throw new StoreFailedException(_failure.Message, _failure);
        var course = new Course();
        while (!TryRun(what, work, isDone, course))
        {
            // The next attempt is made on a new connection.
        }

        EndOutage(course.Began);
    }

    /// <summary>
    /// Changes the store in one transaction, which ends with the proof that the store is still this session's; otherwise as
    /// <see cref="Run"/>.
    /// </summary>
    public void Change(string what, Action<TTransaction> change, Func<TConnection, bool>? isDone = null) => Run(what, connection =>
    {
        using var transaction = connection.BeginChange();
        change(transaction);
        transaction.Prove(_hold.Epoch);
        transaction.Commit();
    }, isDone);

    /// <summary>Proves that what was read is what the holder of the store has written, and no other one meanwhile.</summary>
    /// <exception cref="StoreFailedException">As for <see cref="Run"/>.</exception>
    public void Confirm() => Change("Confirming that the store is held", static _ => { });

    /// <summary>Says that the holder lives, if that is due; a process that waits for the store would displace a silent one.</summary>
    public void KeepAlive()
    {
        if (_time.GetElapsedTime(_seenAt) >= _seenInterval) Run("Saying that the gateway lives", static _ => { });
    }

    /// <summary>Says what of the engine's settings weakens the promises.</summary>
    public void Tell(IReadOnlyList<string> weaknesses)
    {
        if (weaknesses.SequenceEqual(_standing.Weaknesses)) return;
        foreach (var weakness in weaknesses.Except(_standing.Weaknesses)) LogWeakness(weakness);
        _standing = _standing with { Weaknesses = weaknesses };
    }

    public void Dispose()
    {
        IsClosed = true;
        Leave();
        _server.Dispose();
    }

    /// <returns>False if it is to be tried again: the engine is away, and was waited for.</returns>
    private bool TryRun(string what, Action<TConnection> work, Func<TConnection, bool>? isDone, Course course)
    {
        try
        {
            var connection = Connected();
            if (course.MayBeDone && isDone?.Invoke(connection) == true) return true;
            course.MayBeDone = true;
            SayThatItLives(connection);
            work(connection);
            if (connection.IsUncertain) throw new TimeoutException("the wait for the synchronous standby was cancelled on the server");
            return true;
        }
        catch (Exception cause) when (_server.Judge(cause) == HoldFault.Passing)
        {
            Leave();
            course.Began ??= _time.GetTimestamp();
            Wait(what, course.Began.Value, cause);
            return false;
        }
        catch (Exception cause) when (_server.Judge(cause) == HoldFault.Displaced)
        {
            throw Fail(Displaced(_connection), cause);
        }
        catch (Exception cause) when (_server.Judge(cause) == HoldFault.Missing && !course.WasMissing)
        {
            // Another holder may have dropped it: a new connection shows that before anything is asked again.
            course.WasMissing = true;
            Leave();
            return false;
        }
        catch (Exception cause) when (_server.Judge(cause) is HoldFault.Missing or HoldFault.Final)
        {
            throw Fail($"{what} failed: {_server.Describe(cause)}. Look at the log of the database server ({_server.Place}).", cause);
        }
    }

    private TConnection Connected()
    {
        // A client may give a connection up by itself, as Npgsql does at some errors.
        if (_connection is { IsOpen: true } known) return known;
        Leave();
        var connection = _server.Open();
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

    private void SayThatItLives(TConnection connection)
    {
        if (_time.GetElapsedTime(_seenAt) < _seenInterval) return;
        if (!connection.SayThatItLives(_hold.Epoch, isDurable: false)) throw Fail(Displaced(connection), cause: null);
        _seenAt = _time.GetTimestamp();
    }

    private string Displaced(TConnection? connection) =>
        $"The store {_settings.Store} in {_server.Place} was taken over by another gateway"
        + $"{(Holder(connection) is { Length: > 0 } holder ? $", {holder}" : "")}. Nothing was written since; this process ends. If "
        + "both run under this name on purpose, one of them waits until the other ends.";

    /// <summary>Who holds the store now, for people; empty if that cannot be found out.</summary>
    private string Holder(TConnection? connection)
    {
        try
        {
            return connection?.Look().Holder ?? "";
        }
        catch (Exception cause) when (_server.Judge(cause) != HoldFault.Foreign)
        {
            return "";
        }
    }

    private void Leave()
    {
        _connection?.Dispose();
        _connection = null;
    }

    private void Wait(string what, long began, Exception cause)
    {
        var why = _server.Describe(cause);
        if (_standing.Outage is null) LogOutage(_server.Place, why, _settings.OutageMax.TotalSeconds);
        _standing = _standing with { Outage = $"the database is away: {why}" };
        if (_time.GetElapsedTime(began) >= _settings.OutageMax)
        {
            throw Fail($"{what} failed: {_server.Place} has been away for {Figures.Span(_time.GetElapsedTime(began))} (Store:OutageMax): "
                + $"{why}. What was confirmed is stored. Start the gateway again when the database is back, or let a supervisor do so.",
                cause);
        }

        _server.Pause(_retryInterval);
    }

    private void EndOutage(long? began)
    {
        if (_standing.Outage is null) return;
        _standing = _standing with { Outage = null };
        LogOutageOver(_server.Place, began is { } at ? _time.GetElapsedTime(at).TotalSeconds : 0);
    }

    private StoreFailedException Fail(string message, Exception? cause)
    {
        Leave();
        return _failure = new StoreFailedException(message, cause);
    }

    /// <summary>A piece of work through any number of attempts.</summary>
    private sealed class Course
    {
        /// <summary>When the first attempt failed.</summary>
        public long? Began { get; set; }

        /// <summary>An attempt has come to the work itself, so that it may be done.</summary>
        public bool MayBeDone { get; set; }

        /// <summary>A part of the store was not there.</summary>
        public bool WasMissing { get; set; }
    }

    [LoggerMessage(EventId = 2020, Level = LogLevel.Error, Message = "{Place} is away: {Why}. New messages are rejected (Busy), and "
        + "nothing is confirmed until it is back, for {Seconds} s at most.")]
    private partial void LogOutage(string place, string why, double seconds);

    [LoggerMessage(EventId = 2021, Level = LogLevel.Warning, Message = "{Place} is back after {Seconds:F1} s.")]
    private partial void LogOutageOver(string place, double seconds);

    [LoggerMessage(EventId = 2022, Level = LogLevel.Warning, Message = "The durable receipt is weakened: {Weakness}.")]
    private partial void LogWeakness(string weakness);
}
