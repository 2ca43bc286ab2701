using System.Net;
using Gateway.Links.Causes;
using Gateway.Links.Protocol;
using Gateway.Management;
using Gateway.Store.Messages;
using Gateway.Tests.Management;
using Shouldly;
using Xunit;

namespace Gateway.Tests.Http;

/// <summary>The resources that can be read over HTTP.</summary>
[Kind(Kind.Http)]
public sealed class ReadResourcesTests
{
    private const string Messages = "/api/v1/queues/outgoing/orders@billing/messages";

    [Fact]
    public async Task State_tells_of_peers_and_queues()
    {
        await using var api = await TestApi.StartAsync();

        var state = await api.GetJsonAsync("/api/v1/state");

        state.GetProperty("name").GetString().ShouldBe("shop");
        state.GetProperty("startedAt").GetString().ShouldBe("2026-11-22T11:00:00+00:00");
        state.GetProperty("peers")[0].GetProperty("state").GetString().ShouldBe("up");
        state.GetProperty("peers")[0].TryGetProperty("cause", out _).ShouldBeFalse();
        state.GetProperty("queues")[0].GetProperty("kind").GetString().ShouldBe("outgoing");
        state.GetProperty("connections").GetProperty("accepted").GetInt32().ShouldBe(2);
    }

    [Fact]
    public async Task The_fleet_is_told_with_the_worst_first()
    {
        var gateway = new FakeManagement();
        gateway.State = gateway.State with { Links = [FakeManagement.NewLink("billing", LinkState.Down, LinkCause.Refused)] };
        await using var api = await TestApi.StartAsync(gateway: gateway);

        var gateways = (await api.GetJsonAsync("/api/v1/fleet")).GetProperty("gateways");

        gateways[0].GetProperty("name").GetString().ShouldBe("billing");
        gateways[0].GetProperty("condition").GetString().ShouldBe("error");
        gateways[0].GetProperty("findings")[0].GetProperty("text").GetString()!
            .ShouldStartWith("billing has been down for 5 min (Refused)");
        gateways[0].GetProperty("link").GetProperty("cause").GetString().ShouldBe("Refused");
        gateways[0].GetProperty("state").GetProperty("share").GetString().ShouldBe("totals");
        gateways[0].GetProperty("state").GetProperty("outgoing").GetProperty("messages").GetInt64().ShouldBe(3);
        gateways[1].GetProperty("isSelf").GetBoolean().ShouldBeTrue();
    }

    [Fact]
    public async Task Peers_are_told_with_cause_advice_and_what_waits()
    {
        var gateway = new FakeManagement();
        gateway.State = gateway.State with { Links = [FakeManagement.NewLink("billing", LinkState.Down, LinkCause.ConnectTimeout)] };
        await using var api = await TestApi.StartAsync(gateway: gateway);

        var peer = (await api.GetJsonAsync("/api/v1/peers"))[0];

        peer.GetProperty("peer").GetString().ShouldBe("billing");
        peer.GetProperty("state").GetString().ShouldBe("down");
        peer.GetProperty("cause").GetString().ShouldBe("ConnectTimeout");
        peer.GetProperty("advice").GetString()!.ShouldContain("firewall");
        peer.GetProperty("oldestAgeSeconds").GetDouble().ShouldBe(90);
        peer.GetProperty("messages").GetInt64().ShouldBe(3);
    }

    [Fact]
    public async Task A_peer_that_is_up_and_well_has_a_last_interruption_and_no_cause()
    {
        var gateway = new FakeManagement();
        gateway.State = gateway.State with { Links = [FakeManagement.NewLink("billing", LinkState.Up, LinkCause.PeerSilent)] };
        await using var api = await TestApi.StartAsync(gateway: gateway);

        var peer = (await api.GetJsonAsync("/api/v1/peers"))[0];

        peer.TryGetProperty("cause", out _).ShouldBeFalse();
        (peer.GetProperty("evidence").GetString(), peer.GetProperty("advice").GetString()).ShouldBe(("", ""));
        peer.GetProperty("lastInterruption").GetProperty("cause").GetString().ShouldBe("PeerSilent");
        peer.GetProperty("lastInterruption").GetProperty("evidence").GetString().ShouldBe("evidence");
    }

