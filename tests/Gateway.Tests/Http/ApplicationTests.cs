using System.Net;
using System.Text;
using Gateway.Client;
using Gateway.Client.Wire;
using Gateway.Http.Answers;
using Gateway.Tests.Management;
using Shouldly;
using Xunit;

namespace Gateway.Tests.Http;

/// <summary>Programs that send and receive over HTTP.</summary>
[Kind(Kind.Http)]
public sealed class ApplicationTests
{
    private const string Orders = "/api/v1/queues/orders@billing/messages";
    private const string Receive = "/api/v1/inbound/bills/receive";

    [Fact]
    public async Task A_message_is_taken_with_its_headers_and_answered_with_its_id()
    {
        await using var api = await TestApi.StartAsync();

        using var response = await api.PostAsync(
            Orders, new ByteArrayContent([1, 0, 255]), ("Message-Headers", """{"type":"order","who":"J\u00f6rg"}"""));

        (await TestApi.JsonOfAsync(response, HttpStatusCode.Accepted)).GetProperty("messageId").GetString()
            .ShouldBe(FakeManagement.Made.ToString());
        var request = api.Gateway.Enqueued.Single();
        request.Destination.ShouldBe("orders@billing");
        var item = request.Items.Single();
        item.Id.ShouldBeNull();
        item.Body.ToArray().ShouldBe([1, 0, 255]);
        item.ExpiresUnixMs.ShouldBe(0);
        HeadersJson.TryRead(item.Headers, out var headers).ShouldBeTrue();
        headers["who"].ShouldBe("Jörg");
    }

    private const string Trace = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
    private const string Own = """{"traceparent":"mine"}""";

    [Theory]
    [InlineData(Trace, null, "", "traceparent=" + Trace)]
    [InlineData(Trace, "v=1", """{"type":"order"}""", "traceparent=" + Trace + ", tracestate=v=1, type=order")]
    [InlineData(Trace, null, """{"tracestate":"old"}""", "traceparent=" + Trace)]
    [InlineData(Trace, "v=1", Own, "traceparent=mine")]
    [InlineData(null, "v=1", "", "")]
    [InlineData("no context", "v=1", "", "")]
    [InlineData(Trace + "," + Trace, null, "", "")]
    public async Task A_message_belongs_to_the_trace_of_its_request(string? parent, string? state, string headers, string expected)
    {
        await using var api = await TestApi.StartAsync();
        var sent = new[] { ("traceparent", parent), ("tracestate", state), ("Message-Headers", headers) }
            .Where(header => !string.IsNullOrEmpty(header.Item2)).Select(header => (header.Item1, header.Item2!));

        (await api.PostAsync(Orders, null, [.. sent])).StatusCode.ShouldBe(HttpStatusCode.Accepted);

        HeadersJson.TryRead(api.Gateway.Enqueued.Single().Items.Single().Headers, out var taken).ShouldBeTrue();
        string.Join(", ", taken.OrderBy(header => header.Key, StringComparer.Ordinal).Select(header => $"{header.Key}={header.Value}"))
            .ShouldBe(expected);
    }

    [Theory]
    [InlineData("[1]")]
    [InlineData("""{"type":1}""")]
    [InlineData("""{"filler":"0123456789012345678901234567890123456789"}""")]
    public async Task Headers_that_leave_no_room_for_a_trace_or_are_none_stay_as_they_are(string headers)
    {
        await using var api = await TestApi.StartAsync(options => options.Intake.HeadersBytesMax = 64);

        await api.PostAsync(Orders, null, ("traceparent", Trace), ("Message-Headers", headers));

        Encoding.UTF8.GetString(api.Gateway.Enqueued.Single().Items.Single().Headers.Span).ShouldBe(headers);
    }

    [Theory]
    [InlineData("application/x-www-form-urlencoded")]
    [InlineData("text/plain")]
    [InlineData("application/json")]
    [InlineData("multipart/form-data; boundary=x")]
    public async Task A_message_may_be_of_any_type(string type)
    {
        await using var api = await TestApi.StartAsync();
        var body = new ByteArrayContent("a=b"u8.ToArray());
        body.Headers.TryAddWithoutValidation("Content-Type", type);

        (await api.PostAsync(Orders, body)).StatusCode.ShouldBe(HttpStatusCode.Accepted);

        Encoding.UTF8.GetString(api.Gateway.Enqueued.Single().Items.Single().Body.Span).ShouldBe("a=b");
    }

