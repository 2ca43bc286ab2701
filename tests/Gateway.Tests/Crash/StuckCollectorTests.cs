using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using Gateway.Cli.Demo.Processes;
using Gateway.Client;
using Shouldly;
using Xunit;

namespace Gateway.Tests.Crash;

/// <summary>A collector of telemetry that takes nothing: what is dropped is counted, and the status says it.</summary>
[Kind(Kind.Process)]
public sealed class StuckCollectorTests : ProcessTest
{
    /// <summary>As many as the exporter holds, by a variable of OpenTelemetry's own.</summary>
    private const int SpansHeld = 16;

    private const int Messages = 100;

    [Theory]
    [InlineData("grpc")]
    [InlineData("http/protobuf")]
    public async Task A_collector_that_listens_and_never_answers_costs_spans_and_nothing_else(string protocol)
    {
        using var collector = new TcpListener(IPAddress.Loopback, 0);
        collector.Start();
        var (gateway, http) = await StartAsync($"http://127.0.0.1:{((IPEndPoint)collector.LocalEndpoint).Port}", protocol);

        await SendTracedAsync(gateway);

        (await ReadAsync(http, "spansDropped")).ShouldBe(Messages - SpansHeld, "each message makes a span");
        (await StatusAsync(gateway)).ShouldContain($"{Figures.Counted(Messages - SpansHeld, "dropped span")}");
    }

    [Theory]
    [InlineData("grpc")]
    [InlineData("http/protobuf")]
    public async Task A_collector_that_is_not_there_fails_exports_and_they_are_counted(string protocol)
    {
        var (gateway, http) = await StartAsync($"http://127.0.0.1:{LoopbackPort.Free(1)[0]}", protocol);

        await SendTracedAsync(gateway);

        await UntilAsync("all spans are counted", async () => await ReadAsync(http, "spansDropped") == Messages);
        await UntilAsync("exports of metrics are", async () => await ReadAsync(http, "metricExportsFailed") > 0);
        (await StatusAsync(gateway)).ShouldMatch("failed exports? of metrics");
    }

    private async Task<(TestGateway Gateway, Uri Http)> StartAsync(string collector, string protocol)
    {
        var http = new Uri($"http://127.0.0.1:{LoopbackPort.Free(1)[0]}/");
        var gateway = NewGateways(new Dictionary<string, string>
        {
            ["Gateway:Http:Address"] = http.GetLeftPart(UriPartial.Authority),
            ["Gateway:Telemetry:OtlpEndpoint"] = collector,
            ["Gateway:Telemetry:Protocol"] = protocol,
            ["Gateway:Telemetry:ExportInterval"] = "00:00:01",
        }, "near")[0];
        gateway.Start("env", $"OTEL_BSP_MAX_QUEUE_SIZE={SpansHeld}", $"OTEL_BSP_MAX_EXPORT_BATCH_SIZE={SpansHeld}",
            "OTEL_BSP_SCHEDULE_DELAY=50");
        await gateway.WaitUntilReadyAsync(Token);
        return (gateway, http);
    }

    private async Task SendTracedAsync(TestGateway gateway)
    {
        var options = new EnqueueOptions
        { Headers = new Dictionary<string, string> { ["traceparent"] = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01" } };
        var client = NewClient(gateway);
        for (var i = 0; i < Messages; i++) await client.SendAsync("q@near", "traced", options);
    }

    private static async Task<long> ReadAsync(Uri http, string figure)
    {
        using var caller = new HttpClient();
        using var state = JsonDocument.Parse(await caller.GetStringAsync(new Uri(http, "api/v1/state"), Token));
        return state.RootElement.GetProperty(figure).GetInt64();
    }

    private async Task<string> StatusAsync(TestGateway gateway)
    {
        var verb = Track(TestProcess.Start(Executable.Start("status", "--gateway", gateway.Settings.More["Gateway:Http:Address"]),
            Path.Combine(Folder, "status.log")));
        await InTimeAsync("the verb ends", verb.Ended);
        return verb.Output;
    }
}
