using System.Net;
using System.Net.Sockets;
using System.Text;
using Gateway.Configuration;
using Gateway.Http;
using Gateway.Http.Answers;
using Gateway.Http.Security;
using Gateway.Tests.Management;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Logging.Abstractions;
using Shouldly;
using Xunit;

namespace Gateway.Tests.Http;

/// <summary>Each rule that keeps strangers out, tried over real connections.</summary>
[Kind(Kind.Http)]
public sealed class SecurityTests
{
    private const string Token = "0123456789abcdef0123456789abcdef";
    private const string State = "/api/v1/state";
    private const string Retry = "/api/v1/peers/billing/retry";

    [Theory]
    [InlineData("evil.example")]
    [InlineData("evil.example:7425")]
    [InlineData("localhost.evil.example")]
    [InlineData("192.0.2.1")]
    [InlineData("127.0.0.2")]
    [InlineData("[::1]")]
    [InlineData("")]
    public async Task A_request_by_a_name_that_is_not_the_gateways_is_refused(string host)
    {
        await using var api = await TestApi.StartAsync();

        foreach (var path in new[] { State, "/livez", "/healthz", "/api", "/openapi/v1.json", "/nothing" })
        {
            var answer = await RawAsync(api, $"GET {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n");
            answer.ShouldStartWith("HTTP/1.1 421", customMessage: path);
        }
    }

    [Theory]
    [InlineData("localhost")]
    [InlineData("LOCALHOST:1")]
    [InlineData("127.0.0.1")]
    [InlineData("gateway.example")]
    [InlineData("gateway.example.:99")]
    public async Task A_request_by_a_name_of_the_gateway_is_answered(string host)
    {
        await using var api = await TestApi.StartAsync(options => options.Http.Hosts.Add("Gateway.example"));

        using var response = await api.GetAsync(State, ("Host", host));

        response.StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_request_without_a_host_is_refused()
    {
        await using var api = await TestApi.StartAsync();

        (await RawAsync(api, $"GET {State} HTTP/1.1\r\nConnection: close\r\n\r\n")).ShouldStartWith("HTTP/1.1 400");
        (await RawAsync(api, $"GET {State} HTTP/1.0\r\n\r\n")).ShouldStartWith("HTTP/1.1 421");
    }

    [Theory]
    [InlineData("http://evil.example")]
    [InlineData("http://127.0.0.1")]
    [InlineData("http://127.0.0.1:1")]
    [InlineData("null")]
    [InlineData("file://")]
    public async Task A_page_of_another_origin_is_refused(string origin)
    {
        await using var api = await TestApi.StartAsync();

        await TestApi.ProblemOfAsync(await api.PostAsync(Retry, null, ("Origin", origin)), HttpStatusCode.Forbidden, "foreign-origin");
        await TestApi.ProblemOfAsync(await api.GetAsync(State, ("Origin", origin)), HttpStatusCode.Forbidden, "foreign-origin");

        api.Gateway.Acts.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("cross-site")]
    [InlineData("same-site")]
    [InlineData("something-new")]
    public async Task A_request_for_another_site_is_refused(string site)
    {
        await using var api = await TestApi.StartAsync();

        await TestApi.ProblemOfAsync(await api.PostAsync(Retry, null, ("Sec-Fetch-Site", site)), HttpStatusCode.Forbidden,
            "foreign-origin");
        await TestApi.ProblemOfAsync(await api.GetAsync(State, ("Sec-Fetch-Site", site), ("Sec-Fetch-Mode", "navigate"),
            ("Sec-Fetch-Dest", "document")), HttpStatusCode.Forbidden, "foreign-origin");
        await TestApi.ProblemOfAsync(await api.GetAsync("/api", ("Sec-Fetch-Site", site), ("Sec-Fetch-Mode", "navigate"),
            ("Sec-Fetch-Dest", "iframe")), HttpStatusCode.Forbidden, "foreign-origin");

        api.Gateway.Acts.ShouldBeEmpty();
    }

    [Fact]
    public async Task The_gateways_own_pages_and_links_to_them_are_answered()
    {
        await using var api = await TestApi.StartAsync();
        var own = $"http://{api.Client.BaseAddress!.Authority}";

        (await api.PostAsync(Retry, null, ("Origin", own), ("Sec-Fetch-Site", "same-origin"))).StatusCode.ShouldBe(
            HttpStatusCode.NoContent);
        (await api.GetAsync(State, ("Sec-Fetch-Site", "none"))).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await api.GetAsync("/api", ("Sec-Fetch-Site", "cross-site"), ("Sec-Fetch-Mode", "navigate"),
            ("Sec-Fetch-Dest", "document"))).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Theory]
    [InlineData("")]
    [InlineData("Bearer")]
    [InlineData("Bearer ")]
    [InlineData("Bearer 0123456789abcdef0123456789abcdee")]
    [InlineData("Basic " + Token)]
    [InlineData(Token)]
    public async Task With_tokens_nobody_is_served_without_a_good_one(string authorization)
    {
        await using var api = await StartWithTokenAsync("read", "operate", "send", "receive");

        foreach (var path in new[] { State, "/api/v1/queues", "/api/v1/events", "/api/v1/queues/outgoing/orders@billing/export" })
        {
            using var response = await api.GetAsync(path, authorization.Length > 0 ? [("Authorization", authorization)] : []);
            response.Headers.WwwAuthenticate.Single().Scheme.ShouldBe("Bearer");
            await TestApi.ProblemOfAsync(response, HttpStatusCode.Unauthorized, "no-token");
        }
    }

