using System.Data.Common;
using System.Diagnostics;
using System.Globalization;
using System.Text;
using Gateway.Client;
using Gateway.Client.Outbox;
using Gateway.Client.Outbox.PostgreSql;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Gateway.Tests.Crash;

/// <summary>
/// An application with an outbox, to be killed: it writes numbers into a ledger of its own and, in the same transactions, into the outbox,
/// rolls some of them back, and relays. It kills itself at the point that it is given, or ends with its standard input.
/// </summary>
internal sealed class OutboxProcess(string database, string address, string point, int occurrence, int first)
{
    public const string Name = "outbox-process";

    /// <summary>It writes nothing, and relays.</summary>
    public const int WritesNothing = -1;

    public const string Never = "never";

    private const int RolledBackEach = 4;

    private static readonly TimeSpan _pause = TimeSpan.FromMilliseconds(2);

    /// <summary>Where it is killed: in the writing application, and at lines of the relay's log.</summary>
    private static readonly Dictionary<string, int> _relayPoints = new()
    {
        ["active"] = 7100,
        ["read"] = 7104,
        ["receipt"] = 7105,
        ["removed"] = 7106,
        ["sending"] = 7104,
    };

    private int _left = occurrence;

    public static IEnumerable<string> Points => ["written", "committed", "rolledback", .. _relayPoints.Keys];

    public static Task<int> RunAsync(string database, string address, string point, string occurrence, string first) =>
        new OutboxProcess(database, address, point, Number(occurrence), Number(first)).RunAsync();

    /// <param name="database">For SQLite its file, for PostgreSQL its connection string.</param>
    public static ProcessStartInfo Start(string database, string address, string point, int occurrence, int first)
    {
        var program = Path.Combine(AppContext.BaseDirectory, typeof(OutboxProcess).Assembly.GetName().Name!);
        return new ProcessStartInfo(
            OperatingSystem.IsWindows() ? program + ".exe" : program,
            [Name, database, address, point, Text(occurrence), Text(first)]);
    }

    public static OutboxDialect DialectOf(string database) =>
        database.Contains('=', StringComparison.Ordinal) ? OutboxDialect.PostgreSql : OutboxDialect.Sqlite;

    public static DbDataSource SourceOf(string database) => DialectOf(database) == OutboxDialect.PostgreSql
        ? NpgsqlDataSource.Create(database)
        : SqliteFactory.Instance.CreateDataSource($"Data Source={database}");

    private static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    private async Task<int> RunAsync()
    {
        await using var source = SourceOf(database);
        var outbox = new GatewayOutbox(new OutboxOptions
        {
            Dialect = DialectOf(database),
            RetryDelay = TimeSpan.FromMilliseconds(50),
            RetryDelayMax = TimeSpan.FromMilliseconds(200),
            PollInterval = TimeSpan.FromMilliseconds(100),
        });
        await using var client = new GatewayClient(new GatewayClientOptions { Address = address, ApplicationName = Name });
        using var stop = new CancellationTokenSource();
        var signal = source is NpgsqlDataSource server ? new PostgreSqlOutboxSignal(server) : null;
        var relay = new OutboxRelay(outbox, source, client, signal, new RelayLog(this)).RunAsync(stop.Token);
        var writing = first == WritesNothing ? Task.CompletedTask : Task.Run(() => WriteAsync(source, outbox, stop.Token));
        await Task.WhenAny(Task.Run(Console.In.ReadToEnd), relay, writing.ContinueWith(
            _ => Task.Delay(Timeout.Infinite, stop.Token), TaskScheduler.Default).Unwrap());
        await stop.CancelAsync();
        await writing;
        await relay;
        return 0;
    }

    private async Task WriteAsync(DbDataSource source, GatewayOutbox outbox, CancellationToken stop)
    {
        await using var connection = await source.OpenConnectionAsync(CancellationToken.None);
        for (var number = first; !stop.IsCancellationRequested; number++)
        {
            await using var transaction = await connection.BeginTransactionAsync(CancellationToken.None);
            var isKept = number % RolledBackEach != 0;
            await using (var command = connection.CreateCommand())
            {
                command.Transaction = transaction;
                command.CommandText = $"INSERT INTO ledger (number) VALUES ({number})";
                await command.ExecuteNonQueryAsync(CancellationToken.None);
            }

            await outbox.EnqueueAsync(transaction, "orders@local", Encoding.ASCII.GetBytes(Text(number)), null, CancellationToken.None);
            await outbox.EnqueueAsync(transaction, "audit@local", Encoding.ASCII.GetBytes(Text(number)), null, CancellationToken.None);
            Reach("written");
            if (isKept)
                await outbox.CommitAsync(transaction, CancellationToken.None);
            else
                await transaction.RollbackAsync(CancellationToken.None);
            Reach(isKept ? "committed" : "rolledback");
            // SQLite lets one write at a time, and whoever waits asks again now and then: without a pause the relay would wait for long.
            await Task.Delay(_pause, CancellationToken.None);
        }
    }

    private void Reach(string reached)
    {
        if (reached == point && Interlocked.Decrement(ref _left) == 0)
            Process.GetCurrentProcess().Kill();
    }

    /// <summary>The request is under way in the time after the rows were read.</summary>
    private void Reach(EventId line)
    {
        if (!_relayPoints.TryGetValue(point, out var wanted) || line.Id != wanted)
            return;
        if (point == "sending")
            _ = Task.Delay(TimeSpan.FromMilliseconds(1)).ContinueWith(_ => Reach(point), TaskScheduler.Default);
        else
            Reach(point);
    }

    /// <summary>Says what the relay says, and tells how far it has come.</summary>
    private sealed class RelayLog(OutboxProcess process) : ILogger<OutboxRelay>
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception,
            Func<TState, Exception?, string> formatter)
        {
            if (logLevel >= LogLevel.Information)
                Console.WriteLine(formatter(state, exception));
            process.Reach(eventId);
        }
    }
}
