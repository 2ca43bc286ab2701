using System.Diagnostics;
using Gateway.Client;
using Gateway.Client.Telemetry;
using Gateway.Client.Wire;
using Shouldly;
using Xunit;

namespace Gateway.Tests.Telemetry;

/// <summary>Headers that the client adds never cost a message its acceptance.</summary>
[Collection(ListenerCollection.Name)]
public sealed class TraceHeadersTests : ObligingGatewayTest
{
    private static readonly int _bytesMax = new WireLimits().HeadersBytesMax;

    [Theory]
    [InlineData(0, false)]
    [InlineData(50, false)]
    [InlineData(72, true)]
    public async Task HeadersUpToTheLimit_GoWithTheirTrace_OnlyIfThereIsRoomForIt(int room, bool isTraced)
    {
        using var recorder = new Recorder(ClientTelemetry.Source, ClientTelemetry.Meter);
        var headers = new Dictionary<string, string> { ["a"] = "" };
        headers["a"] = new string('x', _bytesMax - room - HeadersJson.Write(headers).Length);

        await GatewayClient.EnqueueAsync("orders@far", "hello"u8.ToArray(), new EnqueueOptions { Headers = headers }, Token);

        var item = FakeGateway.Requests.OfType<Request.Enqueue>().Last().Items[0];
        item.Headers.Length.ShouldBeLessThanOrEqualTo(_bytesMax);
        HeadersJson.TryRead(item.Headers, out var sent).ShouldBeTrue();
        sent!.ContainsKey(TraceHeaders.Parent).ShouldBe(isTraced);
        sent["a"].ShouldBe(headers["a"]);
    }

    [Fact]
    public async Task ATraceStateThatDoesNotFit_IsLeftOutWithItsTrace()
    {
        using var span = new Activity("span") { TraceStateString = "vendor=" + new string('s', 400) }.SetIdFormat(ActivityIdFormat.W3C);
        span.ActivityTraceFlags = ActivityTraceFlags.Recorded;
        span.Start();
        var headers = new Dictionary<string, string> { ["a"] = new string('x', _bytesMax - 300) };

        await GatewayClient.EnqueueAsync("orders@far", "hello"u8.ToArray(), new EnqueueOptions { Headers = headers }, Token);

        HeadersJson.TryRead(FakeGateway.Requests.OfType<Request.Enqueue>().Last().Items[0].Headers, out var sent).ShouldBeTrue();
        sent!.Keys.ShouldBe(["a"]);
    }
}
