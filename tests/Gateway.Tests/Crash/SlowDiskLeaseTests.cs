using System.Net.Http.Json;
using System.Text.Json;
using Gateway.Cli.Demo.Processes;
using Shouldly;
using Xunit;

namespace Gateway.Tests.Crash;

/// <summary>
/// A consumer over HTTP whose gateway has a disk that takes longer for a flush than a lease lasts: what the disk takes is not taken from
/// the consumer.
/// </summary>
[Collection(ProcessCollection.Name)]
[Needs("strace")]
public sealed class SlowDiskLeaseTests : ProcessTest
{
    private const int Messages = 3;

    private static readonly TimeSpan _lease = TimeSpan.FromSeconds(1);

    [Fact]
    public async Task Messages_come_once_although_each_completion_takes_longer_than_a_lease()
    {
        var address = $"http://127.0.0.1:{LoopbackPort.Free(1)[0]}";
        var gateway = NewGateways(new Dictionary<string, string>
        { ["Gateway:Http:Address"] = address, ["Gateway:Inbox:Lease"] = $"{_lease}" }, "shop")[0];
        await gateway.StartReadyAsync(Token);
        using var client = new HttpClient { BaseAddress = new Uri(address) };
        await NewClient(gateway).SendAllAsync("jobs@shop", ProcessMessages.Numbered(Messages));
        var received = await ReceiveAsync(client);
        received.Count.ShouldBe(Messages);

        await using (await SlowDisk.OfAsync(gateway.Process, _lease * 2, Path.Combine(Folder, "strace.log")))
        {
            foreach (var message in received)
                (await PostAsync(client, $"api/v1/deliveries/{message.GetProperty("token").GetString()}/complete"))
                    .EnsureSuccessStatusCode();
        }

        (await ReceiveAsync(client)).ShouldBeEmpty();
    }

    private static async Task<List<JsonElement>> ReceiveAsync(HttpClient client)
    {
        var answer = (await PostAsync(client, $"api/v1/inbound/jobs/receive?max={Messages}")).EnsureSuccessStatusCode();
        return [.. (await answer.Content.ReadFromJsonAsync<JsonElement>(Token)).GetProperty("messages").EnumerateArray()];
    }

    private static Task<HttpResponseMessage> PostAsync(HttpClient client, string path) =>
        client.PostAsync(new Uri(path, UriKind.Relative), null, Token);
}
