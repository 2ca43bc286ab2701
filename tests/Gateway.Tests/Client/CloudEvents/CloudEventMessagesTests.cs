using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using CloudNative.CloudEvents;
using CloudNative.CloudEvents.SystemTextJson;
using Gateway.Client;
using Gateway.Client.CloudEvents;
using Gateway.Client.Wire;
using Shouldly;
using Xunit;

namespace Gateway.Tests.Client.CloudEvents;

/// <summary>
/// Events to messages and back. The events are those of the conformance examples of CloudEvents (cloudevents/conformance, Apache 2.0): the
/// HTTP and Kafka bindings' example, and the valid and invalid events of the JSON format.
/// </summary>
public sealed class CloudEventMessagesTests
{
    private const string Common = """ "specversion":"1.0","type":"io.cloudevents.test","source":"https://cloudevents.io" """;

    private static readonly CloudEventAttribute[] _extensions =
    [
        CloudEventAttribute.CreateExtension("extinteger", CloudEventAttributeType.Integer),
        CloudEventAttribute.CreateExtension("extboolean", CloudEventAttributeType.Boolean),
        CloudEventAttribute.CreateExtension("exturi", CloudEventAttributeType.Uri),
        CloudEventAttribute.CreateExtension("exturiref", CloudEventAttributeType.UriReference),
        CloudEventAttribute.CreateExtension("exttimestamp", CloudEventAttributeType.Timestamp),
        CloudEventAttribute.CreateExtension("extbinary", CloudEventAttributeType.Binary),
    ];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("application/json")]
    [InlineData("application/json; charset=utf-8")]
    public async Task In_binary_mode_attributes_are_headers_and_the_data_is_the_body(string contentType)
    {
        var sent = Example(contentType);

        var message = await SentAsync(sent, CloudEventMode.Binary);

        message.Headers.ShouldBe(
            new Dictionary<string, string>
            {
                ["ce-specversion"] = "1.0",
                ["ce-id"] = "1234-1234-1234",
                ["ce-type"] = "com.example.someevent",
                ["ce-source"] = "/mycontext/subcontext",
                ["ce-time"] = "2018-04-05T03:56:24Z",
                ["content-type"] = contentType,
            },
            ignoreOrder: true);
        Encoding.UTF8.GetString(message.Body.Span).ShouldBe("""{"message":"Hello World!"}""");
        message.IsCloudEvent().ShouldBeTrue();
        ShouldBeExample(message.ToCloudEvent(), contentType);
    }

    [Theory]
    [InlineData("application/cloudevents+json")]
    [InlineData("application/cloudevents+json; charset=utf-8")]
    public async Task In_structured_mode_the_body_is_the_whole_event(string contentType)
    {
        var message = await SentAsync(Example("application/json"), CloudEventMode.Structured);

        message.Headers.ShouldBe(new Dictionary<string, string> { ["content-type"] = "application/cloudevents+json; charset=utf-8" });
        var again = Message(Encoding.UTF8.GetString(message.Body.Span), ("content-type", contentType));
        again.IsCloudEvent().ShouldBeTrue();
        ShouldBeExample(again.ToCloudEvent(), "application/json");
        again.ToCloudEvents().ShouldHaveSingleItem();
    }

    [Theory]
    [InlineData("\"id\":\"minimal\"")]
    [InlineData("\"id\":\"minimal\",\"datacontenttype\":null,\"dataschema\":null,\"subject\":null,\"time\":null")]
    [InlineData("\"id\":\"allCore\",\"datacontenttype\":\"text/plain\",\"dataschema\":\"https://cloudevents.io/dataschema\","
        + "\"subject\":\"tests\"")]
    [InlineData("\"id\":\"minimalWithTime\",\"time\":\"2018-04-05T17:31:00Z\"")]
    [InlineData("\"id\":\"minimalWithTime\",\"time\":\"2018-04-05T17:31:00.000000000Z\"")]
    [InlineData("\"id\":\"minimalWithTime\",\"time\":\"2018-04-05T18:31:00+01:00\"")]
    [InlineData("\"id\":\"minimalWithTime\",\"time\":\"2018-04-05T16:31:00-01:00\"")]
    [InlineData("\"id\":\"simpleTextData\",\"datacontenttype\":\"text/plain\",\"data\":\"Simple text\"")]
    [InlineData("\"id\":\"allExtensionTypes\",\"extinteger\":10,\"extboolean\":true,\"extstring\":\"text\","
        + "\"exturi\":\"https://cloudevents.io\",\"exturiref\":\"//authority/path\","
        + "\"exttimestamp\":\"2023-03-31T15:12:00Z\",\"extbinary\":\"TWE=\"")]
    public async Task A_valid_event_is_the_same_in_both_modes(string members)
    {
        var read = Structured($"{{{Common},{members}}}").ToCloudEvent(extensions: _extensions);

        foreach (var mode in new[] { CloudEventMode.Binary, CloudEventMode.Structured })
        {
            var again = (await SentAsync(read, mode)).ToCloudEvent(extensions: _extensions);

            again.GetPopulatedAttributes().OrderBy(pair => pair.Key.Name).Select(pair => $"{pair.Key.Name}={pair.Key.Format(pair.Value)}")
                .ShouldBe(read.GetPopulatedAttributes().OrderBy(pair => pair.Key.Name)
                    .Select(pair => $"{pair.Key.Name}={pair.Key.Format(pair.Value)}"));
            // An empty body is no data or an empty text.
            $"{again.Data}".ShouldBe($"{read.Data}");
        }
    }

    [Fact]
    public async Task A_relative_source_and_any_text_stay_as_they_are()
    {
        var sent = new CloudEvent
        { Id = "1", Type = "t", Source = new Uri("#fragment", UriKind.Relative), Subject = "Euro \u20ac \ud83d\ude00 \"100%\"" };

        var message = await SentAsync(sent, CloudEventMode.Binary);

        message.Headers["ce-subject"].ShouldBe(sent.Subject);
        message.Body.Length.ShouldBe(0);
        message.ToCloudEvent().Subject.ShouldBe(sent.Subject);
        message.ToCloudEvent().Source.ShouldBe(sent.Source);
    }

    [Theory]
    [InlineData("{\"id\":\"invalid\",\"type\":\"t\",\"source\":\"s\"}")]
    [InlineData("{\"specversion\":\"1.0\",\"type\":\"t\",\"source\":\"s\"}")]
    [InlineData("{\"specversion\":\"1.0\",\"id\":\"invalid\",\"source\":\"s\"}")]
    [InlineData("{\"specversion\":\"1.0\",\"id\":\"invalid\",\"type\":\"t\"}")]
    [InlineData("{\"specversion\":\"0.9\",\"id\":\"invalid\",\"type\":\"t\",\"source\":\"s\"}")]
    [InlineData("{\"specversion\":\"\",\"id\":\"invalid\",\"type\":\"t\",\"source\":\"s\"}")]
    [InlineData("{\"specversion\":\"1.0\",\"id\":\"\",\"type\":\"t\",\"source\":\"s\"}")]
    [InlineData("{\"specversion\":\"1.0\",\"id\":\"invalid\",\"type\":\"\",\"source\":\"s\"}")]
    [InlineData("{\"specversion\":\"1.0\",\"id\":\"invalid\",\"type\":\"t\",\"source\":\"\"}")]
    [InlineData("{\"specversion\":\"1.0\",\"id\":\"invalid\",\"type\":\"t\",\"source\":\"s\",\"time\":\"lunchtime\"}")]
    [InlineData("{\"specversion\":\"1.0\",\"id\":\"invalid\",\"type\":\"t\",\"source\":\"s\",\"time\":\"2018-04-05T18:31Z\"}")]
    [InlineData("{\"specversion\":\"1.0\",\"id\":\"invalid\",\"type\":\"t\",\"source\":\"s\",\"time\":\"2018-04-05T18:31:00+25:00\"}")]
    [InlineData("{\"specversion\":\"1.0\",\"id\":\"invalid\",\"type\":\"t\",\"source\":\"s\",\"datacontenttype\":\"xyz\"}")]
    [InlineData("{\"specversion\":\"1.0\",\"id\":\"invalid\",\"type\":\"t\",\"source\":\"s\",\"subject\":\"\"}")]
    [InlineData("{\"specversion\":\"1.0\",\"id\":25,\"type\":\"t\",\"source\":\"s\"}")]
    [InlineData("{\"specversion\":\"1.0\",\"id\":\"invalid\",\"type\":\"t\",\"source\":\"s\",\"MyExtension\":\"bad\"}")]
    [InlineData("{\"specversion\":\"1.0\",\"id\":\"invalid\",\"type\":\"t\",\"source\":\"s\",\"my.extension\":1.5}")]
    [InlineData("{\"specversion\":\"1.0\",\"id\":\"invalid\",\"type\":\"t\",\"source\":\"s\",\"data\":\"text\",\"data_base64\":\"e30=\"}")]
    [InlineData("not JSON")]
    [InlineData("[]")]
    public void An_invalid_event_is_unreadable(string json) =>
        Should.Throw<UnreadableMessageException>(() => Structured(json).ToCloudEvent()).Message.ShouldStartWith("The event is malformed: ");

    [Theory]
    [InlineData("ce-specversion=1.0, ce-id=1, ce-type=t", "The event is malformed: ")]
    [InlineData("ce-specversion=1.0, ce-type=t, ce-source=s", "The event is malformed: ")]
    [InlineData("ce-specversion=1.0, ce-id=1, ce-type=t, ce-source=s, ce-time=now", "The event is malformed: ")]
    [InlineData("ce-specversion=1.0, ce-id=1, ce-type=t, ce-source=s, ce-My=bad", "The event is malformed: ")]
    [InlineData("ce-specversion=0.3, ce-id=1, ce-type=t, ce-source=s", "The event is one of CloudEvents '0.3', which is not known.")]
    [InlineData("content-type=application/json", "The message is no CloudEvent: ")]
    [InlineData("content-type=application/cloudevents-batch+json", "The message is a batch of events, not one event.")]
    public void Headers_of_no_valid_event_are_unreadable(string headers, string told)
    {
        var message = Message("{}", [.. headers.Split(", ").Select(header => (header.Split('=')[0], header.Split('=')[1]))]);

        Should.Throw<UnreadableMessageException>(() => message.ToCloudEvent()).Message.ShouldStartWith(told);
    }

    [Fact]
    public async Task A_batch_is_one_message_of_many_events()
    {
        using var gateway = new FakeGateway(FakeGateway.Obliging);
        await using var client = new GatewayClient(new GatewayClientOptions { Address = gateway.Address });

        await client.EnqueueBatchAsync("events", [Example("application/json"), Example("application/json")], cancellationToken: Token);

        var message = MessageOf(gateway);
        message.Headers["content-type"].ShouldBe("application/cloudevents-batch+json; charset=utf-8");
        message.IsCloudEvent().ShouldBeTrue();
        message.ToCloudEvents().Count.ShouldBe(2);
        ShouldBeExample(message.ToCloudEvents()[1], "application/json");
        Should.Throw<UnreadableMessageException>(() => message.ToCloudEvent());
        var malformed = Message("[{}]", ("content-type", "application/cloudevents-batch+json"));
        Should.Throw<UnreadableMessageException>(() => malformed.ToCloudEvents());
    }

    [Fact]
    public async Task An_event_that_is_sent_again_has_the_id_it_had_and_its_partition_is_its_key()
    {
        var first = Example("application/json");
        first["partitionkey"] = "customer 7";

        var (one, again) = (await SentAsync(first, CloudEventMode.Binary), await SentAsync(first, CloudEventMode.Structured));
        first.Id = "another";
        var other = await SentAsync(first, CloudEventMode.Binary, new EnqueueOptions { Key = "mine" });

        again.Id.ShouldBe(one.Id);
        one.Key.ShouldBe("customer 7");
        again.Key.ShouldBe("customer 7");
        other.Id.ShouldNotBe(one.Id);
        other.Key.ShouldBe("mine");
    }

    [Fact]
    public async Task Headers_of_the_application_stay_unless_the_event_has_them()
    {
        var more = new EnqueueOptions { Headers = new Dictionary<string, string> { ["kind"] = "x" } };
        var wrong = new EnqueueOptions { Headers = new Dictionary<string, string> { ["ce-id"] = "x" } };

        (await SentAsync(Example("application/json"), CloudEventMode.Binary, more)).Headers["kind"].ShouldBe("x");
        await Should.ThrowAsync<ArgumentException>(() => SentAsync(Example("application/json"), CloudEventMode.Binary, wrong));
        await Should.ThrowAsync<InvalidOperationException>(() => SentAsync(new CloudEvent { Id = "1" }, CloudEventMode.Binary));
    }

    [Fact]
    public async Task A_formatter_reads_the_data_as_a_type()
    {
        var formatter = new JsonEventFormatter<Greeting>();
        var sent = Example("application/json");

        var message = await SentAsync(sent, CloudEventMode.Binary);

        message.ToCloudEvent(formatter).Data.ShouldBe(new Greeting("Hello World!"));
    }

    private static CloudEvent Example(string contentType) => new()
    {
        Id = "1234-1234-1234",
        Type = "com.example.someevent",
        Source = new Uri("/mycontext/subcontext", UriKind.Relative),
        Time = new DateTimeOffset(2018, 4, 5, 3, 56, 24, TimeSpan.Zero),
        DataContentType = contentType,
        Data = JsonDocument.Parse("""{"message":"Hello World!"}""").RootElement,
    };

    private static void ShouldBeExample(CloudEvent read, string contentType)
    {
        read.SpecVersion.VersionId.ShouldBe("1.0");
        read.Id.ShouldBe("1234-1234-1234");
        read.Type.ShouldBe("com.example.someevent");
        read.Source!.ToString().ShouldBe("/mycontext/subcontext");
        read.Time.ShouldBe(new DateTimeOffset(2018, 4, 5, 3, 56, 24, TimeSpan.Zero));
        read.DataContentType.ShouldBe(contentType);
        read.Data.ShouldBeOfType<JsonElement>().GetProperty("message").GetString().ShouldBe("Hello World!");
    }

    private static ReceivedMessage Structured(string json) => Message(json, ("content-type", "application/cloudevents+json"));

    private static ReceivedMessage Message(string body, params (string Name, string Text)[] headers) => GatewayModels.ReceivedMessage(
        "events", Encoding.UTF8.GetBytes(body), headers.ToDictionary(header => header.Name, header => header.Text));

    /// <summary>The event as a receiver has it.</summary>
    private static async Task<ReceivedMessage> SentAsync(CloudEvent cloudEvent, CloudEventMode mode, EnqueueOptions? options = null)
    {
        using var gateway = new FakeGateway(FakeGateway.Obliging);
        await using var client = new GatewayClient(new GatewayClientOptions { Address = gateway.Address });
        await client.EnqueueAsync("events", cloudEvent, mode, options, cancellationToken: Token);
        return MessageOf(gateway);
    }

    private static ReceivedMessage MessageOf(FakeGateway gateway)
    {
        var item = gateway.Requests.OfType<Request.Enqueue>().Single().Items.Single();
        HeadersJson.TryRead(item.Headers, out var headers).ShouldBeTrue();
        return GatewayModels.ReceivedMessage("events", item.Body, headers, item.Id);
    }

    private sealed record Greeting([property: JsonPropertyName("message")] string Message);
}
