using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text.Json;
using Gateway.Cli.Demo.Processes;
using Shouldly;
using Xunit;

namespace Gateway.Tests.Crash;

/// <summary>The HTTP API of gateways as processes of their own.</summary>
[Kind(Kind.Process)]
public sealed class HttpTests : ProcessTest
{
    [Fact]
    public async Task A_message_goes_from_one_gateway_to_the_other_over_http_alone()
    {
        var gateways = await StartAsync("shop", "billing");
        var (shop, billing) = (gateways[0], gateways[1]);

        var id = (await PostAsync(shop, "queues/orders@billing/messages", new StringContent("one order"), HttpStatusCode.Accepted))
            .GetProperty("messageId").GetString();
        var received = await InTimeAsync("the message", PostAsync(billing, "inbound/orders/receive?wait=60"));

        var message = received.GetProperty("messages")[0];
        message.GetProperty("id").GetString().ShouldBe(id);
        message.GetProperty("text").GetString().ShouldBe("one order");
        message.GetProperty("source").GetString().ShouldBe("shop");
        await PostAsync(billing, $"deliveries/{message.GetProperty("token").GetString()}/complete", null, HttpStatusCode.NoContent);
        await UntilAsync("the queue is empty", async () => (await GetAsync(billing, "queues/inbound/orders")).GetProperty("messages")
            .GetInt64() == 0);
        (await GetAsync(shop, "peers/billing")).GetProperty("link").GetProperty("state").GetString().ShouldBe("up");
    }

    [Fact]
    public async Task What_waits_is_found_purged_by_a_filter_exported_and_imported()
    {
        var gateway = (await StartAsync("shop"))[0];
        for (var i = 0; i < 50; i++)
            await PostAsync(gateway, "queues/jobs@shop/messages", new StringContent($"job {i}"), HttpStatusCode.Accepted,
                ("Message-Headers", $$"""{"half":"{{i % 2}}"}"""));

        var lines = (await gateway.GetStringAsync("api/v1/queues/inbound/jobs/messages/scan?header=half:1", Token))
            .Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonDocument.Parse(line).RootElement).ToList();
        lines.Count(line => line.GetProperty("type").GetString() == "message").ShouldBe(25);
        lines[^1].GetProperty("found").GetInt64().ShouldBe(25);
        var begun = await PostAsync(gateway, "operations", JsonContent.Create(new
        {
            kind = "purge",
            queue = new
            { kind = "inbound", name = "jobs" },
            filter = new { headers = new { half = "1" } },
            why = "test"
        }), HttpStatusCode.Accepted);
        var ended = await GetAsync(gateway, $"operations/{begun.GetProperty("id").GetString()}/wait");
        ended.GetProperty("state").GetString().ShouldBe("done");
        ended.GetProperty("changed").GetInt64().ShouldBe(25);
        (await GetAsync(gateway, "audit"))[0].GetProperty("messages").GetInt64().ShouldBe(25);

