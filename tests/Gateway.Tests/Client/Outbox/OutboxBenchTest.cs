using Xunit;

namespace Gateway.Tests.Client.Outbox;

/// <summary>The base of tests at an outbox whose tables are made.</summary>
public abstract class OutboxBenchTest : IAsyncLifetime
{
    private protected static CancellationToken Token => TestContext.Current.CancellationToken;

    private protected OutboxBench Bench { get; } = new();

    public ValueTask InitializeAsync() => new(Bench.MakeAsync(Token));

    public ValueTask DisposeAsync() => Bench.DisposeAsync();
}