    [Fact]
    public async Task A_peer_is_told_with_its_history()
    {
        await using var api = await TestApi.StartAsync();

        var peer = await api.GetJsonAsync("/api/v1/peers/billing");

        peer.GetProperty("candidates")[0].GetProperty("cause").GetString().ShouldBe("Refused");
        peer.GetProperty("patterns")[0].GetProperty("count").GetInt32().ShouldBe(2);
        peer.GetProperty("inDoubt")[0].GetProperty("messages").GetInt32().ShouldBe(3);
        peer.GetProperty("history")[0].GetProperty("upSeconds").GetDouble().ShouldBe(2.5);
        peer.GetProperty("queues")[0].GetProperty("name").GetString().ShouldBe("orders@billing");
    }

    [Fact]
    public async Task Queues_are_told_by_kind_and_peer()
    {
        await using var api = await TestApi.StartAsync();

        (await api.GetJsonAsync("/api/v1/queues")).GetProperty("queues").GetArrayLength().ShouldBe(2);
        var inbound = (await api.GetJsonAsync("/api/v1/queues?kind=inbound")).GetProperty("queues");
        inbound.GetArrayLength().ShouldBe(1);
        inbound[0].GetProperty("state").GetString().ShouldBe("paused");
        inbound[0].GetProperty("pause").GetProperty("why").GetString().ShouldBe("audit");
        (await api.GetJsonAsync("/api/v1/queues?peer=billing")).GetProperty("queues")[0].GetProperty("name")
            .GetString().ShouldBe("orders@billing");
        (await api.GetJsonAsync("/api/v1/queues?peer=nobody")).GetProperty("queues").GetArrayLength().ShouldBe(0);
        var queue = await api.GetJsonAsync("/api/v1/queues/outgoing/orders@billing");
        queue.GetProperty("head").GetInt64().ShouldBe(4);
        queue.GetProperty("tail").GetInt64().ShouldBe(6);
        queue.GetProperty("state").GetString().ShouldBe("open");
    }

    [Fact]
    public async Task Messages_come_page_by_page_up_to_the_end()
    {
        await using var api = await TestApi.StartAsync();
        for (var i = 0; i < 8; i++) api.Gateway.Add($"body {i}");

        var first = await api.GetJsonAsync($"{Messages}?limit=5");
        var second = await api.GetJsonAsync($"{Messages}?limit=5&after={first.GetProperty("next").GetInt64()}");

        first.GetProperty("messages").EnumerateArray().Select(message => message.GetProperty("number").GetInt64())
            .ShouldBe([1, 2, 3, 4, 5]);
        second.GetProperty("messages").EnumerateArray().Select(message => message.GetProperty("number").GetInt64()).ShouldBe([6, 7, 8]);
        second.TryGetProperty("next", out _).ShouldBeFalse();
    }

    [Theory]
    [InlineData("id=00000000-0000-7000-8000-000000000002", 2)]
    [InlineData("ID=00000000-0000-7000-8000-000000000002", 2)]
    [InlineData("header=type:order&header=to:A", 3)]
    [InlineData("sizeMin=40", 4)]
    [InlineData("acceptedFrom=2026-11-22T12:00:00.004Z", 4)]
    [InlineData("acceptedBefore=2026-11-22T12:00:00.002Z", 1)]
    public async Task Messages_are_found_by_filter(string query, long expected)
    {
        await using var api = await TestApi.StartAsync();
        api.Gateway.Add("a");
        api.Gateway.Add("b", """{"type":"order"}""");
        api.Gateway.Add("c", """{"type":"order","to":"A"}""");
        api.Gateway.Add(new string('d', 100));

        var page = await api.GetJsonAsync($"{Messages}?{query}");

        page.GetProperty("messages").EnumerateArray().Single().GetProperty("number").GetInt64().ShouldBe(expected);
    }

    [Fact]
    public async Task A_scan_gives_what_matches_and_ends_with_a_sum()
    {
        await using var api = await TestApi.StartAsync();
        for (var i = 0; i < 20; i++) api.Gateway.Add("x", i % 4 == 0 ? """{"k":"v"}""" : "{}");

        var lines = await TestApi.LinesOfAsync(await api.GetAsync($"{Messages}/scan?header=k:v"));

        lines.Where(line => line.GetProperty("type").GetString() == "message")
            .Select(line => line.GetProperty("message").GetProperty("number").GetInt64()).ShouldBe([1, 5, 9, 13, 17]);
        lines[^1].GetProperty("type").GetString().ShouldBe("end");
        lines[^1].GetProperty("found").GetInt64().ShouldBe(5);
        lines[^1].GetProperty("scannedUpTo").GetInt64().ShouldBe(20);
    }

