using System.Text.RegularExpressions;
using Gateway.Telemetry;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using OpenTelemetry.Metrics;
using Shouldly;
using Xunit;

namespace Gateway.Tests.Telemetry;

public sealed partial class MetricsEndpointTests : IAsyncDisposable
{
    private readonly ServiceProvider _services = new ServiceCollection()
        .AddSingleton(TimeProvider.System)
        .AddGatewayTelemetry(new TelemetrySettings("near", null, true, 1, TimeSpan.FromSeconds(30), HasPrometheus: true))
        .BuildServiceProvider();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask DisposeAsync() => await _services.DisposeAsync();

    [Fact]
    public async Task Metrics_AreScrapedUnderTheNamesOfThePage()
    {
        _services.GetRequiredService<MeterProvider>();
        using (var bench = new TelemetryBench(_services.GetRequiredService<GatewayTelemetry>())) bench.HappenAll();
        await using var application = Application();
        application.MapGatewayMetrics(_services);
        await application.StartAsync(Token);
        using var http = new HttpClient { BaseAddress = new Uri(application.Urls.Single()) };

        var text = await http.GetStringAsync(TelemetrySetup.MetricsPath, Token);

        var found = Type().Matches(text).Select(match => match.Groups[1].Value)
            .Where(name => name.StartsWith("gateway_", StringComparison.Ordinal)).Distinct().ToList();
        found.ShouldBe(NamesTests.Rows("Metrics of the gateway").Select(row => row[4]), ignoreOrder: true);
        text.ShouldContain("gateway_link_up{");
        text.ShouldContain("gateway_peer=\"far\"");
        text.ShouldContain("service_instance_id=\"near\"");
    }

    [Fact]
    public void AddGatewayTelemetry_Off_MakesNothing()
    {
        using var services = new ServiceCollection()
            .AddGatewayTelemetry(new TelemetrySettings("near", null, true, 1, TimeSpan.FromSeconds(30), HasPrometheus: false))
            .BuildServiceProvider();

        services.GetRequiredService<ITelemetry>().ShouldBeSameAs(NoTelemetry.Instance);
        services.GetService<MeterProvider>().ShouldBeNull();
    }

    /// <summary>As bare as the one of the HTTP API.</summary>
    private static WebApplication Application()
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        builder.Services.AddRouting();
        return builder.Build();
    }

    [GeneratedRegex(@"^# TYPE (\w+) ", RegexOptions.Multiline)]
    private static partial Regex Type();
}
