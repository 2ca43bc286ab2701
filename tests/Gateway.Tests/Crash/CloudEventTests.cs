using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using CloudNative.CloudEvents;
using Gateway.Client;
using Gateway.Client.CloudEvents;
using Gateway.Http.Answers;
using Shouldly;
using Xunit;

namespace Gateway.Tests.Crash;

/// <summary>Events through a real gateway, by its client and over HTTP.</summary>
[Kind(Kind.Process)]
public sealed class CloudEventTests : ProcessTest
{
    [Theory]
    [InlineData(CloudEventMode.Binary)]
    [InlineData(CloudEventMode.Structured)]
    public async Task An_event_is_the_same_by_either_way_and_is_accepted_once(CloudEventMode mode)
    {
        var gateway = NewGateways("local")[0];
        await gateway.StartReadyAsync(Token);
        var client = NewClient(gateway);
        using var http = new HttpClient { BaseAddress = new Uri(new Uri(gateway.Api), $"{ApiRoot.Path}/") };
        var sent = new CloudEvent
        {
            Id = "17",
            Source = new Uri("/shop", UriKind.Relative),
            Type = "com.example.order",
            Subject = "Größe 7",
            DataContentType = "application/json",
            Data = new Dictionary<string, string> { ["customer"] = "Ada" },
        };

        for (var i = 0; i < 2; i++)
            await client.EnqueueAsync("events@local", sent, mode, cancellationToken: Token);
        var received = await (await http.PostAsync("inbound/events/receive?max=10&wait=5", null, Token))
            .Content.ReadFromJsonAsync<JsonElement>(Token);
        var delivery = received.GetProperty("messages").EnumerateArray().ShouldHaveSingleItem();
        if (mode == CloudEventMode.Binary)
            await SendAgainAsync(http, delivery);
        using var request = Posted(delivery, mode, "returned");
        (await http.SendAsync(request, Token)).EnsureSuccessStatusCode();

        await using var messages = client.ReceiveAsync("returned", cancellationToken: Token).GetAsyncEnumerator(Token);
        (await InTimeAsync("it comes", messages.MoveNextAsync().AsTask())).ShouldBeTrue();
        messages.Current.Headers.ShouldBe(
            delivery.GetProperty("headers").Deserialize<Dictionary<string, string>>()!, ignoreOrder: true);
        var read = messages.Current.ToCloudEvent();
        read.Id.ShouldBe("17");
        read.Subject.ShouldBe("Größe 7");
        read.Source.ShouldBe(sent.Source);
        read.Data.ShouldBeOfType<JsonElement>().GetProperty("customer").GetString().ShouldBe("Ada");
        await messages.Current.CompleteAsync(Token);
    }

    /// <summary>What the client has sent, comes over HTTP once more: with the same body it is known, with another one refused.</summary>
    private static async Task SendAgainAsync(HttpClient http, JsonElement delivery)
    {
        using var again = Posted(delivery, CloudEventMode.Binary, "events");
        using var answer = await http.SendAsync(again, Token);
        (await answer.EnsureSuccessStatusCode().Content.ReadFromJsonAsync<JsonElement>(Token)).GetProperty("messageId").GetGuid()
            .ShouldBe(delivery.GetProperty("id").GetGuid());
        using var empty = await http.PostAsync("inbound/events/receive?max=10&wait=0", null, Token);
        (await empty.Content.ReadFromJsonAsync<JsonElement>(Token)).GetProperty("messages").GetArrayLength().ShouldBe(0);

        using var other = Posted(delivery, CloudEventMode.Binary, "events");
        other.Content = new StringContent("{}") { Headers = { ContentType = other.Content!.Headers.ContentType } };
        using var refusal = await http.SendAsync(other, Token);
        refusal.StatusCode.ShouldBe(HttpStatusCode.Conflict);
    }

    /// <summary>The event as a program without our client would post it, in the HTTP binding.</summary>
    private static HttpRequestMessage Posted(JsonElement delivery, CloudEventMode mode, string queue)
    {
        var content = new ByteArrayContent(Encoding.UTF8.GetBytes(delivery.GetProperty("text").GetString()!));
        var request = new HttpRequestMessage(HttpMethod.Post, $"queues/{queue}@local/messages") { Content = content };
        foreach (var header in delivery.GetProperty("headers").EnumerateObject())
        {
            if (header.Name == TypedMessages.ContentTypeHeader)
                content.Headers.TryAddWithoutValidation("Content-Type", header.Value.GetString()).ShouldBeTrue();
            else if (mode == CloudEventMode.Binary)
                request.Headers.TryAddWithoutValidation(header.Name, Uri.EscapeDataString(header.Value.GetString()!)).ShouldBeTrue();
        }

        return request;
    }
}
