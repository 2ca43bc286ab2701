using System.Net.Http.Json;
using System.Text.Json;
using Gateway.Cli.Demo.Processes;
using Shouldly;
using Xunit;

namespace Gateway.Tests.Crash;

/// <summary>
/// Consumers over HTTP, with the lease that the gateway gives, at a normal pace: each message comes once. Real processes; times a tenth of
/// the usual ones.
/// </summary>
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

    private async Task<HttpClient> StartAsync()
    {
        var address = $"http://127.0.0.1:{LoopbackPort.Free(1)[0]}";
        var gateway = NewGateways(new Dictionary<string, string>
        { ["Gateway:Http:Address"] = address, ["Gateway:Inbox:Lease"] = $"{_lease}" }, "shop")[0];
        await gateway.StartReadyAsync(Token);
        var client = new HttpClient { BaseAddress = new Uri(address) };
        await UntilAsync(
            "it answers over HTTP", async () => (await client.GetAsync(new Uri("healthz", UriKind.Relative), Token)).IsSuccessStatusCode);
        return client;
    }

    private static async Task EnqueueAsync(HttpClient gateway, string body) =>
        (await gateway.PostAsync(new Uri("api/v1/queues/jobs@shop/messages", UriKind.Relative), new StringContent(body), Token))
            .EnsureSuccessStatusCode();

    private static async Task<List<JsonElement>> ReceiveAsync(HttpClient gateway, int max) =>
        [.. (await (await gateway.PostAsync(new Uri($"api/v1/inbound/jobs/receive?max={max}&wait=0.5", UriKind.Relative), null, Token))
            .EnsureSuccessStatusCode().Content.ReadFromJsonAsync<JsonElement>(Token)).GetProperty("messages").EnumerateArray()];

    private static async Task CompleteAsync(HttpClient gateway, JsonElement message) =>
        (await gateway.PostAsync(new Uri($"api/v1/deliveries/{message.GetProperty("token").GetString()}/complete", UriKind.Relative),
            null, Token)).EnsureSuccessStatusCode();
}