    [Theory]
    [InlineData("0193a5b1-7c00-7000-8000-000000000001")]
    [InlineData("\"0193A5B1-7C00-7000-8000-000000000001\"")]
    public async Task A_key_that_is_a_uuid_is_the_message_id(string key)
    {
        await using var api = await TestApi.StartAsync();

        await api.PostAsync(Orders, null, ("Idempotency-Key", key));

        api.Gateway.Enqueued.Single().Items.Single().Id.ShouldBe(new MessageId(new Guid("0193a5b1-7c00-7000-8000-000000000001")));
    }

    [Fact]
    public async Task Another_key_always_gives_the_same_id()
    {
        await using var api = await TestApi.StartAsync();

        await api.PostAsync(Orders, null, ("Idempotency-Key", "order 17"));
        await api.PostAsync(Orders, null, ("Idempotency-Key", "order 17"));
        await api.PostAsync(Orders, null, ("Idempotency-Key", "order 18"));

        var ids = api.Gateway.Enqueued.Select(request => request.Items.Single().Id!.Value).ToList();
        ids[1].ShouldBe(ids[0]);
        ids[2].ShouldNotBe(ids[0]);
    }

    /// <summary>Written down, because it must never change: messages would be taken twice.</summary>
    [Fact]
    public void The_id_of_a_key_is_a_uuid_of_version_8_that_stays()
    {
        var id = IdempotencyKey.Read("order 17", "anna");

        id.Value.Version.ShouldBe(8);
        id.ToString()[19].ShouldBeOneOf('8', '9', 'a', 'b');
        id.ToString().ShouldBe("0e0259d6-c91b-80be-93d1-27d2e2dc8aab");
        IdempotencyKey.Read("order 17", "bert").ShouldNotBe(id);
        IdempotencyKey.Derive("ab", "c").ShouldNotBe(IdempotencyKey.Derive("a", "bc"));
    }

    [Fact]
    public async Task A_message_may_have_an_end()
    {
        await using var api = await TestApi.StartAsync();

        await api.PostAsync($"{Orders}?expiresAt=2026-11-23T00:00:00Z");
        var before = TimeProvider.System.GetUtcNow();
        await api.PostAsync($"{Orders}?timeToLive=60.5");

        api.Gateway.Enqueued[0].Items.Single().ExpiresUnixMs.ShouldBe(
            new DateTimeOffset(2026, 11, 23, 0, 0, 0, TimeSpan.Zero).ToUnixTimeMilliseconds());
        api.Gateway.Enqueued[1].Items.Single().ExpiresUnixMs.ShouldBeGreaterThanOrEqualTo(before.AddSeconds(60).ToUnixTimeMilliseconds());
        await TestApi.ProblemOfAsync(await api.PostAsync($"{Orders}?timeToLive=1&expiresAt=2026-11-23T00:00:00Z"),
            HttpStatusCode.BadRequest, "bad-request");
        await TestApi.ProblemOfAsync(await api.PostAsync($"{Orders}?timeToLive=NaN"), HttpStatusCode.BadRequest, "bad-request");
        await TestApi.ProblemOfAsync(await api.PostAsync(Orders, null, ("Idempotency-Key", new string('k', 256))),
            HttpStatusCode.BadRequest, "bad-request");
    }

    /// <summary>On the wire 0 means never, and 1970 began at 0.</summary>
    [Theory]
    [InlineData("1970-01-01T00:00:00Z")]
    [InlineData("0001-01-01T00:00:00Z")]
    public async Task An_end_long_ago_is_not_taken_for_none(string expiresAt)
    {
        await using var api = await TestApi.StartAsync();

        (await api.PostAsync($"{Orders}?expiresAt={expiresAt}")).StatusCode.ShouldBe(HttpStatusCode.Accepted);

        api.Gateway.Enqueued.Single().Items.Single().ExpiresUnixMs.ShouldBe(1);
    }