    [Fact]
    public async Task A_scan_that_takes_long_tells_of_its_progress()
    {
        await using var api = await TestApi.StartAsync(step: TimeSpan.FromSeconds(1));
        for (var i = 0; i < 20; i++) api.Gateway.Add("x", i % 4 == 0 ? """{"k":"v"}""" : "{}");

        var lines = await TestApi.LinesOfAsync(await api.GetAsync($"{Messages}/scan?header=k:v"));

        lines.Count(line => line.GetProperty("type").GetString() == "message").ShouldBe(5);
        var progress = lines.Where(line => line.GetProperty("type").GetString() == "progress").ToList();
        progress.Select(line => line.GetProperty("scannedUpTo").GetInt64()).ShouldBe([3, 6, 9, 12, 15, 18]);
        progress.Select(line => line.GetProperty("found").GetInt64()).ShouldBe([1, 2, 3, 3, 4, 5]);
    }

    [Fact]
    public async Task A_page_that_takes_long_ends_with_what_it_has_and_the_next_one_goes_on()
    {
        await using var api = await TestApi.StartAsync(step: TimeSpan.FromSeconds(1));
        for (var i = 0; i < 5; i++) api.Gateway.Add("x");

        var first = await api.GetJsonAsync(Messages);
        var second = await api.GetJsonAsync($"{Messages}?after={first.GetProperty("next").GetInt64()}");

        first.GetProperty("messages").GetArrayLength().ShouldBe(3);
        second.GetProperty("messages").GetArrayLength().ShouldBe(2);
        second.TryGetProperty("next", out _).ShouldBeFalse();
    }

    [Fact]
    public async Task A_scan_ends_at_its_limit()
    {
        await using var api = await TestApi.StartAsync();
        for (var i = 0; i < 20; i++) api.Gateway.Add("x");

        var lines = await TestApi.LinesOfAsync(await api.GetAsync($"{Messages}/scan?limit=4&after=10"));

        lines.Count(line => line.GetProperty("type").GetString() == "message").ShouldBe(4);
        lines[^1].GetProperty("scannedUpTo").GetInt64().ShouldBe(14);
    }

    [Theory]
    [InlineData("""{"a":[1,2]}""", "json")]
    [InlineData("[broken", "text")]
    [InlineData("hello <b>", "text")]
    [InlineData("", "empty")]
    public async Task A_message_is_shown_with_headers_and_a_preview_of_its_body(string body, string kind)
    {
        await using var api = await TestApi.StartAsync();
        api.Gateway.Add(body, """{"type":"order"}""");

        var message = await api.GetJsonAsync($"{Messages}/1");

        message.GetProperty("id").GetString().ShouldBe("00000000-0000-7000-8000-000000000001");
        message.GetProperty("headers").GetProperty("type").GetString().ShouldBe("order");
        message.GetProperty("deliveries").GetInt32().ShouldBe(2);
        message.GetProperty("body").GetProperty("kind").GetString().ShouldBe(kind);
        if (body.Length > 0) message.GetProperty("body").GetProperty("text").GetString().ShouldBe(body);
    }

    [Fact]
    public async Task A_body_that_is_no_text_is_shown_in_hexadecimal()
    {
        await using var api = await TestApi.StartAsync();
        api.Gateway.Messages[1] = new StoredMessage(1, FakeManagement.NewMessage(1, [0, 255, 16], "{}"));

        var body = (await api.GetJsonAsync($"{Messages}/1?preview=2")).GetProperty("body");

        body.GetProperty("kind").GetString().ShouldBe("binary");
        body.GetProperty("hex").GetString().ShouldBe("00ff");
        body.GetProperty("bytes").GetInt64().ShouldBe(3);
    }

    [Fact]
    public async Task A_preview_ends_with_a_whole_character()
    {
        await using var api = await TestApi.StartAsync();
        api.Gateway.Add("aä€");

        var body = (await api.GetJsonAsync($"{Messages}/1?preview=4")).GetProperty("body");

        body.GetProperty("text").GetString().ShouldBe("aä");
        body.GetProperty("shownBytes").GetInt32().ShouldBe(3);
    }

    [Fact]
    public async Task A_body_is_downloaded_as_bytes_and_never_as_a_page()
    {
        await using var api = await TestApi.StartAsync();
        api.Gateway.Add("<html><script>alert(1)</script></html>", """{"content-type":"text/html"}""");

        using var response = await api.GetAsync($"{Messages}/1/body");

        (await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).ShouldStartWith("<html>");
        response.Content.Headers.ContentType!.MediaType.ShouldBe("application/octet-stream");
        response.Content.Headers.ContentDisposition!.DispositionType.ShouldBe("attachment");
        response.Headers.GetValues("X-Content-Type-Options").ShouldBe(["nosniff"]);
        response.Headers.GetValues("Content-Security-Policy").Single().ShouldContain("default-src 'none'");
    }

