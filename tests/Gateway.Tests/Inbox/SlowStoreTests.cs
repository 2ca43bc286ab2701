using Gateway.Client.Wire;
using Gateway.Management;
using Shouldly;
using Xunit;

namespace Gateway.Tests.Inbox;

/// <summary>
/// A store that takes its time, and consumers without a connection, whose leases and patience must not be spent on that; in virtual time.
/// </summary>
public sealed class SlowStoreTests
{
    private const string Consumer = "http/local";

    private static readonly RequestId _id = RequestId.FromNumber(1);

    private readonly InboxBench _bench = new();
    private readonly Receivers _receivers;
    private readonly List<Received> _answers = [];

    public SlowStoreTests() => _receivers = new Receivers(_bench.Inboxes, _bench.Clock);

    [Theory]
    [InlineData(31)]
    [InlineData(3600)]
    public void WhatTheStoreTakesForASettlement_IsNotTakenFromTheOtherLeases(int storeSeconds)
    {
        _bench.Enqueue("orders", "a", "b", "c");
        Receive(3);
        _bench.Store.Run();
        _receivers.Tick();
        var tokens = _answers.Single().Messages.Select(delivery => delivery.Token).ToList();

        foreach (var token in tokens)
        {
            Pass(TimeSpan.FromSeconds(29));
            var reply = Settle(new Request.Complete(_id, token));
            Pass(TimeSpan.FromSeconds(storeSeconds));
            _bench.Store.Run();
            reply().ShouldBeOfType<Reply.Settled>();
        }

        _bench.Waiting("orders").ShouldBe(0);
    }

    [Fact]
    public void WhenTheStoreHasAnswered_TheHoldersTimeRuns()
    {
        _bench.Enqueue("orders", "a", "b");
        Receive(2);
        _bench.Store.Run();
        _receivers.Tick();
        var tokens = _answers.Single().Messages.Select(delivery => delivery.Token).ToList();
        Settle(new Request.Complete(_id, tokens[0]));
        Pass(TimeSpan.FromSeconds(100));
        _bench.Store.Run();

        Pass(TimeSpan.FromSeconds(31));

        Settle(new Request.Complete(_id, tokens[1]))().ShouldBeOfType<Reply.Rejected>().Code.ShouldBe(WireCode.LeaseLost);
    }

    [Fact]
    public void WhoWaitsShorterThanTheStoreTakes_IsNotToldThatThereIsNothing()
    {
        _bench.Enqueue("orders", "a", "b");
        Receive(2);
        Pass(TimeSpan.FromSeconds(3));
        _receivers.Tick();
        _answers.ShouldBeEmpty("nobody knows yet");

        _bench.Store.Run();
        _receivers.Tick();

        _answers.Single().Messages.Count.ShouldBe(2);
    }

    [Fact]
    public void AStoreThatDoesNotAnswer_IsNotWaitedForWithoutEnd()
    {
        _bench.Enqueue("orders", "a");
        Receive(1);
        Pass(TimeSpan.FromSeconds(12));
        _receivers.Tick();

        _answers.Single().Messages.ShouldBeEmpty();
    }

    [Fact]
    public void AnEmptyQueue_IsAnsweredInTime()
    {
        Receive(1);
        _bench.Store.Run();
        Pass(TimeSpan.FromSeconds(1));
        _receivers.Tick();

        _answers.Single().Messages.ShouldBeEmpty();
    }

    private void Receive(int messages) =>
        _receivers.Receive(Consumer, "orders", messages, lease: null, TimeSpan.FromSeconds(1), _answers.Add);

    /// <summary>Gives what shows the reply, once there is one.</summary>
    private Func<Reply?> Settle(Request settle)
    {
        Reply? reply = null;
        _receivers.Settle(Consumer, settle, answer => reply = answer);
        return () => reply;
    }

    /// <summary>The store does nothing meanwhile.</summary>
    private void Pass(TimeSpan time)
    {
        _bench.Clock.Advance(_bench.Clock.Now + time);
        _bench.Inboxes.Tick();
    }
}
