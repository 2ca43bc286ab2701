using System.Text;
using Gateway.Client;
using Gateway.Client.Requests;
using Gateway.Client.Wire;
using Shouldly;
using Xunit;

namespace Gateway.Tests.Client.Requests;

/// <summary>The replier's side, towards a gateway that delivers what a test says.</summary>
public sealed class ReplyTests
{
    private static readonly MessageId _id = MessageId.Parse("0198a000-0000-7000-8000-000000000001");
    private static readonly MessageId _correlation = MessageId.Parse("0198a000-0000-7000-8000-000000000002");

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_reply_goes_where_the_request_says_with_its_id_and_expires()
    {
        var before = TimeProvider.System.GetUtcNow();
        var (outcome, sent) = await ReplyAsync(
            Headers(("reply-to", "replies.shop@shop"), ("correlation-id", $"{_correlation}")),
            message => message.ReplyAsync(Encoding.UTF8.GetBytes("4"), cancellationToken: Token));

        outcome.ShouldBe(ReplyOutcome.Sent);
        sent.Destination.ShouldBe("replies.shop@shop");
        var reply = sent.Items.Single();
        HeadersJson.TryRead(reply.Headers, out var headers).ShouldBeTrue();
        headers.ShouldBe(new Dictionary<string, string> { ["correlation-id"] = $"{_correlation}" });
        Encoding.UTF8.GetString(reply.Body.Span).ShouldBe("4");
        DateTimeOffset.FromUnixTimeMilliseconds(reply.ExpiresUnixMs).ShouldBeInRange(
            before + RequestReply.ReplyLifetime - TimeSpan.FromMilliseconds(1),
            TimeProvider.System.GetUtcNow() + RequestReply.ReplyLifetime);
    }

    [Fact]
    public async Task Its_id_follows_from_the_request_and_its_queue()
    {
        var request = Headers(("reply-to", "replies.shop@shop"));

        var first = await ReplyAsync(request, Reply("4"));
        var again = await ReplyAsync(request, Reply("4"));
        var byAnother = await ReplyAsync(request, Reply("4"), queue: "copies");

        again.Sent.Items.Single().Id.ShouldBe(first.Sent.Items.Single().Id);
        byAnother.Sent.Items.Single().Id.ShouldNotBe(first.Sent.Items.Single().Id);
        // A request without the header is known by its own id.
        HeadersJson.Find(first.Sent.Items.Single().Headers.Span, "correlation-id").ShouldBe($"{_id}");
    }

    [Fact]
    public async Task Another_reply_than_the_one_before_is_not_sent_and_says_so()
    {
        var (outcome, _) = await ReplyAsync(
            Headers(("reply-to", "replies.shop@shop")), Reply("5"),
            enqueue => [new Reply.Rejected(enqueue.Id, WireCode.IdConflict, "accepted before")]);

        outcome.ShouldBe(ReplyOutcome.AnsweredBefore);
    }

    [Fact]
    public async Task A_typed_reply_has_its_content_type()
    {
        var (_, sent) = await ReplyAsync(
            Headers(("reply-to", "replies.shop@shop")), message => message.ReplyAsync(new[] { 4 }, cancellationToken: Token));

        Encoding.UTF8.GetString(sent.Items.Single().Body.Span).ShouldBe("[4]");
        HeadersJson.Find(sent.Items.Single().Headers.Span, "content-type").ShouldBe("application/json");
    }

    [Fact]
    public async Task Bytes_are_sent_as_they_are()
    {
        var (_, sent) = await ReplyAsync(
            Headers(("reply-to", "replies.shop@shop")), message => message.ReplyAsync(new byte[] { 4 }, cancellationToken: Token));

        sent.Items.Single().Body.ToArray().ShouldBe([4]);
    }

    [Fact]
    public async Task A_message_that_expects_no_reply_has_none()
    {
        var failure = await Should.ThrowAsync<InvalidOperationException>(() => ReplyAsync(Headers(("kind", "order")), message =>
        {
            message.ExpectsReply.ShouldBeFalse();
            message.CorrelationId.ShouldBeNull();
            return message.ReplyAsync(new byte[1], cancellationToken: Token);
        }));

        failure.Message.ShouldContain("it has no header 'reply-to'");
    }

    [Theory]
    [InlineData("")]
    [InlineData("replies.shop")]
    [InlineData("orders@billing")]
    [InlineData("replies.@shop")]
    [InlineData("replies.shop@")]
    [InlineData("replies.shop@shop@shop")]
    [InlineData("replies.shop@shop\n")]
    [InlineData("replies.shöp@shop")]
    [InlineData("replies.0123456789012345678901234567890123456789012345678901234567@shop")]
    public async Task A_request_cannot_lead_a_reply_anywhere_else(string replyTo) =>
        (await Should.ThrowAsync<UnreadableMessageException>(() => ReplyAsync(Headers(("reply-to", replyTo)), Reply("4"))))
            .Message.ShouldBe("The header 'reply-to' is no destination of the form replies.NAME@GATEWAY.");

    [Fact]
    public async Task What_a_request_names_in_place_of_an_id_is_not_repeated() =>
        await Should.ThrowAsync<UnreadableMessageException>(() => ReplyAsync(
            Headers(("reply-to", "replies.shop@shop"), ("correlation-id", new string('x', 10_000))), Reply("4")));

    [Fact]
    public async Task A_reply_has_no_id_of_the_applications_choice() =>
        await Should.ThrowAsync<ArgumentException>(() => ReplyAsync(
            Headers(("reply-to", "replies.shop@shop")),
            message => message.ReplyAsync(new byte[1], new EnqueueOptions { MessageId = _id }, Token)));

    private static Func<ReceivedMessage, ValueTask<ReplyOutcome>> Reply(string text) =>
        message => message.ReplyAsync(Encoding.UTF8.GetBytes(text), cancellationToken: Token);

    private static byte[] Headers(params (string Name, string Text)[] headers) =>
        HeadersJson.Write(headers.ToDictionary(header => header.Name, header => header.Text));

    /// <summary>Receives a request and replies.</summary>
    private static async Task<(ReplyOutcome Outcome, Request.Enqueue Sent)> ReplyAsync(
        byte[] headers, Func<ReceivedMessage, ValueTask<ReplyOutcome>> reply,
        Func<Request.Enqueue, IEnumerable<Reply>>? answer = null, string queue = "work")
    {
        using var gateway = new FakeGateway(request => request switch
        {
            Request.Receive receive => [new Reply.Delivery(receive.Subscription, new DeliveryToken(1), new DeliveredMessage(
                _id, 1, headers, 1, 0, "shop", new byte[1]))],
            Request.Enqueue enqueue when answer is not null => answer(enqueue),
            _ => FakeGateway.Obliging(request),
        });
        await using var client = new GatewayClient(new GatewayClientOptions { Address = gateway.Address });
        await foreach (var message in client.ReceiveAsync(queue, new ReceiveOptions { Prefetch = 1 }, Token))
            return (await reply(message), gateway.Requests.OfType<Request.Enqueue>().Single());
        throw new InvalidOperationException("Receiving ends only with an exception.");
    }
}
