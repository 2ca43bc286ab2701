using System.Text;
using Gateway.Client;
using Gateway.Client.Processing;
using Gateway.Client.Testing;
using Microsoft.Extensions.Time.Testing;
using Shouldly;
using Xunit;

namespace Gateway.Tests.Client.Testing;

/// <summary>What the contract does not say of the gateway in memory: the time that a test moves, and what it sees.</summary>
public sealed class InMemoryGatewayTests : IDisposable
{
    private static readonly DateTimeOffset _start = new(2030, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly FakeTimeProvider _time = new(_start);
    private readonly InMemoryGateway _gateway;

    public InMemoryGatewayTests() => _gateway = new InMemoryGateway(
        new InMemoryGatewayOptions
        {
            Name = "shop",
            Peers = { "billing", "archive" },
            Routes = { ["orders"] = ["orders@billing", "orders@archive"] },
            DeliveriesMax = 3,
            QueueMessagesMax = 100,
        },
        _time);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _gateway.Dispose();

    [Fact]
    public async Task EnqueueAsync_IsAnsweredBeforeItReturns()
    {
        await using var client = _gateway.CreateClient();

        var call = client.EnqueueAsync("orders@billing", Body("1"), cancellationToken: Token);

        call.IsCompletedSuccessfully.ShouldBeTrue();
        Texts(_gateway.MessagesIn("orders@billing")).ShouldBe(["1"]);
    }

    [Fact]
    public async Task Enqueued_HasEachMessageOnceAsItWasGiven()
    {
        await using var client = _gateway.CreateClient();
        var options = new EnqueueOptions { MessageId = MessageId.New(_start), Key = "ada", ExpiresAt = _start.AddHours(1) };

        await client.EnqueueAsync("orders", Body("1"), options, Token);
        await client.EnqueueAsync("orders", Body("1"), options, Token);

        var one = _gateway.Enqueued.ShouldHaveSingleItem();
        one.ShouldSatisfyAllConditions(
            () => one.Destination.ShouldBe("orders"),
            () => one.Id.ShouldBe(options.MessageId!.Value),
            () => Encoding.UTF8.GetString(one.Body.Span).ShouldBe("1"),
            () => one.Headers["key"].ShouldBe("ada"),
            () => one.EnqueuedAt.ShouldBe(_start),
            () => one.ExpiresAt.ShouldBe(_start.AddHours(1)));
        _gateway.MessagesIn("orders@billing").Count.ShouldBe(1);
        _gateway.MessagesIn("orders@archive").Count.ShouldBe(1);
    }

    [Fact]
    public async Task Lease_OverWithoutRenewal_TheMessageComesAgain()
    {
        await using var client = _gateway.CreateClient();
        await client.EnqueueAsync("work@shop", Body("1"), cancellationToken: Token);
        await using var messages = client.ReceiveAsync("work", new ReceiveOptions { LeaseRenewalMax = TimeSpan.Zero }, Token)
            .GetAsyncEnumerator(Token);
        await messages.MoveNextAsync();
        var first = messages.Current;
        var next = messages.MoveNextAsync();

        _time.Advance(TimeSpan.FromSeconds(29));
        next.IsCompleted.ShouldBeFalse();
        _time.Advance(TimeSpan.FromSeconds(1));

        (await next).ShouldBeTrue();
        messages.Current.Deliveries.ShouldBe(2);
        (await Should.ThrowAsync<GatewayException>(async () => await first.CompleteAsync(Token))).Reason.ShouldBe(GatewayError.LeaseLost);
    }

    [Theory]
    [InlineData(4, true)]
    [InlineData(6, false)]
    public async Task Lease_OfAHandlerAtWork_IsRenewedForFiveMinutes(int minutes, bool isHeld)
    {
        await using var client = _gateway.CreateClient();
        await client.EnqueueAsync("work@shop", Body("1"), cancellationToken: Token);
        await using var messages = client.ReceiveAsync("work", cancellationToken: Token).GetAsyncEnumerator(Token);
        await messages.MoveNextAsync();

        _time.Advance(TimeSpan.FromMinutes(minutes));

        messages.Current.IsHeld.ShouldBe(isHeld);
    }

    [Fact]
    public async Task AbandonAsync_TheMessageComesAgainWhenTheTestMovesTheTime_AlsoAfterARestart()
    {
        await using var client = _gateway.CreateClient();
        await client.EnqueueAsync("work@shop", Body("1"), cancellationToken: Token);
        await using var messages = client.ReceiveAsync("work", cancellationToken: Token).GetAsyncEnumerator(Token);
        await messages.MoveNextAsync();
        await messages.Current.AbandonAsync(TimeSpan.FromDays(100), Token);
        _gateway.Restart();
        var next = messages.MoveNextAsync();

        _time.Advance(TimeSpan.FromDays(99));
        next.IsCompleted.ShouldBeFalse();
        _time.Advance(TimeSpan.FromDays(1));

        (await next).ShouldBeTrue();
        messages.Current.Deliveries.ShouldBe(2);
    }

    [Fact]
    public async Task Time_MovedFarBeyondADelay_TheMessageIsHandedOutOnceAtTheEnd()
    {
        await using var client = _gateway.CreateClient();
        await client.EnqueueAsync("work@shop", Body("1"), cancellationToken: Token);
        await using var messages = client.ReceiveAsync("work", cancellationToken: Token).GetAsyncEnumerator(Token);
        await messages.MoveNextAsync();
        await messages.Current.AbandonAsync(TimeSpan.FromMinutes(1), Token);

        _time.Advance(TimeSpan.FromHours(1));

        await messages.MoveNextAsync();
        (messages.Current.Deliveries, messages.Current.IsHeld).ShouldBe((2, true));
    }

    [Fact]
    public async Task DeadLetters_HaveTheirReasons()
    {
        await using var client = _gateway.CreateClient();
        await client.EnqueueAsync("work@shop", Body("late"), new EnqueueOptions { ExpiresAt = _start.AddMinutes(1) }, Token);
        _time.Advance(TimeSpan.FromMinutes(1));
        await client.EnqueueAsync("work@shop", Body("bad"), cancellationToken: Token);
        await client.EnqueueAsync("work@shop", Body("never"), cancellationToken: Token);
        await using var messages = client.ReceiveAsync("work", cancellationToken: Token).GetAsyncEnumerator(Token);
        await messages.MoveNextAsync();
        await messages.Current.RejectAsync("no such order", Token);
        for (var delivery = 0; delivery < 3; delivery++)
        {
            await messages.MoveNextAsync();
            await messages.Current.AbandonAsync(cancellationToken: Token);
        }

        _gateway.DeadLetters.Select(dead => (dead.Queue, dead.Reason, Encoding.UTF8.GetString(dead.Message.Body.Span))).ShouldBe(
        [
            ("work", DeadLetterReason.Expired, "late"), ("work", DeadLetterReason.Rejected, "bad"),
            ("work", DeadLetterReason.TooManyDeliveries, "never"),
        ]);
        _gateway.DeadLetters[1].Text.ShouldBe("no such order");
        _gateway.MessagesIn("work").ShouldBeEmpty();
    }

    [Fact]
    public async Task Consumers_TakeTurns()
    {
        await using var first = _gateway.CreateClient();
        await using var second = _gateway.CreateClient();
        await using var one = first.ReceiveAsync("work", cancellationToken: Token).GetAsyncEnumerator(Token);
        await using var other = second.ReceiveAsync("work", cancellationToken: Token).GetAsyncEnumerator(Token);
        var (toOne, toOther) = (one.MoveNextAsync(), other.MoveNextAsync());

        foreach (var text in new[] { "1", "2" })
            await first.EnqueueAsync("work@shop", Body(text), cancellationToken: Token);

        (await toOne, await toOther).ShouldBe((true, true));
        Encoding.UTF8.GetString(one.Current.Body.Span).ShouldBe("1");
        Encoding.UTF8.GetString(other.Current.Body.Span).ShouldBe("2");
    }

    [Fact]
    public async Task Processor_RetriesInTheTimeOfTheTest()
    {
        await using var client = _gateway.CreateClient();
        await using var processor = client.CreateProcessor(
            "work", new GatewayProcessorOptions { AttemptsMax = 2, RetryDelay = TimeSpan.FromMinutes(5) }, time: _time);
        var failed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        processor.ProcessMessageAsync += _ => throw new InvalidOperationException("no stock");
        processor.ProcessErrorAsync += _ =>
        {
            failed.TrySetResult();
            return Task.CompletedTask;
        };
        await processor.StartProcessingAsync(Token);
        await client.EnqueueAsync("work@shop", Body("1"), cancellationToken: Token);
        await failed.Task.WaitAsync(Token);

        _time.Advance(TimeSpan.FromMinutes(5));
        await _gateway.WhenEmptyAsync("work", Token);

        _gateway.DeadLetters.ShouldHaveSingleItem().Text.ShouldBe("System.InvalidOperationException: no stock");
    }

    [Fact]
    public async Task SetLink_IsToldWhoHasSentThere()
    {
        await using var client = _gateway.CreateClient();
        var told = new List<PeerInfo>();
        client.PeerStateChanged += (_, news) => told.Add(news.Peer);
        await client.EnqueueAsync("orders@billing", Body("1"), cancellationToken: Token);

        var down = new PeerInfo("billing", false, "Refused", "nobody listens");
        _gateway.SetLink(down);
        _gateway.SetLink(new PeerInfo("archive", false, "Refused", ""));

        told.ShouldBe([new PeerInfo("billing", true, "", ""), down]);
        (await client.GetQueueAsync("orders@billing", Token)).Peer.ShouldBe(down);
    }

    [Fact]
    public void Options_AllFaultsAreNamed()
    {
        var options = new InMemoryGatewayOptions
        {
            Name = "a b",
            Peers = { "far", "far" },
            Routes = { ["orders"] = ["orders@nobody"] },
            Lease = TimeSpan.Zero,
            DeliveriesMax = 0,
        };

        var fault = Should.Throw<ArgumentException>(() => new InMemoryGateway(options));

        foreach (var what in new[] { "'a b'", "'far'", "'orders@nobody'", "Lease", "DeliveriesMax" })
            fault.Message.ShouldContain(what);
    }

    [Fact]
    public async Task Dispose_ClosesTheClients()
    {
        var client = _gateway.CreateClient();

        _gateway.Dispose();

        var fault = await Should.ThrowAsync<GatewayException>(async () => await client.GetGatewayAsync(Token));
        fault.Reason.ShouldBe(GatewayError.Disposed);
    }

    private static byte[] Body(string text) => Encoding.UTF8.GetBytes(text);

    private static IEnumerable<string> Texts(IEnumerable<BrowsedMessage> messages) =>
        messages.Select(message => Encoding.UTF8.GetString(message.Body.Span));
}
