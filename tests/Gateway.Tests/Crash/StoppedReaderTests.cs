using System.Net;
using System.Net.Sockets;
using System.Text;
using Gateway.Cli.Demo.Processes;
using Shouldly;
using Xunit;

namespace Gateway.Tests.Crash;

/// <summary>Those who watch over HTTP, or take telemetry, and then read no more.</summary>
[Kind(Kind.Process)]
public sealed class StoppedReaderTests : ProcessTest
{
    /// <summary>The gateway's own limits for ending requests and for a last export, together.</summary>
    private static readonly TimeSpan _stopMax = TimeSpan.FromSeconds(20);

    [Fact]
    public async Task Readers_of_events_metrics_and_exports_that_stop_and_a_stuck_collector_hold_up_nothing()
    {
        using var collector = new TcpListener(IPAddress.Loopback, 0);
        collector.Start();
        var http = LoopbackPort.Free(1)[0];
        var gateway = NewGateways(new Dictionary<string, string>
        {
            ["Gateway:Http:Address"] = $"http://127.0.0.1:{http}",
            ["Gateway:Telemetry:Prometheus"] = "true",
            ["Gateway:Telemetry:OtlpEndpoint"] = $"http://127.0.0.1:{((IPEndPoint)collector.LocalEndpoint).Port}",
            ["Gateway:Telemetry:ExportInterval"] = "00:00:01",
        }, "near")[0];
        await gateway.StartReadyAsync(Token);
        var client = NewClient(gateway);
        await client.SendAllAsync("kept@near", Enumerable.Range(0, 200).Select(number => new string('x', 50_000) + number));

        var stopped = new List<Socket>();
        foreach (var path in (string[])["/api/v1/events", "/metrics", "/api/v1/queues/inbound/kept/export",
            "/api/v1/queues/inbound/kept/export"]) stopped.Add(await AskAsync(http, path));
        using var stuck = await collector.AcceptSocketAsync(Token);

        await client.SendAllAsync("q@near", ProcessMessages.Numbered(2_000));
        (await InTimeAsync("the messages", client.TakeAsync("q", 2_000))).Count.ShouldBe(2_000);
        using var caller = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{http}") };
        (await InTimeAsync("health", caller.GetStringAsync("healthz", Token))).ShouldContain("healthy");
        (await InTimeAsync("another scrape", caller.GetStringAsync("metrics", Token))).ShouldContain("gateway_log_dropped_total");
        var began = TimeProvider.System.GetTimestamp();
        (await InTimeAsync("it stops", gateway.StopAsync())).ShouldBe(0);
        TimeProvider.System.GetElapsedTime(began).ShouldBeLessThan(_stopMax);
        foreach (var socket in stopped) socket.Dispose();
    }

    /// <summary>Asks, and reads nothing of the answer; next to nothing fits on the way.</summary>
    private static async Task<Socket> AskAsync(int port, string path)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { ReceiveBufferSize = 4096 };
        await socket.ConnectAsync(IPAddress.Loopback, port, Token);
        await socket.SendAsync(Encoding.ASCII.GetBytes($"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"), Token);
        return socket;
    }
}
