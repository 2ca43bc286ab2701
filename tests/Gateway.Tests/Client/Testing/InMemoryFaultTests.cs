using Gateway.Client;
using Gateway.Client.Testing;
using Microsoft.Extensions.Time.Testing;
using Shouldly;
using Xunit;

namespace Gateway.Tests.Client.Testing;

/// <summary>The faults that a test wants of the gateway in memory, and what a client makes of them.</summary>
public sealed class InMemoryFaultTests : IAsyncLifetime
{
    private readonly FakeTimeProvider _time = new();
    private readonly InMemoryGateway _gateway;
    private readonly GatewayClient _client;

    public InMemoryFaultTests()
    {
        _gateway = new InMemoryGateway(new InMemoryGatewayOptions { QueueMessagesMax = 2 }, _time);
        _client = _gateway.CreateClient();
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync() => default;

    public async ValueTask DisposeAsync()
    {
        await _client.DisposeAsync();
        _gateway.Dispose();
    }

    [Fact]
    public async Task Busy_TheClientRepeatsByItself()
    {
        _gateway.FailNextEnqueue(EnqueueFault.Busy, times: 2);

        var call = EnqueueAsync();
        call.IsCompleted.ShouldBeFalse();
        _time.Advance(TimeSpan.FromSeconds(1));
        _time.Advance(TimeSpan.FromSeconds(1));

        await call;
        InQueue.ShouldBe(1);
    }

    [Fact]
    public async Task StoreFull_FailsOnce()
    {
        _gateway.FailNextEnqueue(EnqueueFault.StoreFull);

        (await FailureAsync(EnqueueAsync())).Reason.ShouldBe(GatewayError.StoreFull);

        await EnqueueAsync();
        InQueue.ShouldBe(1);
    }

    [Theory]
    [InlineData(EnqueueFault.RequestLost, 0)]
    [InlineData(EnqueueFault.AnswerLost, 1)]
    public async Task NoAnswer_TheCallIsPossiblyAccepted_AndIsSafelyRepeated(EnqueueFault fault, int accepted)
    {
        _gateway.FailNextEnqueue(fault);

        var call = EnqueueAsync();
        _time.Advance(TimeSpan.FromSeconds(29));
        call.IsCompleted.ShouldBeFalse();
        _time.Advance(TimeSpan.FromSeconds(1));

        var failure = await FailureAsync(call);
        failure.Reason.ShouldBe(GatewayError.PossiblyAccepted);
        InQueue.ShouldBe(accepted);
        await EnqueueAsync(failure.MessageIds.Single());
        InQueue.ShouldBe(1);
    }

    [Fact]
    public async Task ConnectionLost_TheClientRepeatsAndItIsAcceptedOnce()
    {
        _gateway.FailNextEnqueue(EnqueueFault.ConnectionLost);

        var call = EnqueueAsync();
        call.IsCompleted.ShouldBeFalse();
        InQueue.ShouldBe(1);
        _time.Advance(TimeSpan.FromSeconds(1));

        await call;
        InQueue.ShouldBe(1);
    }

    [Fact]
    public async Task Stop_CallsWaitUntilItIsStarted()
    {
        _gateway.Stop();

        var call = EnqueueAsync();
        _time.Advance(TimeSpan.FromSeconds(10));
        call.IsCompleted.ShouldBeFalse();
        _gateway.Start();
        _time.Advance(TimeSpan.FromSeconds(1));

        await call;
        InQueue.ShouldBe(1);
    }

    [Fact]
    public async Task Stop_ForLongerThanACallMayTake_ItIsUnavailable()
    {
        _gateway.Stop();

        var call = EnqueueAsync();
        _time.Advance(TimeSpan.FromSeconds(30));

        (await FailureAsync(call)).Reason.ShouldBe(GatewayError.Unavailable);
    }

    [Fact]
    public async Task Freeze_OneThatWasFrozenGoesOnWithWhatReachedIt()
    {
        _gateway.Freeze();

        var call = EnqueueAsync();
        _time.Advance(TimeSpan.FromSeconds(2));
        call.IsCompleted.ShouldBeFalse();
        InQueue.ShouldBe(0);
        _gateway.Thaw();

        await call;
        InQueue.ShouldBe(1);
    }

    [Fact]
    public async Task Freeze_ThenStop_NobodyIsConnected()
    {
        _gateway.Freeze();
        await using var other = _gateway.CreateClient();
        _gateway.Restart();
        _time.Advance(TimeSpan.FromSeconds(1));

        (await other.GetGatewayAsync(Token)).IsReady.ShouldBeTrue();
    }

    [Fact]
    public async Task BreakConnections_WhatWasHeldComesAgain()
    {
        await EnqueueAsync();
        await using var messages = _client.ReceiveAsync("q", cancellationToken: Token).GetAsyncEnumerator(Token);
        await messages.MoveNextAsync();
        var held = messages.Current;

        _gateway.BreakConnections();
        held.IsHeld.ShouldBeFalse();
        var next = messages.MoveNextAsync();
        _time.Advance(TimeSpan.FromSeconds(1));

        (await next).ShouldBeTrue();
        messages.Current.Deliveries.ShouldBe(2);
    }

    [Fact]
    public async Task Restart_KeepsMessagesAndIds()
    {
        var id = MessageId.New(_time.GetUtcNow());
        await EnqueueAsync(id);

        _gateway.Restart();
        var call = EnqueueAsync(id);
        _time.Advance(TimeSpan.FromSeconds(1));

        await call;
        InQueue.ShouldBe(1);
    }

    [Fact]
    public async Task Obstacle_IsToldAndNothingIsAccepted()
    {
        _gateway.Obstacle = "the disk is full";

        (await FailureAsync(EnqueueAsync())).Reason.ShouldBe(GatewayError.StoreFull);
        (await _client.GetGatewayAsync(Token)).ShouldBe(new GatewayInfo("local", false, "the disk is full"));
    }

    [Fact]
    public async Task QueueMessagesMax_MoreAreRefused()
    {
        await EnqueueAsync();
        await EnqueueAsync();

        (await FailureAsync(EnqueueAsync())).Reason.ShouldBe(GatewayError.StoreFull);
    }

    private int InQueue => _gateway.MessagesIn("q").Count;

    private Task<EnqueueReceipt> EnqueueAsync(MessageId? id = null) =>
        _client.EnqueueAsync("q@local", new byte[] { 1 }, new EnqueueOptions { MessageId = id }, Token).AsTask();

    private static Task<GatewayException> FailureAsync(Task call) => Should.ThrowAsync<GatewayException>(() => call);
}
