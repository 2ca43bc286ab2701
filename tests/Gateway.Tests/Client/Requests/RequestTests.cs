using System.Text;
using Gateway.Client;
using Gateway.Client.Requests;
using Gateway.Client.Wire;
using Shouldly;
using Xunit;

namespace Gateway.Tests.Client.Requests;

/// <summary>The requester's side, towards a gateway that answers as a test says.</summary>
public sealed class RequestTests
{
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan _short = TimeSpan.FromMilliseconds(200);
    private static readonly byte[] _body = Encoding.UTF8.GetBytes("2 + 2");

    private readonly FakeReplier _replier = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_request_says_where_its_reply_goes_and_when_it_expires_and_has_its_reply()
    {
        using var gateway = new FakeGateway(_replier.Answer);
        await using var client = NewClient(gateway);
        var before = TimeProvider.System.GetUtcNow();
        var options = new EnqueueOptions { Headers = new Dictionary<string, string> { ["kind"] = "sum" } };

        var reply = await client.RequestAsync("work@far", _body, _patience, options, Token);

        var sent = Sent(gateway, "work@far").Single();
        HeadersJson.TryRead(sent.Headers, out var headers).ShouldBeTrue();
        headers.ShouldBe(
            new Dictionary<string, string> { ["kind"] = "sum", ["reply-to"] = "replies.shop@fake", ["correlation-id"] = $"{sent.Id}" },
            ignoreOrder: true);
        DateTimeOffset.FromUnixTimeMilliseconds(sent.ExpiresUnixMs).ShouldBeInRange(
            before + _patience - TimeSpan.FromMilliseconds(1), TimeProvider.System.GetUtcNow() + _patience);
        options.Headers.Count.ShouldBe(1);
        reply.RequestId.ShouldBe(sent.Id!.Value);
        reply.Body.ToArray().ShouldBe(_body);
        reply.Source.ShouldBe("far");
        await IsTrueAsync(() => _replier.Completed.Contains(reply.MessageId));
        Sent(gateway, "replies.shop.late@fake").ShouldBeEmpty();
    }

    [Fact]
    public async Task A_typed_request_has_a_typed_reply()
    {
        using var gateway = new FakeGateway(_replier.Answer);
        await using var client = NewClient(gateway);

        var sum = await client.RequestAsync<int[], long[]>("work@far", [2, 3], _patience, cancellationToken: Token);

        sum.ShouldBe([2L, 3L]);
        HeadersJson.Find(Sent(gateway, "work@far").Single().Headers.Span, "content-type").ShouldBe("application/json");
    }

    [Fact]
    public async Task Requests_share_one_subscription_and_each_has_its_own_reply()
    {
        using var gateway = new FakeGateway(_replier.Answer);
        await using var client = NewClient(gateway);

        var replies = await Task.WhenAll(Enumerable.Range(0, 50).Select(number =>
            client.RequestAsync("work@far", BitConverter.GetBytes(number), _patience, cancellationToken: Token).AsTask()));

        replies.Select(reply => BitConverter.ToInt32(reply.Body.Span)).ShouldBe(Enumerable.Range(0, 50));
        gateway.Requests.OfType<Request.Receive>().Select(receive => receive.Subscription).Distinct().Count().ShouldBe(1);
    }

    [Fact]
    public async Task Without_a_reply_in_time_it_fails_with_NoReply_and_its_id()
    {
        _replier.Replies = _ => [];
        using var gateway = new FakeGateway(_replier.Answer);
        await using var client = NewClient(gateway);

        var failure = await Should.ThrowAsync<GatewayException>(
            () => client.RequestAsync("work@far", _body, _short, cancellationToken: Token).AsTask());

        failure.Reason.ShouldBe(GatewayError.NoReply);
        failure.IsTransient.ShouldBeTrue();
        failure.MessageIds.ShouldBe([Sent(gateway, "work@far").Single().Id!.Value]);
        failure.Message.ShouldContain("'replies.shop.late'");
    }

    [Fact]
    public async Task Without_a_gateway_it_fails_with_NoReply_when_its_time_is_over()
    {
        await using var client = new GatewayClient(
            new GatewayClientOptions { Address = "tcp://127.0.0.1:1", RequestTimeout = TimeSpan.FromMilliseconds(20) });

        (await Should.ThrowAsync<GatewayException>(
            () => client.RequestAsync("work@far", _body, _short, cancellationToken: Token).AsTask())).Reason.ShouldBe(GatewayError.NoReply);
    }

    [Fact]
    public async Task A_reply_after_the_time_or_to_nobody_is_kept_before_it_is_completed()
    {
        var late = new List<DeliveredMessage>();
        _replier.Replies = item =>
        {
            late.AddRange([FakeReplier.ReplyTo(item, $"{MessageId.New(DateTimeOffset.UnixEpoch)}"), FakeReplier.ReplyTo(item)]);
            return late;
        };
        using var gateway = new FakeGateway(_replier.Answer);
        await using var client = NewClient(gateway);

        await client.RequestAsync("work@far", _body, _patience, cancellationToken: Token);

        await IsTrueAsync(() => _replier.Completed.Count == 2);
        var kept = Sent(gateway, "replies.shop.late@fake").Single();
        kept.Body.ToArray().ShouldBe(_body);
        kept.Headers.ToArray().ShouldBe(late[0].Headers.ToArray());
        kept.ExpiresUnixMs.ShouldBe(late[0].EnqueuedUnixMs + (long)RequestReply.ReplyLifetime.TotalMilliseconds);
        kept.Id.ShouldNotBe(late[0].Id);
        var requests = gateway.Requests.ToList();
        requests.FindIndex(request => request is Request.Enqueue { Destination: "replies.shop.late@fake" })
            .ShouldBeLessThan(requests.FindLastIndex(request => request is Request.Complete));
    }

