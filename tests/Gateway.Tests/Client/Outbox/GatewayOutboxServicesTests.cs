using Gateway.Client.Hosting;
using Gateway.Client.Outbox;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Shouldly;
using Xunit;
using static Gateway.Tests.Crash.ProcessTest;

namespace Gateway.Tests.Client.Outbox;

/// <summary>Outbox and inbox in a host.</summary>
public sealed class GatewayOutboxServicesTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task AHost_RelaysWhileItRuns_AndEndsInAnOrderlyWay()
    {
        await using var bench = new OutboxBench();
        await bench.MakeAsync(Token);
        await bench.WriteAsync(Token, "orders@billing", "1");
        using var host = HostWith(services =>
        {
            services.AddSingleton(bench.Source);
            services.AddGatewayClient(client => client.Address = bench.Address);
            services.AddGatewayOutbox(outbox => outbox.Dialect = OutboxDialect.Sqlite);
            services.AddGatewayInbox(inbox => inbox.Dialect = OutboxDialect.Sqlite);
        });

        await host.StartAsync(Token);
        await UntilAsync("it is sent", () => bench.Taken.Count == 1);
        host.Services.GetRequiredService<GatewayOutbox>().NotificationChannel.ShouldBe("gateway_outbox");
        host.Services.GetRequiredService<GatewayInbox>().SchemaScript.ShouldContain("gateway_inbox");
        await host.StopAsync(Token);

        await bench.WriteAsync(Token, "orders@billing", "2");
        bench.Relay();
        await UntilAsync("another relay is active", () => bench.Taken.Contains("orders@billing 2"));
    }

    [Fact]
    public async Task AProcessThatOnlyWrites_NeedsNoClient()
    {
        using var host = HostWith(services => services.AddGatewayOutbox(_ => { }, relay: false));

        await host.StartAsync(Token);
        host.Services.GetService<GatewayOutbox>().ShouldNotBeNull();
        host.Services.GetService<OutboxRelay>().ShouldBeNull();
        await host.StopAsync(Token);
    }

    [Fact]
    public async Task AHost_WithWrongOptions_DoesNotStart()
    {
        using var writer = HostWith(services => services.AddGatewayOutbox(outbox => outbox.Table = "", relay: false));
        using var reader = HostWith(services => services.AddGatewayInbox(inbox => inbox.Table = ""));

        await Should.ThrowAsync<OptionsValidationException>(() => writer.StartAsync(Token));
        await Should.ThrowAsync<OptionsValidationException>(() => reader.StartAsync(Token));
    }

    private static IHost HostWith(Action<IServiceCollection> configure)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        configure(builder.Services);
        return builder.Build();
    }
}
