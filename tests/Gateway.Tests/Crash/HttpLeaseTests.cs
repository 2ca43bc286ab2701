using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Gateway.Cli.Demo;
using Shouldly;
using Xunit;

namespace Gateway.Tests.Crash;

/// <summary>Consumers over HTTP, with the lease that the gateway gives, at a normal pace: each message comes once. Real processes; times a tenth of the usual ones.</summary>
[Collection(ProcessCollection.Name)]
public sealed class HttpLeaseTests : ProcessTest
{
    private static readonly TimeSpan _lease = TimeSpan.FromSeconds(3);

    [Fact]
    public async Task A_batch_that_takes_several_leases_is_handled_once()
    {
        using var gateway = await StartAsync();
        for (var i = 0; i < 10; i++) await EnqueueAsync(gateway, $"job {i}");

        var messages = await ReceiveAsync(gateway, 10);
        messages.Count.ShouldBe(10);
        foreach (var message in messages)
        {
            // The handler's work; that it takes time is what is tested.
            await Task.Delay(_lease / 4, Token);
            await CompleteAsync(gateway, message);
        }

        (await ReceiveAsync(gateway, 10)).ShouldBeEmpty();
    }

    [Fact]
    public async Task An_answer_that_is_read_slowly_begins_its_leases_when_it_is_written()
    {
        using var gateway = await StartAsync();
        for (var i = 0; i < 8; i++) await EnqueueAsync(gateway, new string('x', 900_000));

        var answer = await ReadSlowlyAsync(gateway, _lease * 2);
        var messages = JsonDocument.Parse(answer).RootElement.GetProperty("messages").EnumerateArray().ToList();
        messages.Count.ShouldBeGreaterThan(3);
        foreach (var message in messages) await CompleteAsync(gateway, message);

        // What the answer did not hold comes for the first time.
        var rest = await ReceiveAsync(gateway, 10);
        rest.Count.ShouldBe(8 - messages.Count);
        rest.ShouldAllBe(message => message.GetProperty("deliveries").GetInt32() == 1);
    }

    /// <summary>Asks for eight messages, reads for so long at the pace of a slow line, then the rest; gives the body of the answer.</summary>
    private async Task<string> ReadSlowlyAsync(HttpClient gateway, TimeSpan slowFor)
    {
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { ReceiveBufferSize = 16 * 1024 };
        await socket.ConnectAsync(gateway.BaseAddress!.Host, gateway.BaseAddress.Port, Token);
        await socket.SendAsync(Encoding.ASCII.GetBytes($"POST /api/v1/inbound/jobs/receive?max=8 HTTP/1.1\r\nHost: {gateway.BaseAddress.Authority}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"), Token);
        var answer = new MemoryStream();
        var piece = new byte[4096];
        var began = TimeProvider.System.GetTimestamp();
        while (await socket.ReceiveAsync(piece, Token) is > 0 and var count)
        {
            answer.Write(piece, 0, count);
            if (TimeProvider.System.GetElapsedTime(began) < slowFor) await Task.Delay(TimeSpan.FromMilliseconds(50), Token);
        }

        var text = Encoding.UTF8.GetString(answer.ToArray());
        text.ShouldStartWith("HTTP/1.1 200");
        return Unchunked(text[(text.IndexOf("\r\n\r\n", StringComparison.Ordinal) + 4)..]);
    }

    private static string Unchunked(string body)
    {
        var whole = new StringBuilder();
        while (body.Length > 0)
        {
            var end = body.IndexOf("\r\n", StringComparison.Ordinal);
            var length = Convert.ToInt32(body[..end], 16);
            if (length == 0) break;
            whole.Append(body, end + 2, length);
            body = body[(end + 2 + length + 2)..];
        }

        return whole.ToString();
    }

    private async Task<HttpClient> StartAsync()
    {
        var address = $"http://127.0.0.1:{LoopbackPort.Free(1)[0]}";
        var gateway = NewGateways(new Dictionary<string, string> { ["Gateway:Http:Address"] = address, ["Gateway:Inbox:Lease"] = $"{_lease}" }, "shop")[0];
        await gateway.StartReadyAsync(Token);
        var client = new HttpClient { BaseAddress = new Uri(address) };
        await UntilAsync("it answers over HTTP", async () => (await client.GetAsync(new Uri("healthz", UriKind.Relative), Token)).IsSuccessStatusCode);
        return client;
    }

    private static async Task EnqueueAsync(HttpClient gateway, string body) =>
        (await gateway.PostAsync(new Uri("api/v1/queues/jobs@shop/messages", UriKind.Relative), new StringContent(body), Token)).EnsureSuccessStatusCode();

    private static async Task<List<JsonElement>> ReceiveAsync(HttpClient gateway, int max) =>
        [.. (await (await gateway.PostAsync(new Uri($"api/v1/inbound/jobs/receive?max={max}&wait=0.5", UriKind.Relative), null, Token)).EnsureSuccessStatusCode().Content.ReadFromJsonAsync<JsonElement>(Token)).GetProperty("messages").EnumerateArray()];

    private static async Task CompleteAsync(HttpClient gateway, JsonElement message) =>
        (await gateway.PostAsync(new Uri($"api/v1/deliveries/{message.GetProperty("token").GetString()}/complete", UriKind.Relative), null, Token)).EnsureSuccessStatusCode();
}
