using System.Net;
using System.Text;
using CloudNative.CloudEvents;
using Gateway.Client;
using Gateway.Client.CloudEvents;
using Gateway.Client.Wire;
using Gateway.Http.Answers;
using Gateway.Tests.Client;
using Shouldly;
using Xunit;

namespace Gateway.Tests.Http;

/// <summary>
/// Events that come in the HTTP binding of CloudEvents are the messages that the client would have made of them. The example is that of
/// the conformance tests of CloudEvents (cloudevents/conformance, Apache 2.0).
/// </summary>
[Kind(Kind.Http)]
public sealed class CloudEventTests
{
    private const string Orders = "/api/v1/queues/orders@billing/messages";
    private const string Data = "{\n    \"message\": \"Hello World!\"\n}";

    private static readonly (string Name, string Value)[] _attributes =
    [
        ("ce-specversion", "1.0"), ("ce-type", "com.example.someevent"), ("ce-time", "2018-04-05T03:56:24Z"),
        ("CE-ID", "1234-1234-1234"), ("ce-source", "/mycontext/subcontext"),
    ];

    [Theory]
    [InlineData("application/json")]
    [InlineData("application/json; charset=utf-8")]
    public async Task In_binary_mode_its_headers_are_those_of_the_message(string contentType)
    {
        var message = await TakenAsync(Data, contentType, _attributes);

        message.Headers.Keys.ShouldBe(
            ["ce-specversion", "ce-type", "ce-time", "ce-id", "ce-source", "content-type"], ignoreOrder: true);
        ShouldBeExample(message, contentType);
    }

    [Theory]
    [InlineData("application/cloudevents+json")]
    [InlineData("application/cloudevents+json; charset=utf-8")]
    public async Task In_structured_mode_it_is_the_body(string contentType)
    {
        const string json = """
            {"specversion":"1.0","type":"com.example.someevent","time":"2018-04-05T03:56:24Z","id":"1234-1234-1234",
             "source":"/mycontext/subcontext","datacontenttype":"application/json","data":{"message":"Hello World!"}}
            """;

        var message = await TakenAsync(json, contentType, ("ce-id", "repeated"));

        message.Headers.ShouldBe(new Dictionary<string, string> { ["content-type"] = contentType });
        ShouldBeExample(message, "application/json");
        (await TakenAsync($"[{json},{json}]", "application/cloudevents-batch+json")).ToCloudEvents().Count.ShouldBe(2);
    }

    [Fact]
    public async Task In_binary_mode_source_and_id_make_the_message_id_that_the_client_gives()
    {
        using var gateway = new FakeGateway(FakeGateway.Obliging);
        await using var client = new GatewayClient(new GatewayClientOptions { Address = gateway.Address });
        var sent = new CloudEvent
        { Id = "1234-1234-1234", Type = "com.example.someevent", Source = new Uri("/mycontext/subcontext", UriKind.Relative) };
        await client.EnqueueAsync("orders@billing", sent, CloudEventMode.Binary, cancellationToken: TestContext.Current.CancellationToken);

        var id = await IdOfAsync(Orders, "application/json", _attributes);

        id.ShouldBe(gateway.Requests.OfType<Request.Enqueue>().Single().Items.Single().Id);
        // Written down, because it must never change: events would be taken twice.
        id.ToString().ShouldBe("4a73fb4e-5eda-8bc5-80f1-f1bdb4e17f9c");
        (await IdOfAsync(Orders.Replace("billing", "audit"), "application/json", _attributes)).ShouldNotBe(id);
    }

    [Theory]
    [InlineData("application/cloudevents+json", "ce-id=1 ce-source=/shop ce-specversion=1.0", null)]
    [InlineData("application/cloudevents-batch+json", "ce-id=1 ce-source=/shop ce-specversion=1.0", null)]
    [InlineData("application/json", "ce-id=1 ce-source=/shop", null)]
    [InlineData("application/json", "ce-id=1 ce-specversion=1.0", null)]
    [InlineData("application/json", "ce-id=1 ce-source= ce-specversion=1.0", null)]
    [InlineData("application/json", "ce-id= ce-source=/shop ce-specversion=1.0", null)]
    [InlineData("application/json", "ce-id=1 ce-source=/shop ce-specversion=1.0 Idempotency-Key=0193a5b1-7c00-7000-8000-000000000001",
        "0193a5b1-7c00-7000-8000-000000000001")]
    public async Task The_id_is_that_of_the_key_or_a_new_one_without_source_and_id_in_binary_mode(
        string contentType, string headers, string? expected)
    {
        var id = await IdOfAsync(
            Orders, contentType, [.. headers.Split(' ').Select(header => (header.Split('=')[0], header.Split('=')[1]))]);

        id?.ToString().ShouldBe(expected);
        id.HasValue.ShouldBe(expected is not null);
    }

