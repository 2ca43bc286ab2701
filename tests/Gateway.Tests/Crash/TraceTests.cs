using System.Diagnostics;
using Gateway.Client;
using Gateway.Client.Telemetry;
using Gateway.Tests.Telemetry;
using Shouldly;
using Xunit;

namespace Gateway.Tests.Crash;

/// <summary>One trace through real processes: from the application over two gateways to the consumer.</summary>
[Collection(ProcessCollection.Name)]
public sealed class TraceTests : LinkTest
{
    [Fact]
    public async Task A_message_is_one_trace_from_the_application_to_the_consumer_although_its_gateway_was_killed_on_the_way()
    {
        var collector = Track(await FakeCollector.StartAsync(Token));
        var (near, far) = NewPair(new Dictionary<string, string>(Quick)
        {
            ["Gateway:Telemetry:OtlpEndpoint"] = collector.Address,
            ["Gateway:Telemetry:Protocol"] = "http/protobuf",
            ["Gateway:Telemetry:ExportInterval"] = "00:00:01",
        });
        using var application = new Recorder(ClientTelemetry.Source, meter: null);
        await StartAsync(near);
        await NewClient(near).SendAsync("orders@far", "hello");
        var sent = application.Spans.ShouldHaveSingleItem();
        var trace = sent.TraceId.ToHexString();
        await UntilAsync("the near gateway has told that it stored the message", () => Steps(collector, trace)
            .Contains("near: store orders@far"));

        await near.KillAsync();
        await Task.WhenAll(StartAsync(near), StartAsync(far));
        await ProcessAsync(NewClient(far));

        string[] steps = ["near: store orders@far", "near: forward orders@far", "far: store orders", "far: deliver orders"];
        await UntilAsync("all steps were told", () => steps.All(Steps(collector, trace).Contains));
        Steps(collector, trace).ShouldBe(steps, ignoreOrder: true);
        collector.Spans.ShouldAllBe(span => span.Parent == sent.SpanId.ToHexString());
        var processed = application.Spans.Single(span => span.Kind == ActivityKind.Consumer);
        processed.TraceId.ShouldBe(sent.TraceId);
        processed.ParentSpanId.ShouldBe(sent.SpanId);
        await UntilAsync("metrics were told", () => collector.Paths.Contains("/v1/metrics"));
    }

    private static IReadOnlyList<string> Steps(FakeCollector collector, string trace) =>
        [.. collector.Spans.Where(span => span.Trace == trace).Select(span => $"{span.Gateway}: {span.Name}")];

    /// <summary>With spans that are exported at once, by a variable of OpenTelemetry's own.</summary>
    private static Task StartAsync(TestGateway gateway)
    {
        gateway.Start("env", "OTEL_BSP_SCHEDULE_DELAY=50");
        return gateway.WaitUntilReadyAsync(Token);
    }

    private static async Task ProcessAsync(GatewayClient client)
    {
        await foreach (var message in client.ReceiveAsync("orders", null, Token))
        {
            using var span = message.StartActivity();
            await message.CompleteAsync(Token);
            return;
        }
    }
}