    [Theory]
    [InlineData("read", "GET", State)]
    [InlineData("operate", "POST", Retry)]
    [InlineData("send", "POST", "/api/v1/queues/orders@billing/messages")]
    [InlineData("receive", "POST", "/api/v1/inbound/bills/receive")]
    public async Task Each_role_opens_its_resources_and_no_others(string role, string method, string path)
    {
        await using var with = await StartWithTokenAsync(role);
        (await with.SendAsync(new HttpMethod(method), path, null, ("Authorization", $"Bearer {Token}"))).IsSuccessStatusCode.ShouldBeTrue();

        await using var without = await StartWithTokenAsync([.. HttpRoleNames.Known.Where(other => other != role)]);
        var detail = await TestApi.ProblemOfAsync(await without.SendAsync(
            new HttpMethod(method), path, null, ("Authorization", $"bearer {Token}")), HttpStatusCode.Forbidden, "no-role");
        detail.ShouldContain($"'{role}'");
        detail.ShouldNotContain(Token);
    }

    [Theory]
    [InlineData("/livez")]
    [InlineData("/readyz")]
    [InlineData("/healthz")]
    [InlineData("/api")]
    [InlineData("/openapi/v1.json")]
    public async Task Health_and_the_description_need_no_token(string path)
    {
        await using var api = await StartWithTokenAsync("read");

        (await api.GetAsync(path)).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Every_resource_says_what_it_needs()
    {
        await using var door = new HttpDoor(new IPEndPoint(IPAddress.Loopback, 0), NullLoggerFactory.Instance);
        await using var application = HttpApplication.Build(
            new GatewayAccess(new RunningOptions(new GatewayOptions()), new FakeRunningGateway(null, null), new NoObservers(),
                new NoReload()), door, null, TimeProvider.System,
            NullLoggerFactory.Instance);

        var routes = ((IEndpointRouteBuilder)application).DataSources.SelectMany(source => source.Endpoints).OfType<RouteEndpoint>()
            .ToList();

        routes.Count.ShouldBeGreaterThan(30);
        routes.Where(route => route.Metadata.GetMetadata<Access>() is null).Select(route => route.RoutePattern.RawText).ShouldBeEmpty();
        routes.Where(route => route.RoutePattern.RawText!.StartsWith(ApiRoot.Path, StringComparison.Ordinal)
            && route.Metadata.GetMetadata<Access>()!.Role == HttpRoles.None).ShouldBeEmpty();
    }

    [Fact]
    public async Task The_audit_trail_names_the_token_and_the_address_whatever_a_proxy_says()
    {
        await using var api = await StartWithTokenAsync("operate");

        await api.PostAsync(Retry, null, ("Authorization", $"Bearer {Token}"), ("X-Forwarded-For", "203.0.113.9"),
            ("Forwarded", "for=203.0.113.9;host=evil.example"), ("X-Forwarded-Host", "evil.example"));

        api.Gateway.Acts.ShouldBe(["retry billing anna (127.0.0.1)"]);
    }

    [Fact]
    public async Task Without_tokens_the_audit_trail_names_local()
    {
        await using var api = await TestApi.StartAsync();

        await api.PostAsync(Retry);

        api.Gateway.Acts.ShouldBe(["retry billing local (127.0.0.1)"]);
    }

    [Fact]
    public async Task A_request_that_is_too_large_is_refused()
    {
        await using var api = await TestApi.StartAsync(options => options.Http.RequestBytesMax = 1024);

        (await TestApi.ProblemOfAsync(await api.PostAsync("/api/v1/queues/orders@billing/messages", new ByteArrayContent(new byte[1025])),
            HttpStatusCode.RequestEntityTooLarge, "too-large")).ShouldContain("RequestBytesMax");
        using var chunked = new StreamContent(new MemoryStream(new byte[2000]));
        await TestApi.ProblemOfAsync(await api.SendAsync(HttpMethod.Post, "/api/v1/queues/orders@billing/messages", chunked,
            ("Transfer-Encoding", "chunked")), HttpStatusCode.RequestEntityTooLarge, "too-large");

        api.Gateway.Enqueued.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("9223372036854775807")]
    [InlineData("5000000000")]
    public async Task A_length_that_a_caller_only_claims_costs_nothing(string length)
    {
        await using var api = await TestApi.StartAsync();

        (await RawAsync(api, $"POST /api/v1/queues/orders@billing/messages HTTP/1.1\r\nHost: localhost\r\nContent-Length: "
            + $"{length}\r\n\r\nx")).ShouldStartWith("HTTP/1.1 413");
    }

    [Fact]
    public async Task Too_many_requests_in_a_second_are_told_to_wait()
    {
        await using var api = await TestApi.StartAsync(options => options.Http.RequestsPerSecondMax = 1);

        var responses = new List<HttpResponseMessage>();
        while (responses.Count < 50 && responses.TrueForAll(response => response.IsSuccessStatusCode))
            responses.Add(await api.GetAsync(State));

        var refused = responses[^1];
        refused.Headers.RetryAfter!.Delta.ShouldBe(TimeSpan.FromSeconds(1));
        (await TestApi.ProblemOfAsync(refused, HttpStatusCode.TooManyRequests, "too-many-requests")).ShouldContain("RequestsPerSecondMax");
    }

    [Fact]
    public async Task Guesses_of_tokens_are_counted_too()
    {
        await using var api = await TestApi.StartAsync(options =>
        {
            Configure(options, "read");
            options.Http.RequestsPerSecondMax = 1;
        });

        // Each is answered late, so that one after the other would not be many in a second.
        var answers = await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => api.GetAsync(State, ("Authorization", "Bearer guess"))));

