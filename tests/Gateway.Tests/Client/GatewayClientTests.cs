using System.Text;
using Gateway.Client;
using Gateway.Client.Wire;
using NetMQ;
using NetMQ.Sockets;
using Shouldly;
using Xunit;
using static Gateway.Tests.Crash.ProcessTest;

namespace Gateway.Tests.Client;

public sealed class GatewayClientTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task EnqueueAsync_ObligingGateway_GivesTheReceiptOfItsOwnId()
    {
        using var gateway = new FakeGateway(FakeGateway.Obliging);
        await using var client = new GatewayClient(Options(gateway.Address));
        var given = MessageId.New(DateTimeOffset.UnixEpoch);
        var options = new EnqueueOptions
        {
            MessageId = given,
            Headers = new Dictionary<string, string> { ["kind"] = "größe" },
            ExpiresAt = DateTimeOffset.FromUnixTimeMilliseconds(1_700_000_000_000),
        };

        var receipt = await client.EnqueueAsync("orders@billing", "hi"u8.ToArray(), options, Token);

        receipt.MessageId.ShouldBe(given);
        var sent = gateway.Requests.OfType<Request.Enqueue>().ShouldHaveSingleItem();
        sent.Destination.ShouldBe("orders@billing");
        sent.Items[0].ExpiresUnixMs.ShouldBe(1_700_000_000_000);
        sent.Items[0].Body.ToArray().ShouldBe("hi"u8.ToArray());
        HeadersJson.TryRead(sent.Items[0].Headers, out var headers).ShouldBeTrue();
        headers.ShouldBe(options.Headers);
    }

    [Fact]
    public async Task EnqueueAsync_AKey_TravelsAsAHeader()
    {
        using var gateway = new FakeGateway(FakeGateway.Obliging);
        await using var client = new GatewayClient(Options(gateway.Address));
        var headers = new Dictionary<string, string> { ["kind"] = "x" };

        await client.EnqueueAsync("q", "hi"u8.ToArray(), new EnqueueOptions { Key = "7", Headers = headers }, Token);

        HeadersJson.TryRead(gateway.Requests.OfType<Request.Enqueue>().Single().Items[0].Headers, out var sent).ShouldBeTrue();
        sent.ShouldBe(new Dictionary<string, string> { ["kind"] = "x", ["key"] = "7" }, ignoreOrder: true);
        headers.Count.ShouldBe(1);
        foreach (var wrong in new[] { new EnqueueOptions { Key = "" }, new EnqueueOptions { Key = "7", Headers = Other } })
            await Should.ThrowAsync<ArgumentException>(async () => await client.EnqueueAsync("q", "hi"u8.ToArray(), wrong, Token));
    }

    private static Dictionary<string, string> Other => new() { ["key"] = "8" };

    [Fact]
    public async Task EnqueueAsync_ManyPipelined_EachIsAcceptedOnce()
    {
        const int Count = 20_000;
        using var gateway = new FakeGateway(FakeGateway.Obliging);
        await using var client = new GatewayClient(Options(gateway.Address, o => o.PendingRequestsMax = 500));

        var receipts = await Task.WhenAll(
            Enumerable.Range(0, Count).Select(i => client.EnqueueAsync("q", BitConverter.GetBytes(i), null, Token).AsTask()));

        receipts.Select(receipt => receipt.MessageId).Distinct().Count().ShouldBe(Count);
        gateway.Requests.OfType<Request.Enqueue>().Select(e => BitConverter.ToInt32(e.Items[0].Body.Span)).Distinct().Count()
            .ShouldBe(Count);
    }

    [Fact]
    public async Task EnqueueAsync_Batch_IsOneRequest()
    {
        using var gateway = new FakeGateway(FakeGateway.Obliging);
        await using var client = new GatewayClient(Options(gateway.Address));
        OutgoingMessage[] messages = [new() { Body = "a"u8.ToArray() }, new() { Body = "b"u8.ToArray() }];

        var receipts = await client.EnqueueAsync("q", messages, Token);

        var sent = gateway.Requests.OfType<Request.Enqueue>().ShouldHaveSingleItem();
        sent.Items.Select(item => item.Id).ShouldBe(receipts.Select(receipt => (MessageId?)receipt.MessageId));
    }

    [Fact]
    public async Task EnqueueAsync_GatewayKilledAndBoundAgain_IsRepeatedWithTheSameId()
    {
        var first = new FakeGateway(FakeGateway.Mute);
        await using var client = new GatewayClient(Options(first.Address));
        var calls = Enumerable.Range(0, 10).Select(i => client.EnqueueAsync("q", new[] { (byte)i }, null, Token).AsTask()).ToArray();
        await UntilAsync("the gateway has the requests", () => first.Requests.OfType<Request.Enqueue>().Count() == calls.Length);

        first.Dispose();
        using var second = await FakeGateway.BindAgainAsync(FakeGateway.Obliging, first.Port, Token);
        await Task.WhenAll(calls);

        var before = first.Requests.OfType<Request.Enqueue>().ToArray();
        var after = second.Requests.OfType<Request.Enqueue>().ToArray();
        after.Select(e => e.Items[0].Id).ShouldBe(before.Select(e => e.Items[0].Id));
        second.Requests.First().ShouldBeOfType<Request.Hello>();
    }

    [Fact]
    public async Task EnqueueAsync_GatewayComesLater_Waits()
    {
        var port = FreePort();
        await using var client = new GatewayClient(Options($"tcp://127.0.0.1:{port}"));

        var call = client.EnqueueAsync("q", "hi"u8.ToArray(), null, Token).AsTask();
        call.IsCompleted.ShouldBeFalse();
        using var gateway = await FakeGateway.BindAgainAsync(FakeGateway.Obliging, port, Token);

        await call;
    }

    [Fact]
    public async Task EnqueueAsync_NoGateway_IsUnavailableAndTransient()
    {
        await using var client = new GatewayClient(
            Options($"tcp://127.0.0.1:{FreePort()}", o => o.RequestTimeout = TimeSpan.FromMilliseconds(150)));

        var failure = await Should.ThrowAsync<GatewayException>(async () => await client.EnqueueAsync("q", default, null, Token));

        failure.Reason.ShouldBe(GatewayError.Unavailable);
        failure.IsTransient.ShouldBeTrue();
    }

    [Fact]
    public async Task EnqueueAsync_NoAnswer_IsPossiblyAcceptedWithItsId()
    {
        using var gateway = new FakeGateway(FakeGateway.Mute);
        await using var client = new GatewayClient(Options(gateway.Address, o => o.RequestTimeout = TimeSpan.FromMilliseconds(500)));
        var given = MessageId.New(DateTimeOffset.UnixEpoch);

        var failure = await Should.ThrowAsync<GatewayException>(
            async () => await client.EnqueueAsync("q", default, new EnqueueOptions { MessageId = given }, Token));

        failure.Reason.ShouldBe(GatewayError.PossiblyAccepted);
        failure.MessageIds.ShouldBe([given]);
    }

    [Fact]
    public async Task EnqueueAsync_Cancelled_Throws()
    {
        using var gateway = new FakeGateway(FakeGateway.Mute);
        await using var client = new GatewayClient(Options(gateway.Address));
        using var cancellation = new CancellationTokenSource();
        var call = client.EnqueueAsync("q", default, null, cancellation.Token).AsTask();
        await UntilAsync("the gateway has the requests", () => gateway.Requests.OfType<Request.Enqueue>().Any());

        await cancellation.CancelAsync();

        await Should.ThrowAsync<OperationCanceledException>(call);
    }

    [Fact]
    public async Task DisposeAsync_PendingCallAndReceive_FailWithDisposedAndByeIsSaid()
    {
        using var gateway = new FakeGateway(FakeGateway.Mute);
        var client = new GatewayClient(Options(gateway.Address));
        var call = client.EnqueueAsync("q", default, null, Token).AsTask();
        var receive = client.ReceiveAsync("q", null, Token).GetAsyncEnumerator(Token);
        var next = receive.MoveNextAsync().AsTask();
        await UntilAsync("the gateway has the requests", () =>
            gateway.Requests.OfType<Request.Enqueue>().Any() && gateway.Requests.OfType<Request.Receive>().Any());

        await client.DisposeAsync();
        await client.DisposeAsync();

        (await Should.ThrowAsync<GatewayException>(call)).Reason.ShouldBe(GatewayError.Disposed);
        (await Should.ThrowAsync<GatewayException>(next)).Reason.ShouldBe(GatewayError.Disposed);
        (await Should.ThrowAsync<GatewayException>(async () => await client.GetGatewayAsync(Token))).Reason.ShouldBe(GatewayError.Disposed);
        await UntilAsync("the gateway has the requests", () => gateway.Requests.OfType<Request.Bye>().Any());
    }

    [Fact]
    public async Task ReceiveAsync_MessagesComeAndGo_EachIsSettledByItsToken()
    {
        using var gateway = new FakeGateway(new Deliverer(5).Answer);
        await using var client = new GatewayClient(Options(gateway.Address));
        var bodies = new List<string>();

        await foreach (var message in client.ReceiveAsync("q", new ReceiveOptions { Prefetch = 2 }, Token))
        {
            bodies.Add(Encoding.UTF8.GetString(message.Body.Span));
            await message.CompleteAsync(Token);
            if (bodies.Count == 5)
                break;
        }

        bodies.ShouldBe(["1", "2", "3", "4", "5"]);
        gateway.Requests.OfType<Request.Complete>().Select(r => r.Token.Value).ShouldBe([1, 2, 3, 4, 5]);
        await UntilAsync("the gateway has the requests", () => gateway.Requests.OfType<Request.Stop>().Any());
    }

    [Fact]
    public async Task CompleteAsync_GatewayRestartedSince_IsLeaseLost()
    {
        var first = new FakeGateway(new Deliverer(1).Answer);
        await using var client = new GatewayClient(Options(first.Address));
        await using var messages = client.ReceiveAsync("q", null, Token).GetAsyncEnumerator(Token);
        (await messages.MoveNextAsync()).ShouldBeTrue();
        var held = messages.Current;

        first.Dispose();
        using var second = await FakeGateway.BindAgainAsync(new Deliverer(1).Answer, first.Port, Token);
        (await messages.MoveNextAsync()).ShouldBeTrue();
        var failure = await Should.ThrowAsync<GatewayException>(async () => await held.CompleteAsync(Token));
        await messages.Current.CompleteAsync(Token);

        failure.Reason.ShouldBe(GatewayError.LeaseLost);
        second.Requests.OfType<Request.Complete>().Count().ShouldBe(1);
    }

    [Fact]
    public async Task ReceiveAsync_ThousandsInOneFrame_AllComeAtOnce()
    {
        const int messages = 3_000;
        using var gateway = new FakeGateway(request => request is Request.Receive { Credit: messages } receive
            ? Enumerable.Range(1, messages).Select(number => new Reply.Delivery(
                receive.Subscription, new DeliveryToken(number), new DeliveredMessage(
                    MessageId.New(DateTimeOffset.UnixEpoch), 1, default, 0, 0, "fake", Encoding.UTF8.GetBytes($"{number}"))))
            : []);
        await using var client = new GatewayClient(Options(gateway.Address));

        var bodies = new List<string>();
        await foreach (var message in client.ReceiveAsync("orders", new ReceiveOptions { Prefetch = messages }, Token))
        {
            bodies.Add(Encoding.UTF8.GetString(message.Body.Span));
            if (bodies.Count == messages) break;
        }

        bodies.ShouldBe(Enumerable.Range(1, messages).Select(number => $"{number}"));
    }

    [Fact]
    public async Task ReceiveAsync_Cancelled_ThrowsAndGivesBackWhatWasFetched()
    {
        using var gateway = new FakeGateway(new Deliverer(4).Answer);
        await using var client = new GatewayClient(Options(gateway.Address));
        using var cancellation = new CancellationTokenSource();
        var messages = client.ReceiveAsync("q", new ReceiveOptions { Prefetch = 10 }, CancellationToken.None)
            .GetAsyncEnumerator(cancellation.Token);
        (await messages.MoveNextAsync()).ShouldBeTrue();

        await cancellation.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(async () => await messages.MoveNextAsync());

        await UntilAsync("the gateway has the requests", () => gateway.Requests.OfType<Request.Release>().Count() == 3);
        gateway.Requests.OfType<Request.Release>().Select(r => r.Token.Value).Order().ShouldBe([2, 3, 4]);
    }

    [Fact]
    public async Task ReceiveAsync_QueueRefused_ThrowsTheReason()
    {
        using var gateway = new FakeGateway(request => request is Request.Receive r
            ? [new Reply.Rejected(r.Subscription, WireCode.BadDestination, "no such name")]
            : FakeGateway.Obliging(request));
        await using var client = new GatewayClient(Options(gateway.Address));
        await using var messages = client.ReceiveAsync("q", null, Token).GetAsyncEnumerator(Token);

        var failure = await Should.ThrowAsync<GatewayException>(async () => await messages.MoveNextAsync());

        failure.Reason.ShouldBe(GatewayError.BadDestination);
        failure.Message.ShouldContain("no such name");
    }

    [Fact]
    public async Task GetGatewayAsync_AndPeekAsync_GiveWhatTheGatewaySays()
    {
        var id = MessageId.New(DateTimeOffset.UnixEpoch);
        using var gateway = new FakeGateway(request => request is Request.Peek r
            ? [new Reply.Peeked(
                r.Id, [new PeekedMessage(9, new DeliveredMessage(id, 0, "{\"a\":\"b\"}"u8.ToArray(), 5, 0, "alpha", "x"u8.ToArray()))])]
            : FakeGateway.Obliging(request));
        await using var client = new GatewayClient(Options(gateway.Address));

        (await client.GetGatewayAsync(Token)).ShouldBe(new GatewayInfo("fake", IsReady: true, ""));
        var browsed = (await client.PeekAsync("q", 8, 1, Token)).ShouldHaveSingleItem();

        browsed.Number.ShouldBe(9);
        browsed.Id.ShouldBe(id);
        browsed.Headers["a"].ShouldBe("b");
        browsed.ExpiresAt.ShouldBeNull();
        browsed.EnqueuedAt.ToUnixTimeMilliseconds().ShouldBe(5);
    }

    [Fact]
    public async Task SilentListener_IsGivenUpAndTriedAgain()
    {
        using var router = new RouterSocket();
        var port = router.BindRandomPort("tcp://127.0.0.1");
        await using var client = new GatewayClient(Options($"tcp://127.0.0.1:{port}", o =>
        {
            o.HeartbeatInterval = TimeSpan.FromMilliseconds(100);
            o.DeadAfter = TimeSpan.FromMilliseconds(200);
        }));

        var identities = new HashSet<string>();
        while (identities.Count < 2)
        {
            var message = new NetMQMessage();
            router.TryReceiveMultipartMessage(TimeSpan.FromSeconds(10), ref message).ShouldBeTrue();
            message[1].ConvertToString().ShouldBe("HELLO");
            identities.Add(Convert.ToHexString(message[0].ToByteArray()));
        }
    }

    private static GatewayClientOptions Options(string address, Action<GatewayClientOptions>? change = null)
    {
        var options = new GatewayClientOptions { Address = address };
        change?.Invoke(options);
        return options;
    }

    private static int FreePort()
    {
        using var socket = new RouterSocket();
        return socket.BindRandomPort("tcp://127.0.0.1");
    }

    /// <summary>A queue of numbered messages, given out against credit.</summary>
    private sealed class Deliverer(int count)
    {
        private int _last;
        private int _credit;

        public IEnumerable<Reply> Answer(Request request)
        {
            if (request is not Request.Receive receive)
                return FakeGateway.Obliging(request);
            _credit += receive.Credit;
            var replies = new List<Reply>();
            for (; _credit > 0 && _last < count; _credit--)
            {
                _last++;
                var body = Encoding.UTF8.GetBytes(_last.ToString(System.Globalization.CultureInfo.InvariantCulture));
                var message = new DeliveredMessage(MessageId.New(DateTimeOffset.UnixEpoch), 1, default, 1, 0, "fake", body);
                replies.Add(new Reply.Delivery(receive.Subscription, new DeliveryToken(_last), message));
            }

            return replies;
        }
    }
}
