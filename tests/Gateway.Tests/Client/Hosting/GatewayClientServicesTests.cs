using System.Diagnostics;
using Gateway.Client;
using Gateway.Client.Hosting;
using Gateway.Client.Outbox;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;
using Shouldly;
using Xunit;

namespace Gateway.Tests.Client.Hosting;

public sealed class GatewayClientServicesTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task AddGatewayClient_Section_GivesOneClientWithItsOptions()
    {
        using var gateway = new FakeGateway(FakeGateway.Obliging);
        await using var provider = new ServiceCollection()
            .AddGatewayClient(Section(("Addresses:0", gateway.Address), ("RequestTimeout", "00:00:10")))
            .BuildServiceProvider();

        var client = provider.GetRequiredService<GatewayClient>();

        client.ShouldBeSameAs(provider.GetRequiredService<GatewayClient>());
        (await client.GetGatewayAsync(Token)).ShouldBe(new GatewayInfo("fake", IsReady: true, ""));
    }

    [Fact]
    public async Task AddGatewayClient_Names_GiveAClientEach()
    {
        using var near = new FakeGateway(FakeGateway.Obliging);
        await using var provider = new ServiceCollection()
            .AddGatewayClient(options => options.Address = near.Address)
            .AddGatewayClient("billing", options => options.Address = near.Address)
            .AddGatewayClient("audit", Section(("Address", near.Address)))
            .BuildServiceProvider();

        GatewayClient[] clients =
        [
            provider.GetRequiredService<GatewayClient>(),
            provider.GetRequiredKeyedService<GatewayClient>("billing"),
            provider.GetRequiredKeyedService<GatewayClient>("audit"),
        ];

        clients.ShouldBeUnique();
        foreach (var client in clients)
            (await client.GetGatewayAsync(Token)).Name.ShouldBe("fake");
    }

    [Fact]
    public async Task AddGatewayClient_ResolvesOneClientWithTheOptions()
    {
        using var gateway = new FakeGateway(FakeGateway.Obliging);
        await using var provider = new ServiceCollection().AddGatewayClient(o => o.Address = gateway.Address).BuildServiceProvider();

        var client = provider.GetRequiredService<GatewayClient>();

        client.ShouldBeSameAs(provider.GetRequiredService<GatewayClient>());
        (await client.GetGatewayAsync(Token)).ShouldBe(new GatewayInfo("fake", IsReady: true, ""));
    }

    [Fact]
    public void AddGatewayClient_BadOptions_NamesAllThatIsWrong()
    {
        using var provider = new ServiceCollection()
            .AddGatewayClient(o =>
            {
                o.Address = "localhost";
                o.PendingRequestsMax = 0;
            })
            .BuildServiceProvider();

        var failure = Should.Throw<OptionsValidationException>(provider.GetRequiredService<GatewayClient>);

        failure.Failures.Count().ShouldBe(2);
    }

    [Theory]
    [InlineData("Address", "localhost", "tcp://host:port")]
    [InlineData("Adress", "tcp://127.0.0.1:7420", "Adress")]
    [InlineData("RequestTimeout", "soon", "RequestTimeout")]
    public async Task AddGatewayClient_BadSection_TheHostDoesNotStart(string key, string value, string told)
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Services.AddGatewayClient(Section((key, value)));
        using var host = builder.Build();

        var failure = await Should.ThrowAsync<Exception>(() => host.StartAsync(Token));

        failure.ToString().ShouldContain(told);
    }

    [Fact]
    public async Task AddGatewayClient_BadNamedOptions_AreNamedAllWhenTheHostStarts()
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Services.AddGatewayClient("billing", options =>
        {
            options.Address = "localhost";
            options.PendingRequestsMax = 0;
        });
        using var host = builder.Build();

        var failure = await Should.ThrowAsync<OptionsValidationException>(() => host.StartAsync(Token));

        failure.Failures.Count().ShouldBe(2);
    }

    [Fact]
    public async Task AddGatewayInstrumentation_ShowsTheClientsSpansAndMetrics()
    {
        using var gateway = new FakeGateway(FakeGateway.Obliging);
        var (spans, counters) = (new List<string>(), new List<string>());
        using var tracing = Sdk.CreateTracerProviderBuilder().AddGatewayInstrumentation()
            .AddProcessor(new SimpleActivityExportProcessor(new Names<Activity>(spans, span => span.DisplayName))).Build();
        using var metrics = Sdk.CreateMeterProviderBuilder().AddGatewayInstrumentation()
            .AddReader(new BaseExportingMetricReader(new Names<Metric>(counters, metric => metric.Name))).Build();
        await using var client = new GatewayClient(new GatewayClientOptions { Address = gateway.Address });

        await client.EnqueueAsync("orders@far", "x"u8.ToArray(), null, Token);
        OutboxTelemetry.CountRelayed("gateway_outbox", "orders@far", 1);

        spans.ShouldContain("enqueue orders@far");
        metrics.ForceFlush();
        counters.ShouldContain("messaging.client.sent.messages");
        counters.ShouldContain("gateway.outbox.relayed");
    }

    internal static IConfiguration Section(params (string Key, string Value)[] values) => new ConfigurationBuilder()
        .AddInMemoryCollection(values.ToDictionary(value => $"Gateway:{value.Key}", value => (string?)value.Value))
        .Build().GetSection("Gateway");

    private sealed class Names<T>(List<string> names, Func<T, string> nameOf) : BaseExporter<T>
        where T : class
    {
        public override ExportResult Export(in Batch<T> batch)
        {
            lock (names)
            {
                foreach (var item in batch)
                    names.Add(nameOf(item));
            }

            return ExportResult.Success;
        }
    }
}