        answers.Select(answer => answer.StatusCode).ShouldContain(HttpStatusCode.TooManyRequests);
    }

    [Fact]
    public async Task Too_many_streams_at_once_are_told_to_wait()
    {
        var gateway = new FakeManagement { Hold = new TaskCompletionSource() };
        await using var api = await TestApi.StartAsync(options => options.Http.StreamsMax = 1, gateway);
        const string scan = "/api/v1/queues/outgoing/orders@billing/messages/scan";

        var first = api.GetAsync(scan);
        await gateway.Asked.Task.WaitAsync(TestContext.Current.CancellationToken);
        var refused = await api.GetAsync(scan);

        refused.Headers.RetryAfter.ShouldNotBeNull();
        (await TestApi.ProblemOfAsync(refused, HttpStatusCode.TooManyRequests, "too-many-streams")).ShouldContain("StreamsMax");
        gateway.Hold.SetResult();
        (await first).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Headers_that_are_too_long_are_refused()
    {
        await using var api = await TestApi.StartAsync();

        (await RawAsync(api, $"GET {State} HTTP/1.1\r\nHost: localhost\r\nX: {new string('x', 40_000)}\r\n\r\n"))
            .ShouldStartWith("HTTP/1.1 431");
        (await RawAsync(api, $"GET /{new string('x', 10_000)} HTTP/1.1\r\nHost: localhost\r\n\r\n")).ShouldStartWith("HTTP/1.1 414");
    }

    [Theory]
    [InlineData(State)]
    [InlineData("/nothing")]
    [InlineData("/api")]
    [InlineData("/livez")]
    public async Task Every_answer_tells_a_browser_to_take_it_for_nothing_else_and_to_load_nothing_from_elsewhere(string path)
    {
        await using var api = await TestApi.StartAsync();

        using var response = await api.GetAsync(path);

        response.Headers.GetValues("X-Content-Type-Options").ShouldBe(["nosniff"]);
        response.Headers.GetValues("X-Frame-Options").ShouldBe(["DENY"]);
        var policy = response.Headers.GetValues("Content-Security-Policy").Single();
        policy.ShouldStartWith("default-src 'none'");
        policy.ShouldContain("frame-ancestors 'none'");
        policy.ShouldNotContain("unsafe");
        policy.ShouldNotContain("http");
        response.Headers.CacheControl!.NoStore.ShouldBeTrue();
        response.Headers.Contains("Server").ShouldBeFalse();
    }

    private static Task<TestApi> StartWithTokenAsync(params string[] roles) => TestApi.StartAsync(options => Configure(options, roles));

    private static void Configure(GatewayOptions options, params string[] roles) =>
        options.Http.Tokens["anna"] = new HttpTokenOptions { Token = Token, Roles = [.. roles] };

    /// <summary>Sends a request that no well-behaved client would send.</summary>
    private static async Task<string> RawAsync(TestApi api, string request)
    {
        using var socket = new TcpClient();
        await socket.ConnectAsync(IPAddress.Loopback, api.Client.BaseAddress!.Port, TestContext.Current.CancellationToken);
        await using var stream = socket.GetStream();
        await stream.WriteAsync(Encoding.ASCII.GetBytes(request), TestContext.Current.CancellationToken);
        using var reader = new StreamReader(stream);
        return await reader.ReadLineAsync(TestContext.Current.CancellationToken) ?? "";
    }
}
