using System.Diagnostics;
using Gateway.Client;
using Gateway.Client.Telemetry;
using Gateway.Client.Wire;
using Gateway.Tests.Client;
using Shouldly;
using Xunit;

namespace Gateway.Tests.Telemetry;

[Collection(ListenerCollection.Name)]
public sealed class ClientTelemetryTests : ObligingGatewayTest
{
    [Fact]
    public async Task EnqueueAsync_NobodyListens_AddsNoHeaders()
    {
        await GatewayClient.EnqueueAsync("orders@far", "hello"u8.ToArray(), null, Token);

        SentHeaders(0).ShouldBeEmpty();
    }

    [Fact]
    public async Task EnqueueAsync_IsAProducersSpan_WhoseContextGoesWithTheMessage()
    {
        using var recorder = Listen();

        await GatewayClient.EnqueueAsync("orders@far", "hello"u8.ToArray(), new EnqueueOptions
        { Headers = new Dictionary<string, string> { ["kind"] = "x" } }, Token);

        var span = recorder.Spans.ShouldHaveSingleItem();
        span.DisplayName.ShouldBe("enqueue orders@far");
        span.Kind.ShouldBe(ActivityKind.Producer);
        SentHeaders(0).ShouldBe(new Dictionary<string, string> { ["kind"] = "x", ["traceparent"] = span.Id.ShouldNotBeNull() });
    }

    [Fact]
    public async Task EnqueueAsync_ABatch_IsOneSpanForAll_ButNotForThoseWithATraceOfTheirOwn()
    {
        using var recorder = Listen();
        var own = new Dictionary<string, string> { ["traceparent"] = $"00-{TelemetryBench.Trace}-{TelemetryBench.Sender}-01" };

        await GatewayClient.EnqueueAsync(
            "orders@far", [new OutgoingMessage { Body = default }, new OutgoingMessage { Body = default, Headers = own }], Token);

        var span = recorder.Spans.ShouldHaveSingleItem();
        span.GetTagItem(ClientTelemetry.BatchCount).ShouldBe(2);
        SentHeaders(0)["traceparent"].ShouldBe(span.Id);
        SentHeaders(1).ShouldBe(own);
        recorder.Sum("messaging.client.sent.messages").ShouldBe(2);
    }

    [Fact]
    public async Task EnqueueAsync_OnlyTheApplicationsSpanIsRecorded_ItsContextGoesWithTheMessage()
    {
        using var source = new ActivitySource("application");
        using var recorder = new Recorder(source, meter: null);
        using var own = source.StartActivity("order").ShouldNotBeNull();

        await GatewayClient.EnqueueAsync("orders@far", "hello"u8.ToArray(), null, Token);

        SentHeaders(0)["traceparent"].ShouldBe(own.Id);
    }

    [Fact]
    public async Task ReceiveAsync_IsASpanLinkedToTheMessages_AndProcessingIsAChildOfThat()
    {
        var sender = $"00-{TelemetryBench.Trace}-{TelemetryBench.Sender}-01";
        using var gateway = new FakeGateway(request => request is Request.Receive receive
            ? [new Reply.Delivery(receive.Subscription, new DeliveryToken(
                1), new DeliveredMessage(new MessageId(new Guid(1, 0, 0, new byte[8])),
                1, HeadersJson.Write(new Dictionary<string, string> { ["traceparent"] = sender }), 0, 0, "near", "x"u8.ToArray()))]
            : FakeGateway.Obliging(request));
        await using var client = new GatewayClient(new GatewayClientOptions { Address = gateway.Address, ApplicationName = "test" });
        using var recorder = Listen();

        await foreach (var message in client.ReceiveAsync("orders", null, Token))
        {
            Activity.Current.ShouldBeNull();
            message.StartActivity()?.Dispose();
            break;
        }

        var spans = recorder.Spans.ToList();
        spans.Select(span => (span.DisplayName, span.Kind))
            .ShouldBe([("receive orders", ActivityKind.Client), ("process orders", ActivityKind.Consumer)]);
        spans.ShouldAllBe(span => span.Links.Single().Context.SpanId.ToString() == TelemetryBench.Sender);
        spans[0].TraceId.ToString().ShouldNotBe(TelemetryBench.Trace);
        spans[1].TraceId.ToString().ShouldBe(TelemetryBench.Trace);
    }

    [Fact]
    public void Inject_AsManyHeadersAsAGatewayTakes_AddsNone()
    {
        using var span = new Activity("span").SetIdFormat(ActivityIdFormat.W3C).Start();
        var headers = Enumerable.Range(0, ProtocolLimits.HeaderEntriesMax).ToDictionary(i => $"h{i}", _ => "x");

        TraceHeaders.Inject(headers, span).ShouldBeSameAs(headers);
    }

    private static Recorder Listen() => new(ClientTelemetry.Source, ClientTelemetry.Meter);

    private IReadOnlyDictionary<string, string> SentHeaders(int item)
    {
        HeadersJson.TryRead(FakeGateway.Requests.OfType<Request.Enqueue>().Last().Items[item].Headers, out var headers).ShouldBeTrue();
        return headers;
    }
}
