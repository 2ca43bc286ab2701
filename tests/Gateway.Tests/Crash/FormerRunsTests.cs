using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Gateway.Cli.Demo.Processes;
using Shouldly;
using Xunit;

namespace Gateway.Tests.Crash;

/// <summary>
/// Tokens given out by one run of a gateway mean nothing to the next, over HTTP too, where nothing shows that the run is another.
/// </summary>
[Kind(Kind.Process)]
public sealed class FormerRunsTests : ProcessTest
{
    [Fact]
    public async Task A_token_from_before_a_kill_does_not_settle_what_is_delivered_after_it()
    {
        var port = LoopbackPort.Free(1)[0];
        var gateway = NewGateways(new Dictionary<string, string> { ["Gateway:Http:Address"] = $"http://127.0.0.1:{port}" }, "shop")[0];
        await gateway.StartReadyAsync(Token);
        foreach (var body in new[] { "first", "second" })
            await NewClient(gateway).EnqueueAsync("jobs@shop", Encoding.UTF8.GetBytes(body), cancellationToken: Token);
        using var client = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}/api/v1/") };
        var former = await ReceiveAsync(client, 2);

        await gateway.KillAsync();
        await gateway.StartReadyAsync(Token);
        var present = await ReceiveAsync(client, 2);

        foreach (var token in former) (await CompleteAsync(client, token)).ShouldBe(HttpStatusCode.Conflict);
        foreach (var token in present) (await CompleteAsync(client, token)).ShouldBe(HttpStatusCode.NoContent);
    }

    private static async Task<List<string>> ReceiveAsync(HttpClient client, int count)
    {
        var tokens = new List<string>();
        await UntilAsync("the messages are received", async () =>
        {
            using var answer = await client.PostAsync(new Uri($"inbound/jobs/receive?max={count}&wait=10", UriKind.Relative), null, Token);
            if (!answer.IsSuccessStatusCode) return false;
            var messages = (await answer.Content.ReadFromJsonAsync<JsonElement>(Token)).GetProperty("messages");
            tokens.AddRange(messages.EnumerateArray().Select(message => message.GetProperty("token").GetString()!));
            return tokens.Count == count;
        });
        return tokens;
    }

    private static async Task<HttpStatusCode> CompleteAsync(HttpClient client, string token)
    {
        using var answer = await client.PostAsync(new Uri($"deliveries/{token}/complete", UriKind.Relative), null, Token);
        return answer.StatusCode;
    }
}
