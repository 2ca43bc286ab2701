using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.RegularExpressions;
using Gateway.Configuration;
using Gateway.Tests.Management;
using Shouldly;
using Xunit;
using static Gateway.Tests.Crash.ProcessTest;

namespace Gateway.Tests.Http;

/// <summary>People and programs without a token, who may connect: they keep nobody else from what needs none.</summary>
[Kind(Kind.Http)]
public sealed partial class StrangersTests
{
    private const string Token = "0123456789abcdef0123456789abcdef";
    private const string State = "/api/v1/state";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_flood_of_requests_without_a_token_keeps_nobody_from_health_and_the_sign_in()
    {
        await using var api = await StartAsync(options => options.Http.RequestsPerSecondMax = 20);
        using var over = new CancellationTokenSource();
        var floods = Enumerable.Range(0, 3).Select(_ => FloodAsync(api, over.Token)).ToArray();
        await UntilAsync("the flood is refused", async () =>
            (await api.GetAsync(State)).StatusCode == HttpStatusCode.TooManyRequests);

        foreach (var path in (string[])["/livez", "/readyz", "/healthz", "/sign-in"])
            (await api.GetAsync(path)).StatusCode.ShouldBe(HttpStatusCode.OK, path);
        using var signedIn = await SignInAsync(api, Token);
        (signedIn.StatusCode, signedIn.Headers.Location?.ToString()).ShouldBe((HttpStatusCode.Redirect, "/"));

        await over.CancelAsync();
        await Task.WhenAll(floods);
    }

