using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Gateway.Cli.Demo.Processes;
using Shouldly;
using Xunit;

namespace Gateway.Tests.Crash;

/// <summary>Those who scrape metrics and stop in the middle of a page that is larger than all buffers on the way.</summary>
[Kind(Kind.Process)]
public sealed class StoppedScraperTests : ProcessTest
{
    private const int Queues = 500;

    /// <summary>Longer than a page is kept for several who ask at once.</summary>
    private static readonly TimeSpan _apart = TimeSpan.FromSeconds(1);

    private static readonly TimeSpan _scrapeMax = TimeSpan.FromSeconds(10);

    [Fact]
    public async Task Others_get_their_pages_meanwhile()
    {
        var http = LoopbackPort.Free(1)[0];
        var gateway = NewGateways(new Dictionary<string, string>
        {
            ["Gateway:Http:Address"] = $"http://127.0.0.1:{http}",
            ["Gateway:Telemetry:Prometheus"] = "true",
        }, "near")[0];
        await gateway.StartReadyAsync(Token);
        var client = NewClient(gateway);
        // Names as long as they may be, so that the page is.
        await Task.WhenAll(Enumerable.Range(0, Queues)
            .Select(i => client.SendAsync($"{i.ToString(CultureInfo.InvariantCulture).PadRight(64, 'x')}@near", "hello").AsTask()));
        using var caller = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{http}") };
        await UntilAsync("the page is large", async () => (await caller.GetStringAsync("metrics", Token)).Length > 500_000);

        using var stopped = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { ReceiveBufferSize = 4096 };
        await stopped.ConnectAsync(IPAddress.Loopback, http, Token);
        // The system takes some megabytes on loopback, and so several pages, for somebody who reads nothing; on other lines much less.
        await stopped.SendAsync(
            Encoding.ASCII.GetBytes(string.Concat(Enumerable.Repeat("GET /metrics HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n", 10))), Token);
        await stopped.ReceiveAsync(new byte[1000], Token);

        for (var scrape = 0; scrape < 3; scrape++)
        {
            await Task.Delay(_apart, Token);
            (await caller.GetStringAsync("metrics", Token).WaitAsync(_scrapeMax, Token)).Length.ShouldBeGreaterThan(500_000);
        }

        (await InTimeAsync("health", caller.GetStringAsync("healthz", Token))).ShouldContain("healthy");
        (await InTimeAsync("it stops", gateway.StopAsync())).ShouldBe(0);
    }
}
