using System.Net.ServerSentEvents;
using System.Text.Json;
using Gateway.Cli.Api;
using Gateway.Cli.Demo.Processes;
using Shouldly;
using Xunit;

namespace Gateway.Tests.Crash;

/// <summary>
/// A client that follows the events over HTTP and loses the connection continues where it was, or is told that events are missing.
/// </summary>
[Kind(Kind.Process)]
public sealed class EventStreamTests : ProcessTest
{
    [Fact]
    public async Task What_happened_while_the_connection_was_gone_is_told_after_it()
    {
        var (_, http) = await StartAsync();
        var begin = await BeginAsync(http);
        await RetryAsync(http, 3);

        var events = await ReadAsync(http, begin, 4);

        events.Select(item => item.EventType).ShouldBe(["alive", "audit", "audit", "audit"]);
        (await ReadAsync(http, events[2].EventId, 2))[1].EventId.ShouldBe(events[3].EventId);
    }

    [Fact]
    public async Task A_restart_in_between_is_no_silence()
    {
        var (gateway, http) = await StartAsync();
        var before = await BeginAsync(http);
        await gateway.KillAsync();
        await gateway.StartReadyAsync(Token);
        await ReadyAsync(http);

        var events = await ReadAsync(http, before, 2);

        events[1].EventType.ShouldBe("missed");
        JsonDocument.Parse(events[1].Data).RootElement.GetProperty("text").GetString()!.ShouldContain("does not belong to this run");
        await RetryAsync(http, 1);
        (await ReadAsync(http, events[1].EventId, 2))[1].EventType.ShouldBe("audit", "what happens after that is told as ever");
    }

    [Theory]
    [InlineData("1")]
    [InlineData("no number of ours")]
    public async Task An_id_that_is_none_is_answered_with_what_that_means(string id)
    {
        var (_, http) = await StartAsync();

        (await ReadAsync(http, id, 2))[1].EventType.ShouldBe("missed");
    }

    [Fact]
    public async Task More_than_is_kept_is_counted()
    {
        var (_, http) = await StartAsync();
        var begin = await BeginAsync(http);
        await RetryAsync(http, 1_100);

        var missed = (await ReadAsync(http, begin, 2))[1];

        missed.EventType.ShouldBe("missed");
        JsonDocument.Parse(missed.Data).RootElement.GetProperty("missed").GetInt64().ShouldBeGreaterThanOrEqualTo(1_100 - 1024);
    }

    private async Task<(TestGateway Gateway, HttpClient Http)> StartAsync()
    {
        var address = $"http://127.0.0.1:{LoopbackPort.Free(1)[0]}";
        // A peer that nobody ever reaches, and whose link so has little to tell.
        var gateway = NewGateways(new Dictionary<string, string>
        { ["Gateway:Http:Address"] = address, ["Gateway:Http:RequestsPerSecondMax"] = "100000" }, "near", "far")[0];
        await gateway.StartReadyAsync(Token);
        var http = Track(new Caller(new HttpClient(new ResetOnConnect(new SocketsHttpHandler())) { BaseAddress = new Uri(address) })).Http;
        await ReadyAsync(http);
        return (gateway, http);
    }

    private static Task ReadyAsync(HttpClient http) => UntilAsync("the gateway is ready", async () =>
    {
        try
        {
            return (await http.GetAsync(new Uri("readyz", UriKind.Relative), Token)).IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    });

    private static async Task RetryAsync(HttpClient http, int times)
    {
        for (var i = 0; i < times; i++)
            (await http.PostAsync(new Uri("api/v1/peers/far/retry", UriKind.Relative), null, Token)).EnsureSuccessStatusCode();
    }

    /// <summary>Where a stream that begins now stands.</summary>
    private static async Task<string?> BeginAsync(HttpClient http) => (await ReadAsync(http, null, 1))[0].EventId;

    /// <summary>The first events of a stream; those of the link come whenever it tries again.</summary>
    private static async Task<IReadOnlyList<SseItem<string>>> ReadAsync(HttpClient http, string? after, int count)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri("api/v1/events", UriKind.Relative));
        if (after is not null) request.Headers.TryAddWithoutValidation("Last-Event-ID", after);
        using var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, Token);
        var items = new List<SseItem<string>>();
        await InTimeAsync("events", TakeAsync());
        return items;

        async Task TakeAsync()
        {
            await foreach (var item in SseParser.Create(await response.Content.ReadAsStreamAsync(Token)).EnumerateAsync(Token))
            {
                if (item.EventType != "link") items.Add(item);
                if (items.Count == count) return;
            }
        }
    }

    private sealed class Caller(HttpClient http) : IAsyncDisposable
    {
        public HttpClient Http { get; } = http;

        public ValueTask DisposeAsync()
        {
            Http.Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