    [Fact]
    public async Task A_flood_of_probes_is_held_up_on_its_own_connection()
    {
        await using var api = await StartAsync(options => options.Http.RequestsPerSecondMax = 5);
        using var flooding = await ConnectAsync(api);
        var statuses = new List<string>();
        while (statuses.Count < 50 && !statuses.Contains("HTTP/1.1 429 Too Many Requests"))
            statuses.Add(await AskAsync(flooding, "/livez"));

        statuses.Count.ShouldBeLessThan(50);
        (await api.GetAsync("/livez")).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Two_hundred_idle_connections_lock_nobody_out()
    {
        await using var api = await StartAsync();
        var idle = new List<TcpClient>();
        for (var i = 0; i < 200; i++)
        {
            idle.Add(await ConnectAsync(api));
            // Some have asked once and are kept alive, some have never said a word, some have stopped in the middle of their first.
            if (i % 3 == 0) (await AskAsync(idle[^1], "/livez")).ShouldBe("HTTP/1.1 200 OK");
            else if (i % 3 == 1) await idle[^1].GetStream().WriteAsync("GET /liv"u8.ToArray(), Cancel);
        }

        (await api.GetAsync("/livez")).StatusCode.ShouldBe(HttpStatusCode.OK);
        foreach (var one in idle) one.Dispose();
    }

    [Fact]
    public async Task Connections_of_an_address_that_are_all_at_work_are_not_cut_and_the_next_one_is()
    {
        var gateway = new FakeManagement { Hold = new TaskCompletionSource() };
        await using var api = await TestApi.StartAsync(options => options.Http.ConnectionsPerAddressMax = 1, gateway);
        using var first = await ConnectAsync(api);
        var working = AskAsync(first, "/api/v1/queues/outgoing/orders@billing/messages/scan");
        await gateway.Asked.Task.WaitAsync(Cancel);

        (await AnswerOfOneMoreAsync(api)).ShouldBe("");

        gateway.Hold.SetResult();
        (await working).ShouldBe("HTTP/1.1 200 OK");
        using var later = await ConnectAsync(api);
        (await AskAsync(later, "/livez")).ShouldBe("HTTP/1.1 200 OK");
    }

    [Theory]
    [InlineData("GET /api/v1/state HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer guess\r\n\r\n", 20)]
    [InlineData("POST /sign-in/token HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/x-www-form-urlencoded\r\n"
        + "Content-Length: 1000\r\n\r\ntoken=", 1)]
    [InlineData("POST /api/v1/queues/orders@billing/messages HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000\r\n\r\n1", 1)]
    public async Task Strangers_at_work_on_every_connection_of_an_address_lock_nobody_out(string request, int times)
    {
        await using var api = await StartAsync();
        var strangers = new List<TcpClient>();
        for (var i = 0; i < 100; i++)
        {
            strangers.Add(await ConnectAsync(api));
            await strangers[^1].GetStream().WriteAsync(Encoding.ASCII.GetBytes(string.Concat(Enumerable.Repeat(request, times))), Cancel);
        }

        foreach (var path in (string[])["/livez", "/readyz", "/healthz", "/sign-in"])
        {
            using var client = await ConnectAsync(api);
            (await AskAsync(client, path)).ShouldBe("HTTP/1.1 200 OK", path);
        }

        using var signedIn = await SignInAsync(api, Token);
        (signedIn.StatusCode, signedIn.Headers.Location?.ToString()).ShouldBe((HttpStatusCode.Redirect, "/"));
        foreach (var one in strangers) one.Dispose();
    }

    [Fact]
    public async Task A_connection_with_a_known_token_keeps_its_place_among_strangers_while_it_is_at_work()
    {
        var gateway = new FakeManagement { Hold = new TaskCompletionSource() };
        await using var api = await StartAsync(options => options.Http.ConnectionsPerAddressMax = 2, gateway);
        using var first = await ConnectAsync(api);
        var working = AskAsync(first, "/api/v1/queues/outgoing/orders@billing/messages/scan", Token);
        await gateway.Asked.Task.WaitAsync(Cancel);

        for (var i = 0; i < 5; i++)
        {
            using var stranger = await ConnectAsync(api);
            (await AskAsync(stranger, "/livez")).ShouldBe("HTTP/1.1 200 OK");
        }

        gateway.Hold.SetResult();
        (await working).ShouldBe("HTTP/1.1 200 OK");
    }

    [Fact]
    public async Task A_connection_that_has_shown_three_unknown_tokens_is_closed()
    {
        await using var api = await StartAsync();
        using var client = await ConnectAsync(api);
        var answers = new List<string>();
        for (var i = 0; i < 4; i++) answers.Add(await AskAsync(client, State, "guess"));

        answers.ShouldBe([.. Enumerable.Repeat("HTTP/1.1 401 Unauthorized", 3), ""]);
    }

    [Theory]
    [InlineData("/sign-in/token")]
    [InlineData("/sign-in")]
    [InlineData("/sign-out")]
    public async Task A_form_that_trickles_in_is_given_up_soon(string path)
    {
        await using var api = await StartAsync();
        using var client = await ConnectAsync(api);
        var began = Stopwatch.GetTimestamp();
        var answer = SendAsync(client, $"POST {path} HTTP/1.1\r\nHost: localhost\r\n"
            + "Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 30000\r\n\r\ntoken=");
        // Faster than the slowest request that the server takes elsewhere.
        for (var sent = 0; sent < 29_000 && !answer.IsCompleted; sent += 100)
        {
            await Task.WhenAny(answer, client.GetStream().WriteAsync(new byte[100], Cancel).AsTask());
            await Task.WhenAny(answer, Task.Delay(200, Cancel));
        }

        (await answer).ShouldBeOneOf("HTTP/1.1 408 Request Timeout", "HTTP/1.1 400 Bad Request", "");
        Stopwatch.GetElapsedTime(began).ShouldBeLessThan(TimeSpan.FromSeconds(20));
    }

    [Fact]
    public async Task A_form_larger_than_any_sign_in_is_refused()
    {
        await using var api = await StartAsync();

        (await api.PostAsync("/sign-in/token", new FormUrlEncodedContent([new("token", new string('x', 40_000))]))).StatusCode
            .ShouldBe(HttpStatusCode.RequestEntityTooLarge);
    }

    [Fact]
    public async Task An_unknown_token_is_counted_and_answered_late_and_a_known_one_at_once()
    {
        await using var api = await StartAsync();
        await api.GetAsync("/livez");
        var began = Stopwatch.GetTimestamp();

        (await api.GetAsync(State, ("Authorization", "Bearer guess"))).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        using (var refused = await SignInAsync(api, "guess")) refused.Headers.Location!.ToString().ShouldContain("fault=unknown");

        Stopwatch.GetElapsedTime(began).ShouldBeGreaterThan(TimeSpan.FromSeconds(1.9));
        var state = await TestApi.JsonOfAsync(await api.GetAsync(State, ("Authorization", $"Bearer {Token}")));
        (state.GetProperty("tokensRefused").GetInt64(), state.GetProperty("signInsRefused").GetInt64()).ShouldBe((1, 1));
    }

    [Theory]
    [InlineData("/sign-in/token", "application/x-www-form-urlencoded")]
    [InlineData("/api/v1/queues/outgoing/orders@billing/pause", "application/json")]
    [InlineData("/api/v1/queues/orders@billing/messages", "text/plain")]
    public async Task A_size_of_a_chunk_that_no_number_holds_is_a_bad_request(string path, string type)
    {
        await using var api = await TestApi.StartAsync();
        using var client = await ConnectAsync(api);

        (await SendAsync(client, $"POST {path} HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n"
            + $"Content-Type: {type}\r\n\r\nFFFFFFFFFFFFFFFFFFFFFFFF\r\n")).ShouldBe("HTTP/1.1 400 Bad Request");
    }

    [Theory]
    [InlineData("/\tx")]
    [InlineData("/\u001b[2J")]
    [InlineData("/a\r\nSet-Cookie: b=c")]
    public async Task A_control_character_in_the_target_of_a_sign_in_is_a_bad_request(string target)
    {
        await using var api = await StartAsync();

        (await api.GetAsync($"/sign-in?to={Uri.EscapeDataString(target)}")).StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        using var posted = await SignInAsync(api, Token, target);
        posted.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task A_sign_in_that_is_no_form_or_too_large_a_one_is_the_callers_fault()
    {
        await using var api = await StartAsync();

        (await api.PostAsync("/sign-in/token", TestApi.Json("{}"))).StatusCode.ShouldBe(HttpStatusCode.UnsupportedMediaType);
        var fields = string.Join('&', Enumerable.Range(0, 2000).Select(i => $"f{i}=1"));
        (await api.PostAsync("/sign-in/token", new StringContent(fields, Encoding.ASCII, "application/x-www-form-urlencoded"))).StatusCode
            .ShouldBe(HttpStatusCode.BadRequest);
    }

    private static Task<TestApi> StartAsync(Action<GatewayOptions>? more = null, FakeManagement? gateway = null) => TestApi.StartAsync(
        options =>
        {
            options.Http.Tokens["anna"] = new HttpTokenOptions { Token = Token, Roles = ["read"] };
            more?.Invoke(options);
        },
        gateway);

    private static async Task FloodAsync(TestApi api, CancellationToken over)
    {
        using var client = await ConnectAsync(api);
        while (!over.IsCancellationRequested) await AskAsync(client, State);
    }

    /// <summary>As a browser does it, with the token against forgery of the page and its cookie.</summary>
    private static async Task<HttpResponseMessage> SignInAsync(TestApi api, string token, string to = "/")
    {
        using var handler = new SocketsHttpHandler { AllowAutoRedirect = false };
        using var browser = new HttpClient(handler) { BaseAddress = api.Client.BaseAddress };
        var page = await browser.GetStringAsync(new Uri("/sign-in", UriKind.Relative), Cancel);
        var forgery = Forgery().Match(page).Groups[1].Value;
        forgery.ShouldNotBeEmpty();
        var form = new FormUrlEncodedContent([new("token", token), new("to", to), new("__RequestVerificationToken", forgery)]);
        return await browser.PostAsync(new Uri("/sign-in/token", UriKind.Relative), form, Cancel);
    }

    private static async Task<TcpClient> ConnectAsync(TestApi api)
    {
        var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, api.Client.BaseAddress!.Port, Cancel);
        return client;
    }

    /// <summary>The first line of the answer on a new connection; empty when that is closed, or reset before its connect returns.</summary>
    private static async Task<string> AnswerOfOneMoreAsync(TestApi api)
    {
        try
        {
            using var client = await ConnectAsync(api);
            return await AskAsync(client, "/livez");
        }
        catch (SocketException e) when (e.SocketErrorCode == SocketError.ConnectionReset)
        {
            return "";
        }
    }

    private static Task<string> AskAsync(TcpClient client, string path, string? token = null) => SendAsync(
        client, $"GET {path} HTTP/1.1\r\nHost: localhost\r\n{(token is null ? "" : $"Authorization: Bearer {token}\r\n")}\r\n");

    /// <summary>The first line of the answer; empty when the connection is closed instead.</summary>
    private static async Task<string> SendAsync(TcpClient client, string request)
    {
        try
        {
            await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes(request), Cancel);
            var buffer = new byte[16 * 1024];
            var text = "";
            // The last chunk ends an answer that has a body.
            while (!text.EndsWith("0\r\n\r\n", StringComparison.Ordinal))
            {
                var read = await client.GetStream().ReadAsync(buffer, Cancel);
                if (read == 0) break;
                text += Encoding.ASCII.GetString(buffer, 0, read);
            }

            return text.Split("\r\n")[0];
        }
        catch (IOException)
        {
            return "";
        }
    }

    [GeneratedRegex("name=\"__RequestVerificationToken\"[^>]* value=\"([^\"]+)\"")]
    private static partial Regex Forgery();
}