    [Fact]
    public async Task A_reply_that_comes_again_since_it_could_not_be_completed_is_not_late()
    {
        _replier.LosesLease = true;
        using var gateway = new FakeGateway(_replier.Answer);
        await using var client = NewClient(gateway);

        var reply = await client.RequestAsync("work@far", _body, _patience, cancellationToken: Token);

        await IsTrueAsync(() => _replier.Completed.Contains(reply.MessageId));
        Sent(gateway, "replies.shop.late@fake").ShouldBeEmpty();
    }

    [Theory]
    [InlineData("")]
    [InlineData("no id")]
    public async Task What_is_no_reply_is_rejected(string correlation)
    {
        _replier.Replies = item => [FakeReplier.ReplyTo(item, correlation), FakeReplier.ReplyTo(item)];
        using var gateway = new FakeGateway(_replier.Answer);
        await using var client = NewClient(gateway);

        await client.RequestAsync("work@far", _body, _patience, cancellationToken: Token);

        await IsTrueAsync(() => _replier.Rejected.Count == 1);
        _replier.Rejected.Single().ShouldBe("It is no reply: it has no header 'correlation-id' with the id of a request.");
    }

    [Fact]
    public async Task Without_the_right_to_receive_the_reply_nothing_is_sent()
    {
        using var gateway = new FakeGateway(request => request is Request.Depth depth
            ? [new Reply.Rejected(depth.Id, WireCode.NotAuthorised, "lacks the right Receive from 'replies.shop'")]
            : _replier.Answer(request));
        await using var client = NewClient(gateway);

        (await Should.ThrowAsync<GatewayException>(() => client.RequestAsync("work@far", _body, _patience, cancellationToken: Token)
            .AsTask())).Reason.ShouldBe(GatewayError.NotAuthorised);

        Sent(gateway, "work@far").ShouldBeEmpty();
    }

    [Fact]
    public async Task When_the_gateway_refuses_the_reply_queue_those_that_wait_are_told()
    {
        _replier.Replies = _ => [];
        using var gateway = new FakeGateway(request => request is Request.Receive receive
            ? [new Reply.Rejected(receive.Subscription, WireCode.TooManySubscriptions, "64")]
            : _replier.Answer(request));
        await using var client = NewClient(gateway);

        // The refusal may come before the first request waits; the receiver asks again and is refused again.
        var failure = await Should.ThrowAsync<GatewayException>(
            () => client.RequestAsync("work@far", _body, _patience, cancellationToken: Token).AsTask());

        failure.Reason.ShouldBe(GatewayError.TooManySubscriptions);
    }

    [Fact]
    public async Task It_can_be_cancelled_and_ends_with_its_client()
    {
        _replier.Replies = _ => [];
        using var gateway = new FakeGateway(_replier.Answer);
        var client = NewClient(gateway);
        using var cancellation = CancellationTokenSource.CreateLinkedTokenSource(Token);
        var cancelled = client.RequestAsync("work@far", _body, _patience, cancellationToken: cancellation.Token).AsTask();
        var waiting = client.RequestAsync("work@far", _body, _patience, cancellationToken: Token).AsTask();
        await IsTrueAsync(() => Sent(gateway, "work@far").Count == 2);

        await cancellation.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(() => cancelled);
        await client.DisposeAsync();

        (await Should.ThrowAsync<GatewayException>(() => waiting)).Reason.ShouldBe(GatewayError.Disposed);
        (await Should.ThrowAsync<GatewayException>(() => client.RequestAsync("work@far", _body, _patience, cancellationToken: Token)
            .AsTask())).Reason.ShouldBe(GatewayError.Disposed);
    }

    [Fact]
    public async Task An_id_waits_for_one_reply_at_a_time()
    {
        _replier.Replies = _ => [];
        using var gateway = new FakeGateway(_replier.Answer);
        await using var client = NewClient(gateway);
        var options = new EnqueueOptions { MessageId = MessageId.New(DateTimeOffset.UnixEpoch) };
        var first = client.RequestAsync("work@far", _body, TimeSpan.FromSeconds(1), options, Token).AsTask();

        await Should.ThrowAsync<InvalidOperationException>(
            () => client.RequestAsync("work@far", _body, _patience, options, Token).AsTask());

        await Should.ThrowAsync<GatewayException>(() => first);
        _replier.Replies = item => [FakeReplier.ReplyTo(item)];
        (await client.RequestAsync("work@far", _body, _patience, options, Token)).RequestId.ShouldBe(options.MessageId!.Value);
    }

    [Fact]
    public async Task A_timeout_is_within_its_bounds()
    {
        await using var client = new GatewayClient(new GatewayClientOptions());

        foreach (var timeout in new[] { TimeSpan.Zero, TimeSpan.FromDays(8), Timeout.InfiniteTimeSpan })
        {
            await Should.ThrowAsync<ArgumentOutOfRangeException>(
                () => client.RequestAsync("work@far", _body, timeout, cancellationToken: Token).AsTask());
        }
    }

    private static GatewayClient NewClient(FakeGateway gateway) =>
        new(new GatewayClientOptions { Address = gateway.Address, ReplyQueue = "replies.shop" });

    private static List<EnqueueItem> Sent(FakeGateway gateway, string destination) =>
        [.. gateway.Requests.OfType<Request.Enqueue>().Where(sent => sent.Destination == destination).SelectMany(sent => sent.Items)];

    private static async Task IsTrueAsync(Func<bool> holds)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(5));
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Token);
        limit.CancelAfter(_patience);
        while (!holds())
            await timer.WaitForNextTickAsync(limit.Token);
    }
}
