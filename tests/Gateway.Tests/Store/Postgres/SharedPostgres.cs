using Xunit;

namespace Gateway.Tests.Store.Postgres;

/// <summary>One server for tests that do not disturb it; each uses a schema of its own.</summary>
public sealed class SharedPostgres : IAsyncLifetime
{
    private static int _schemas;

    private PostgresServer? _server;

    internal PostgresServer Server => _server ?? throw new InvalidOperationException("The server is started first.");

    public static string NewSchema() => $"test_{Interlocked.Increment(ref _schemas)}";

    public async ValueTask InitializeAsync() => _server = await PostgresServer.StartAsync(TestContext.Current.CancellationToken);

    public async ValueTask DisposeAsync()
    {
        if (_server is not null) await _server.DisposeAsync();
    }
}