    [Fact]
    public async Task A_trace_tells_the_way_of_a_message()
    {
        await using var api = await TestApi.StartAsync();
        api.Gateway.Add("x");

        var trace = await api.GetJsonAsync($"{Messages}/1/trace");

        trace.GetProperty("steps").EnumerateArray().Select(step => step.GetProperty("step").GetString()).ShouldBe(["accepted", "in-doubt"]);
        trace.GetProperty("steps")[1].TryGetProperty("at", out _).ShouldBeFalse();
        trace.GetProperty("sent").GetInt32().ShouldBe(1);
    }

    [Fact]
    public async Task Dead_letters_are_listed_grouped_and_shown()
    {
        await using var api = await TestApi.StartAsync();
        api.Gateway.AddLetter(1, DeadLetterReason.Expired);
        api.Gateway.AddLetter(2, DeadLetterReason.TooManyDeliveries, FakeManagement.Bills);
        api.Gateway.AddLetter(3, DeadLetterReason.TooManyDeliveries, FakeManagement.Bills);

        (await api.GetJsonAsync("/api/v1/dead-letters")).GetProperty("messages").GetArrayLength().ShouldBe(3);
        var groups = await api.GetJsonAsync("/api/v1/dead-letters/groups");
        groups.EnumerateArray().Select(group => (group.GetProperty("reason").GetString(), group.GetProperty("messages").GetInt64()))
            .ShouldBe([("expired", 1), ("too-many-deliveries", 2)]);
        (await api.GetJsonAsync("/api/v1/dead-letters?reason=too-many-deliveries&from=inbound/bills")).GetProperty("messages")
            .GetArrayLength().ShouldBe(2);
        (await TestApi.LinesOfAsync(await api.GetAsync("/api/v1/dead-letters/scan?reason=expired"))).Count.ShouldBe(2);
        var letter = await api.GetJsonAsync("/api/v1/dead-letters/2");
        letter.TryGetProperty("deliveries", out _).ShouldBeFalse("the store does not keep how often it was delivered");
        letter.GetProperty("deadLetter").GetProperty("queue").GetProperty("name").GetString().ShouldBe("bills");
        letter.GetProperty("deadLetter").GetProperty("messageNumber").GetInt64().ShouldBe(102);
        using var body = await api.GetAsync("/api/v1/dead-letters/2/body");
        (await body.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).ShouldBe("dead");
        (await api.GetJsonAsync("/api/v1/dead-letters/2/trace")).GetProperty("steps").GetArrayLength().ShouldBe(2);
    }

    [Theory]
    [InlineData("reason=rejected", 2)]
    [InlineData("from=inbound/bills", 1)]
    [InlineData("fromPeer=billing", 2, 3)]
    [InlineData("fromPeer=bills")]
    [InlineData("header=type:order", 3)]
    [InlineData("acceptedBefore=2026-11-22T12:00:00.002Z", 1)]
    [InlineData("id=00000000-0000-7000-8000-000000000003", 3)]
    [InlineData("fromPeer=billing&reason=expired&header=type:order", 3)]
    public async Task Dead_letters_are_found_by_filter(string query, params int[] numbers)
    {
        await using var api = await TestApi.StartAsync();
        api.Gateway.AddLetter(1, DeadLetterReason.Expired, FakeManagement.Bills);
        api.Gateway.AddLetter(2, DeadLetterReason.Rejected);
        api.Gateway.AddLetter(3, DeadLetterReason.Expired, headers: """{"type":"order"}""");

        var page = await api.GetJsonAsync($"/api/v1/dead-letters?{query}");

        page.GetProperty("messages").EnumerateArray().Select(message => message.GetProperty("number").GetInt32()).ShouldBe(numbers);
    }

    [Fact]
    public async Task The_audit_trail_is_told()
    {
        await using var api = await TestApi.StartAsync();
        api.Gateway.Audit.Add(
            new AuditEntry(Guid.Empty, FakeManagement.Now, "anna (127.0.0.1)", "dead-letter", "outgoing orders@billing", 12, "by filter"));

        var entry = (await api.GetJsonAsync("/api/v1/audit"))[0];

        entry.GetProperty("who").GetString().ShouldBe("anna (127.0.0.1)");
        entry.GetProperty("messages").GetInt64().ShouldBe(12);
    }