        var export = await gateway.GetByteArrayAsync("api/v1/queues/inbound/jobs/export", Token);
        (await PostAsync(gateway, "queues/inbound/again/import?ids=new", new ByteArrayContent(export))).GetProperty("taken")
            .GetInt64().ShouldBe(25);
        (await PostAsync(gateway, "queues/inbound/again/import?ids=new", new ByteArrayContent(export))).GetProperty("taken")
            .GetInt64().ShouldBe(25);
        (await GetAsync(gateway, "queues/inbound/again")).GetProperty("messages").GetInt64().ShouldBe(25);
    }

    [Fact]
    public async Task Metrics_are_scraped_where_the_configuration_says_so()
    {
        var gateway = NewGateways(new Dictionary<string, string>(Http(LoopbackPort.Free(1)[0]))
        { ["Gateway:Telemetry:Prometheus"] = "true" }, "shop")[0];
        await gateway.StartReadyAsync(Token);
        using var client = ClientOf(gateway);
        await WaitUntilReadyAsync(client);
        await PostAsync(client, "queues/jobs@shop/messages", new StringContent("job"), HttpStatusCode.Accepted);

        await UntilAsync("the depth is told", async () =>
            (await client.GetStringAsync(new Uri("metrics", UriKind.Relative), Token)).Split('\n').Any(
                line => line.StartsWith("gateway_queue_", StringComparison.Ordinal) && line.Contains("jobs", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task A_port_that_is_taken_ends_the_gateway_before_it_opens_its_store()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        var gateway = NewGateways(Http(((IPEndPoint)taken.LocalEndpoint).Port), "shop")[0];

        gateway.Start();

        (await InTimeAsync("the gateway ends", gateway.Process.Ended)).ShouldBe(1);
        gateway.Process.Errors.ShouldStartWith($"Cannot listen on {gateway.Settings.More["Gateway:Http:Address"]}");
        gateway.Process.Errors.ShouldNotContain("   at ");
        Directory.Exists(gateway.StorePath).ShouldBeFalse();
    }

    [Fact]
    public async Task A_gateway_whose_store_is_in_use_ends_though_it_listens_already()
    {
        var first = NewGateways("shop")[0];
        await first.StartReadyAsync(Token);
        var ports = LoopbackPort.Free(3);
        var second = Track(new TestGateway(first.Settings with { IntakePort = ports[0], LinksPort = ports[1], More = Http(ports[2]) }));

        second.Start();

        (await InTimeAsync("the second ends", second.Process.Ended)).ShouldBe(1);
        second.Process.Errors.ShouldContain(first.StorePath);
    }

    [Fact]
    public async Task A_gateway_stops_although_somebody_watches_and_waits()
    {
        var gateway = NewGateways(Http(LoopbackPort.Free(1)[0]), "shop")[0];
        await gateway.StartReadyAsync(Token);
        using var client = ClientOf(gateway);
        await WaitUntilReadyAsync(client);
        using var events = await client.GetAsync(
            new Uri("api/v1/events", UriKind.Relative), HttpCompletionOption.ResponseHeadersRead, Token);
        using var reader = new StreamReader(await events.Content.ReadAsStreamAsync(Token));
        (await reader.ReadLineAsync(Token)).ShouldBe("event: alive");

        (await InTimeAsync("the gateway stops", gateway.StopAsync())).ShouldBe(0);
    }

    private static Dictionary<string, string> Http(int port) =>
        new() { ["Gateway:Http:Address"] = string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{port}") };

    private static HttpClient ClientOf(TestGateway gateway) =>
        new() { BaseAddress = new Uri(gateway.Settings.More["Gateway:Http:Address"]), Timeout = TimeSpan.FromMinutes(5) };

    private static Task WaitUntilReadyAsync(HttpClient client) =>
        UntilAsync(
            "the gateway is ready", async () => (await client.GetAsync(new Uri("readyz", UriKind.Relative), Token)).IsSuccessStatusCode);

    private async Task<HttpClient[]> StartAsync(params string[] names)
    {
        var ports = LoopbackPort.Free(names.Length);
        var gateways = NewGateways(names).Select((gateway, i) => Track(new TestGateway(gateway.Settings with { More = Http(ports[i]) })))
            .ToArray();
        foreach (var gateway in gateways) await gateway.StartReadyAsync(Token);
        var clients = gateways.Select(ClientOf).ToArray();
        foreach (var client in clients)
        {
            Track(new Ended(client));
            await WaitUntilReadyAsync(client);
        }

        return clients;
    }

    private static async Task<JsonElement> GetAsync(HttpClient client, string path) =>
        await client.GetFromJsonAsync<JsonElement>($"api/v1/{path}", Token);

    private static async Task<JsonElement> PostAsync(HttpClient client, string path, HttpContent? content = null,
        HttpStatusCode expected = HttpStatusCode.OK, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, $"api/v1/{path}") { Content = content };
        foreach (var (name, value) in headers) request.Headers.Add(name, value);
        using var response = await client.SendAsync(request, Token);
        var text = await response.Content.ReadAsStringAsync(Token);
        response.StatusCode.ShouldBe(expected, text);
        return text.Length == 0 ? default : JsonDocument.Parse(text).RootElement;
    }

    /// <summary>Lets a client end with the test.</summary>
    private sealed class Ended(HttpClient client) : IAsyncDisposable
    {
        public ValueTask DisposeAsync()
        {
            client.Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
