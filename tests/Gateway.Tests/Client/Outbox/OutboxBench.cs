using System.Collections.Concurrent;
using System.Data.Common;
using System.Text;
using Gateway.Client;
using Gateway.Client.Outbox;
using Gateway.Client.Wire;
using Gateway.Tests.Transport;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;

namespace Gateway.Tests.Client.Outbox;

/// <summary>An outbox in SQLite, a gateway that says what a test wants, and relays between them.</summary>
internal sealed class OutboxBench : IAsyncDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("gateway-outbox-");
    private readonly FakeGateway _gateway;
    private readonly GatewayClient _client;
    private readonly List<Func<Task>> _relays = [];

    public OutboxBench(TimeSpan? poll = null, TimeSpan? retry = null, TimeSpan? timeout = null)
    {
        Source = SqliteFactory.Instance.CreateDataSource($"Data Source={Path.Combine(_folder.FullName, "shop.db")};Pooling=False");
        Options = new OutboxOptions
        {
            Dialect = OutboxDialect.Sqlite,
            DataSource = Source,
            PollInterval = poll ?? TimeSpan.FromMilliseconds(20),
            RetryDelay = retry ?? TimeSpan.FromMilliseconds(20),
            RetryDelayMax = retry ?? TimeSpan.FromMilliseconds(40),
        };
        Outbox = new GatewayOutbox(Options);
        _gateway = new FakeGateway(Answer);
        _client = new GatewayClient(new GatewayClientOptions
        { Address = _gateway.Address, RequestTimeout = timeout ?? TimeSpan.FromSeconds(30) });
    }

    public DbDataSource Source { get; }

    public OutboxOptions Options { get; }

    public GatewayOutbox Outbox { get; }

    public string Address => _gateway.Address;

    public LogLines Log { get; } = new();

    public string LogText => string.Join('\n', Log.Lines);

    /// <summary>Why the gateway refuses a message, by its destination and body; null if it takes it.</summary>
    public Func<string, string, WireCode?> Refuses { get; set; } = (_, _) => null;

    /// <summary>Whether the gateway says nothing of messages.</summary>
    public bool IsMute { get; set; }

    /// <summary>Destination and body of what the gateway has taken.</summary>
    public ConcurrentQueue<string> Taken { get; } = new();

    public ConcurrentQueue<EnqueueItem> Items { get; } = new();

    public async Task MakeAsync(CancellationToken cancellationToken)
    {
        await using var connection = await Source.OpenConnectionAsync(cancellationToken);
        await Outbox.CreateSchemaAsync(connection, cancellationToken);
    }

    /// <summary>Writes messages in a transaction, and commits it without a word to the relay.</summary>
    public async Task WriteAsync(CancellationToken cancellationToken, string destination, params string[] bodies)
    {
        await using var connection = await Source.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        foreach (var body in bodies)
            await Outbox.EnqueueAsync(transaction, destination, Encoding.UTF8.GetBytes(body), null, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
    }

    /// <summary>Starts a relay; the function ends it.</summary>
    public Func<Task> Relay()
    {
        var stop = new CancellationTokenSource();
        var relay = new OutboxRelay(Outbox, Source, _client, logger: new Logger<OutboxRelay>(new LoggerFactory([Log])))
        { SampleInterval = TimeSpan.FromMilliseconds(20) };
        var running = Task.Run(() => relay.RunAsync(stop.Token), CancellationToken.None);
        Func<Task> end = async () =>
        {
            await stop.CancelAsync();
            await running;
        };
        _relays.Add(end);
        return end;
    }

    public async Task<OutboxStatus> StatusAsync(CancellationToken cancellationToken)
    {
        await using var connection = await Source.OpenConnectionAsync(cancellationToken);
        return await Outbox.GetStatusAsync(connection, cancellationToken);
    }

    public async Task<object?> ScalarAsync(string sql, CancellationToken cancellationToken)
    {
        await using var connection = await Source.OpenConnectionAsync(cancellationToken);
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        return await command.ExecuteScalarAsync(cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var end in _relays)
            await end();
        await _client.DisposeAsync();
        _gateway.Dispose();
        _folder.Delete(recursive: true);
    }

    private IEnumerable<Reply> Answer(Request request)
    {
        if (request is not Request.Enqueue enqueue)
            return FakeGateway.Obliging(request);
        if (IsMute)
            return [];
        var bodies = enqueue.Items.Select(item => Encoding.UTF8.GetString(item.Body.Span)).ToList();
        if (bodies.Select(body => Refuses(enqueue.Destination, body)).FirstOrDefault(code => code is not null) is { } refusal)
            return [new Reply.Rejected(enqueue.Id, refusal, "as the test wants")];
        foreach (var (item, body) in enqueue.Items.Zip(bodies))
        {
            Taken.Enqueue($"{enqueue.Destination} {body}");
            Items.Enqueue(item);
        }

        return FakeGateway.Obliging(request);
    }
}