    [Theory]
    [InlineData("/api/v1/peers/nobody", HttpStatusCode.NotFound, "not-found")]
    [InlineData("/api/v1/queues/outgoing/nothing@billing", HttpStatusCode.NotFound, "not-found")]
    [InlineData("/api/v1/queues/sideways/orders", HttpStatusCode.NotFound, "not-found")]
    [InlineData("/api/v1/queues/inbound/..%2F..%2Fetc", HttpStatusCode.NotFound, "not-found")]
    [InlineData("/api/v1/queues/inbound/orders@billing/messages", HttpStatusCode.NotFound, "not-found")]
    [InlineData("/api/v1/queues?kind=x", HttpStatusCode.BadRequest, "bad-request")]
    [InlineData(Messages + "?limit=0", HttpStatusCode.BadRequest, "bad-request")]
    [InlineData(Messages + "?limit=1001", HttpStatusCode.BadRequest, "bad-request")]
    [InlineData(Messages + "?after=x", HttpStatusCode.BadRequest, "bad-request")]
    [InlineData(Messages + "?header=type", HttpStatusCode.BadRequest, "bad-request")]
    [InlineData(Messages + "?header=a:1&header=a:2", HttpStatusCode.BadRequest, "bad-request")]
    [InlineData(Messages + "?reason=boredom", HttpStatusCode.BadRequest, "bad-request")]
    [InlineData(Messages + "?from=orders", HttpStatusCode.BadRequest, "bad-request")]
    [InlineData(Messages + "?acceptedFrom=yesterday", HttpStatusCode.BadRequest, "bad-request")]
    [InlineData(Messages + "/scan?limit=0", HttpStatusCode.BadRequest, "bad-request")]
    [InlineData(Messages + "/77", HttpStatusCode.NotFound, "not-found")]
    [InlineData(Messages + "/77/body", HttpStatusCode.NotFound, "not-found")]
    [InlineData(Messages + "/77/trace", HttpStatusCode.NotFound, "not-found")]
    [InlineData(Messages + "/1?preview=70000", HttpStatusCode.BadRequest, "bad-request")]
    [InlineData("/api/v1/dead-letters/77", HttpStatusCode.NotFound, "not-found")]
    [InlineData("/api/v1/nothing", HttpStatusCode.NotFound, "no-such-resource")]
    public async Task What_cannot_be_answered_is_a_problem_that_says_why(string path, HttpStatusCode status, string code)
    {
        await using var api = await TestApi.StartAsync();

        await TestApi.ProblemOfAsync(await api.GetAsync(path), status, code);
    }

    [Theory]
    [InlineData("after=x", "after takes a whole number, not 'x'")]
    [InlineData("limit=1.5", "limit takes a whole number, not '1.5'")]
    [InlineData("after=99999999999999999999", "after takes a whole number, not '99999999999999999999'")]
    [InlineData("acceptedFrom=yesterday", "acceptedFrom takes a time as ISO 8601 writes it, not 'yesterday'")]
    [InlineData("sizeMin=1&sizeMax=much", "sizeMax takes a whole number, not 'much'")]
    public async Task A_parameter_that_cannot_be_read_is_named_with_what_it_takes(string query, string said)
    {
        await using var api = await TestApi.StartAsync();

        (await TestApi.ProblemOfAsync(await api.GetAsync($"{Messages}?{query}"), HttpStatusCode.BadRequest, "bad-request"))
            .ShouldStartWith(said);
    }

    [Fact]
    public async Task Another_method_than_a_resource_takes_is_a_problem()
    {
        await using var api = await TestApi.StartAsync();

        (await TestApi.ProblemOfAsync(await api.SendAsync(HttpMethod.Delete, "/api/v1/state"), HttpStatusCode.MethodNotAllowed,
            "method-not-allowed")).ShouldContain("GET");
    }

    [Fact]
    public async Task A_damaged_message_says_so()
    {
        var gateway = new FakeManagement();
        gateway.Messages[1] = null!;
        await using var api = await TestApi.StartAsync(gateway: gateway);

        (await api.GetJsonAsync($"{Messages}/1")).GetProperty("isDamaged").GetBoolean().ShouldBeTrue();
        await TestApi.ProblemOfAsync(await api.GetAsync($"{Messages}/1/body"), HttpStatusCode.Gone, "damaged");
    }

    [Fact]
    public async Task While_the_gateway_starts_everything_else_says_so()
    {
        await using var api = await TestApi.StartAsync(isStarting: true);

        using var response = await api.GetAsync("/api/v1/state");

        response.Headers.RetryAfter.ShouldNotBeNull();
        await TestApi.ProblemOfAsync(response, HttpStatusCode.ServiceUnavailable, "starting");
    }
}