    [Theory]
    [InlineData(nameof(WireCode.BadDestination), HttpStatusCode.BadRequest, "bad-destination", false)]
    [InlineData(nameof(WireCode.NoRoute), HttpStatusCode.NotFound, "no-route", false)]
    [InlineData(nameof(WireCode.BadHeaders), HttpStatusCode.BadRequest, "bad-headers", false)]
    [InlineData(nameof(WireCode.NoKey), HttpStatusCode.BadRequest, "no-key", false)]
    [InlineData(nameof(WireCode.TooLarge), HttpStatusCode.RequestEntityTooLarge, "too-large", false)]
    [InlineData(nameof(WireCode.IdConflict), HttpStatusCode.Conflict, "id-conflict", false)]
    [InlineData(nameof(WireCode.Busy), HttpStatusCode.ServiceUnavailable, "busy", true)]
    [InlineData(nameof(WireCode.StoreFull), HttpStatusCode.InsufficientStorage, "store-full", true)]
    [InlineData(nameof(WireCode.Stopping), HttpStatusCode.ServiceUnavailable, "stopping", true)]
    public async Task What_the_gateway_refuses_is_a_problem_with_its_words(string code, HttpStatusCode status, string name, bool mayRetry)
    {
        await using var api = await TestApi.StartAsync();
        api.Gateway.OnEnqueue = request => new Reply.Rejected(request.Id, Enum.Parse<WireCode>(code), "there is no room: 5 of 5");

        using var response = await api.PostAsync(Orders);

        (await TestApi.ProblemOfAsync(response, status, name)).ShouldBe("There is no room: 5 of 5.");
        (response.Headers.RetryAfter is not null).ShouldBe(mayRetry);
    }

    [Fact]
    public async Task Messages_are_received_with_a_lease_and_a_token()
    {
        await using var api = await TestApi.StartAsync();
        api.Gateway.Deliveries.Add(NewDelivery(9_000_000_000_000_000_001, "hello"u8.ToArray()));
        api.Gateway.Deliveries.Add(NewDelivery(2, [255]));

        var received = await TestApi.JsonOfAsync(await api.PostAsync($"{Receive}?max=10&wait=2.5&lease=60"));

        api.Gateway.Acts.ShouldBe(["receive http/local bills 10 00:01:00 00:00:02.5000000"]);
        var message = received.GetProperty("messages")[0];
        message.GetProperty("token").GetString().ShouldBe("9000000000000000001");
        message.GetProperty("text").GetString().ShouldBe("hello");
        message.GetProperty("headers").GetProperty("type").GetString().ShouldBe("order");
        message.GetProperty("deliveries").GetInt32().ShouldBe(3);
        received.GetProperty("messages")[1].GetProperty("base64").GetString().ShouldBe("/w==");
    }