    [Fact]
    public async Task A_request_that_is_no_event_has_none_of_these_headers()
    {
        (await TakenAsync("x", "application/json", ("ce-id", "1"))).Headers.ShouldBeEmpty();
        (await TakenAsync("x", "application/cloudeventsx")).Headers.ShouldBeEmpty();
    }

    [Fact]
    public async Task Headers_of_the_message_are_beside_those_of_the_event_and_its_partition_is_its_key()
    {
        var message = await TakenAsync(
            Data, "application/json", [.. _attributes, ("ce-partitionkey", "7"), ("Message-Headers", """{"kind":"x"}""")]);

        message.Headers["kind"].ShouldBe("x");
        message.Key.ShouldBe("7");
        (await TakenAsync(Data, "application/json", [.. _attributes, ("ce-partitionkey", "7"), ("Message-Headers", """{"key":"8"}""")]))
            .Key.ShouldBe("8");
    }

    [Theory]
    [InlineData("ce-subject", "%C0%A0")]
    [InlineData("ce-subject", "100%")]
    [InlineData("ce-subject", "%4g")]
    [InlineData("ce-subject", "a%00b")]
    [InlineData("Message-Headers", """{"ce-id":"another"}""")]
    public async Task What_cannot_be_read_or_is_given_twice_is_refused(string name, string value)
    {
        await using var api = await TestApi.StartAsync();

        using var response = await api.PostAsync(Orders, Content(Data, "application/json"), [.. _attributes, (name, value)]);

        response.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        api.Gateway.Enqueued.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("Euro%20%E2%82%AC%20%F0%9F%98%80", "Euro \u20ac \ud83d\ude00")]
    [InlineData("%e2%82%ac", "\u20ac")]
    [InlineData("%41bc", "Abc")]
    [InlineData("\u20ac\ud83d\ude00", "\u20ac\ud83d\ude00")]
    [InlineData("\"a \\\"b\\\" %25\"", "a \"b\" %")]
    [InlineData("%2541", "%41")]
    [InlineData("\"", "\"")]
    [InlineData("", "")]
    [InlineData("%C0%A0", null)]
    [InlineData("%E2%82", null)]
    [InlineData("%", null)]
    [InlineData("%2", null)]
    public void Values_are_decoded_once(string value, string? expected)
    {
        CloudEventHeaders.TryDecode(value, out var text).ShouldBe(expected is not null);
        text.ShouldBe(expected);
    }

    private static void ShouldBeExample(ReceivedMessage message, string contentType)
    {
        var read = message.ToCloudEvent();
        read.Id.ShouldBe("1234-1234-1234");
        read.Type.ShouldBe("com.example.someevent");
        read.Source!.ToString().ShouldBe("/mycontext/subcontext");
        read.Time.ShouldBe(new DateTimeOffset(2018, 4, 5, 3, 56, 24, TimeSpan.Zero));
        read.DataContentType.ShouldBe(contentType);
        $"{read.Data}".ShouldContain("Hello World!");
    }

    /// <summary>The message that the gateway takes.</summary>
    private static async Task<ReceivedMessage> TakenAsync(string body, string contentType, params (string Name, string Value)[] headers)
    {
        var item = await ItemAsync(Orders, body, contentType, headers);
        HeadersJson.TryRead(item.Headers, out var taken).ShouldBeTrue();
        return GatewayModels.ReceivedMessage("orders", item.Body, taken);
    }

    /// <summary>The id that is asked of the gateway; null for a new one.</summary>
    private static async Task<MessageId?> IdOfAsync(string path, string contentType, (string Name, string Value)[] headers) =>
        (await ItemAsync(path, Data, contentType, headers)).Id;

    private static async Task<EnqueueItem> ItemAsync(
        string path, string body, string contentType, (string Name, string Value)[] headers)
    {
        await using var api = await TestApi.StartAsync();
        using var response = await api.PostAsync(path, Content(body, contentType), headers);
        response.StatusCode.ShouldBe(HttpStatusCode.Accepted);
        return api.Gateway.Enqueued.Single().Items.Single();
    }

    private static ByteArrayContent Content(string body, string contentType)
    {
        var content = new ByteArrayContent(Encoding.UTF8.GetBytes(body));
        content.Headers.TryAddWithoutValidation("Content-Type", contentType).ShouldBeTrue();
        return content;
    }
}
