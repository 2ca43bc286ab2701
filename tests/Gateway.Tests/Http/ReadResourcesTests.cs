using System.Net;
using Gateway.Links.Causes;
using Gateway.Links.Protocol;
using Gateway.Management;
using Gateway.Store.Messages;
using Gateway.Tests.Management;
using Shouldly;
using Xunit;

namespace Gateway.Tests.Http;

/// <summary>The resources that can be read over HTTP, and what is said about those that cannot.</summary>
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
    public async Task Routes_are_told_with_the_standing_of_their_destinations()
    {
        var gateway = new FakeManagement
        {
            Routes =
            [
                new RouteSummary("jobs", RouteMode.Share, "", [new RouteTarget("jobs@a", QueueId.Outgoing("jobs", "a"), true, 3)]),
                new RouteSummary("orders", RouteMode.Partition, "customer",
                    [new RouteTarget("orders@here", QueueId.Inbound("orders"), false, 0)]),
            ],
        };
        await using var api = await TestApi.StartAsync(gateway: gateway);

        (await api.GetJsonAsync("/api/v1/routes")).GetRawText().ShouldBe("""
            {"routes":[{"queue":"jobs","mode":"share","destinations":[{"destination":"jobs@a","queue":{"kind":"outgoing","name":"jobs@a"},
            "isUp":true,"messages":3}]},{"queue":"orders","mode":"partition","header":"customer","destinations":[{"destination":
            "orders@here","queue":{"kind":"inbound","name":"orders"},"isUp":false,"messages":0}]}]}
            """.ReplaceLineEndings(""));
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
    public async Task While_the_gateway_starts_everything_else_says_so()
    {
        await using var api = await TestApi.StartAsync(isStarting: true);

        using var response = await api.GetAsync("/api/v1/state");

        response.Headers.RetryAfter.ShouldNotBeNull();
        await TestApi.ProblemOfAsync(response, HttpStatusCode.ServiceUnavailable, "starting");
    }
}