    [Theory]
    [InlineData("application/octet-stream")]
    [InlineData("application/json;q=0.5, application/octet-stream")]
    public async Task Who_asks_for_bytes_gets_one_message_as_it_is(string accept)
    {
        await using var api = await TestApi.StartAsync();
        api.Gateway.Deliveries.Add(NewDelivery(9_000_000_000_000_000_001, [0, 255, 10]));

        using var response = await api.PostAsync(Receive, null, ("Accept", accept));

        response.StatusCode.ShouldBe(HttpStatusCode.OK);
        response.Content.Headers.ContentType!.ToString().ShouldBe("application/octet-stream");
        (await response.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken)).ShouldBe([0, 255, 10]);
        string Header(string name) => response.Headers.GetValues(name).Single();
        Header("Delivery-Token").ShouldBe("9000000000000000001");
        Header("Message-Deliveries").ShouldBe("3");
        Header("Message-Source").ShouldBe("shop");
        Guid.Parse(Header("Message-Id")).ShouldNotBe(Guid.Empty);
        Header("Message-Headers").ShouldBe("""{"type":"order","who":"J\u00F6rg"}""");
    }

    [Fact]
    public async Task Who_asks_for_bytes_is_told_that_there_are_none_and_cannot_have_several_messages()
    {
        await using var api = await TestApi.StartAsync();

        (await api.PostAsync(Receive, null, ("Accept", "application/octet-stream"))).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        (await TestApi.ProblemOfAsync(await api.PostAsync($"{Receive}?max=2", null, ("Accept", "application/octet-stream")),
            HttpStatusCode.BadRequest, "bad-request")).ShouldContain("holds one message");
    }

    [Fact]
    public async Task Who_does_not_wait_still_gets_what_has_to_be_read_from_disk()
    {
        await using var api = await TestApi.StartAsync();

        await api.PostAsync(Receive);

        api.Gateway.Acts.ShouldBe(["receive http/local bills 1  00:00:00.2000000"]);
    }

    [Theory]
    [InlineData("complete", "Complete { Id = 1, Token = DeliveryToken { Value = 5 } }")]
    [InlineData("abandon?delay=1.5", "Abandon { Id = 1, Token = DeliveryToken { Value = 5 }, Delay = 00:00:01.5000000 }")]
    [InlineData("reject?reason=no%20such%20customer", "Reject { Id = 1, Token = DeliveryToken { Value = 5 }, Reason = no such customer }")]
    [InlineData("renew", "Renew { Id = 1, Token = DeliveryToken { Value = 5 }, Lease =  }")]
    [InlineData("renew?lease=5", "Renew { Id = 1, Token = DeliveryToken { Value = 5 }, Lease = 00:00:05 }")]
    [InlineData("release", "Release { Id = 1, Token = DeliveryToken { Value = 5 } }")]
    public async Task A_delivery_is_settled_by_its_token(string how, string settle)
    {
        await using var api = await TestApi.StartAsync();

        (await api.PostAsync($"/api/v1/deliveries/5/{how}")).StatusCode.ShouldBe(HttpStatusCode.NoContent);

        api.Gateway.Acts.ShouldBe([$"settle http/local {settle}"]);
    }

    [Fact]
    public async Task A_delivery_whose_lease_is_lost_is_a_problem()
    {
        await using var api = await TestApi.StartAsync();
        api.Gateway.OnSettle = _ => new Reply.Rejected(RequestId.FromNumber(1), WireCode.LeaseLost, "the delivery is not held any more");

        await TestApi.ProblemOfAsync(await api.PostAsync("/api/v1/deliveries/5/complete"), HttpStatusCode.Conflict, "lease-lost");
    }

    [Fact]
    public async Task A_receiver_that_is_refused_is_told_why()
    {
        await using var api = await TestApi.StartAsync();
        api.Gateway.Refusal = new Reply.Rejected(RequestId.FromNumber(1), WireCode.TooManySubscriptions, "there are too many");

        await TestApi.ProblemOfAsync(await api.PostAsync(Receive), HttpStatusCode.ServiceUnavailable, "too-many-subscriptions");
    }

    [Theory]
    [InlineData("/api/v1/inbound/a%2Fb/receive", HttpStatusCode.NotFound, "not-found")]
    [InlineData(Receive + "?max=0", HttpStatusCode.BadRequest, "bad-request")]
    [InlineData(Receive + "?max=101", HttpStatusCode.BadRequest, "bad-request")]
    [InlineData(Receive + "?wait=61", HttpStatusCode.BadRequest, "bad-request")]
    [InlineData(Receive + "?lease=0", HttpStatusCode.BadRequest, "bad-request")]
    [InlineData("/api/v1/deliveries/5/abandon?delay=-1", HttpStatusCode.BadRequest, "bad-request")]
    [InlineData("/api/v1/deliveries/x/complete", HttpStatusCode.NotFound, "no-such-resource")]
    [InlineData("/api/v1/deliveries/5/forget", HttpStatusCode.NotFound, "no-such-resource")]
    public async Task What_makes_no_sense_is_a_problem(string path, HttpStatusCode status, string code)
    {
        await using var api = await TestApi.StartAsync();

        await TestApi.ProblemOfAsync(await api.PostAsync(path), status, code);
    }

    private static Reply.Delivery NewDelivery(long token, byte[] body) => new(
        RequestId.FromNumber(1),
        new DeliveryToken(token),
        new DeliveredMessage(FakeManagement.Made, 3, """{"type":"order","who":"Jörg"}"""u8.ToArray(),
            FakeManagement.Now.ToUnixTimeMilliseconds(), 0, "shop", body));
}
