using Gateway.Client.Wire;
using Gateway.Management;
using Gateway.Store.Messages;
using Shouldly;
using Xunit;

namespace Gateway.Tests.Inbox;

/// <summary>A consumer without a connection gets several messages at once, and works on one after the other; in virtual time.</summary>
public sealed class LeaseBatchTests
{
    private const string Consumer = "http/local";

    private readonly InboxBench _bench = new();
    private readonly Receivers _receivers;

    public LeaseBatchTests() => _receivers = new Receivers(_bench.Inboxes, _bench.Clock);

    [Theory]
    [InlineData(80, 600)]
    [InlineData(10, 20_000)]
    [InlineData(100, 29_000)]
    public void AtAnyPaceWithinALease_NoMessageComesTwice(int messages, int handlingMs)
    {
        Enqueue(messages);

        var lost = Receive(messages).Count(token => !Handle(token, TimeSpan.FromMilliseconds(handlingMs)));

        lost.ShouldBe(0);
        _bench.Store.State.Find(QueueId.Inbound("orders"))!.Messages.ShouldBe(0);
    }

    [Fact]
    public void WhoGivesNoSignWithinALease_LosesThemAll()
    {
        Enqueue(3);
        var tokens = Receive(3);

        Handle(tokens[0], TimeSpan.FromSeconds(20)).ShouldBeTrue();

        Handle(tokens[1], TimeSpan.FromSeconds(31)).ShouldBeFalse();
        Handle(tokens[2], TimeSpan.Zero).ShouldBeFalse();
        Receive(3).Count.ShouldBe(2);
    }

    [Fact]
    public void ARenewal_RenewsThoseThatWait_AndShortensNone()
    {
        Enqueue(2);
        var tokens = Receive(2);

        After(TimeSpan.FromSeconds(20));
        Settle(new Request.Renew(RequestId.FromNumber(1), tokens[0], TimeSpan.FromMinutes(2))).ShouldBeTrue();
        After(TimeSpan.FromSeconds(25));
        Settle(new Request.Renew(RequestId.FromNumber(1), tokens[1], null)).ShouldBeTrue();
        After(TimeSpan.FromSeconds(25));
        Settle(new Request.Complete(RequestId.FromNumber(1), tokens[1])).ShouldBeTrue();
        After(TimeSpan.FromSeconds(60));

        Settle(new Request.Complete(RequestId.FromNumber(1), tokens[0])).ShouldBeTrue();
    }

    [Fact]
    public void WhatAnotherCallGot_StandsForItself()
    {
        Enqueue(2);
        var (first, second) = (Receive(1)[0], Receive(1)[0]);

        After(TimeSpan.FromSeconds(20));
        Settle(new Request.Complete(RequestId.FromNumber(1), first)).ShouldBeTrue();
        After(TimeSpan.FromSeconds(11));

        Settle(new Request.Complete(RequestId.FromNumber(1), second)).ShouldBeFalse();
    }

    private void Enqueue(int messages) => _bench.Enqueue("orders", [.. Enumerable.Range(0, messages).Select(number => $"{number}")]);

    private List<DeliveryToken> Receive(int messages)
    {
        var received = new List<DeliveryToken>();
        _receivers.Receive(Consumer, "orders", messages, lease: null, TimeSpan.FromSeconds(1), answer =>
            received.AddRange(answer.Messages.Select(delivery => delivery.Token)));
        _bench.Store.Run();
        _receivers.Tick();
        return received;
    }

    private bool Handle(DeliveryToken token, TimeSpan time)
    {
        After(time);
        return Settle(new Request.Complete(RequestId.FromNumber(1), token));
    }

    private bool Settle(Request settle)
    {
        Reply? reply = null;
        _receivers.Settle(Consumer, settle, answer => reply = answer);
        _bench.Store.Run();
        return reply is Reply.Settled;
    }

    private void After(TimeSpan time)
    {
        _bench.Clock.Advance(_bench.Clock.Now + time);
        _bench.Inboxes.Tick();
        _bench.Store.Run();
    }
}
