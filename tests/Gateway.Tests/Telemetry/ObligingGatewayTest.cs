using Gateway.Client;
using Gateway.Tests.Client;
using Xunit;

namespace Gateway.Tests.Telemetry;

/// <summary>A base for tests of a client and a fake gateway that accepts every request.</summary>
public abstract class ObligingGatewayTest : IAsyncDisposable
{
    private protected ObligingGatewayTest() => GatewayClient =
        new GatewayClient(new GatewayClientOptions { Address = FakeGateway.Address, ApplicationName = "test" });

    private protected static CancellationToken Token => TestContext.Current.CancellationToken;

    private protected FakeGateway FakeGateway { get; } = new(FakeGateway.Obliging);

    private protected GatewayClient GatewayClient { get; }

    public async ValueTask DisposeAsync()
    {
        await GatewayClient.DisposeAsync();
        FakeGateway.Dispose();
        GC.SuppressFinalize(this);
    }
}
