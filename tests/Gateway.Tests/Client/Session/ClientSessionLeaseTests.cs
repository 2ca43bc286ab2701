using Gateway.Client.Session;
using Gateway.Client.Wire;
using Shouldly;
using Xunit;

namespace Gateway.Tests.Client.Session;

/// <summary>Leases of what the client holds: renewed while it waits, and while the application has it, for a time.</summary>
public sealed class ClientSessionLeaseTests
{
    private static readonly TimeSpan _lease = TimeSpan.FromSeconds(8);
    private static readonly TimeSpan _most = TimeSpan.FromSeconds(60);

    private readonly SessionDriver _driver = SessionDriver.Live();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public void WhatWaits_IsRenewedAtHalfOfItsLease_AllInOneGo()
    {
        Deliver(3);

        Renewals(_lease * 0.4).ShouldBeEmpty();
        Renewals(_lease * 0.3).ShouldBe([1, 2, 3]);
    }

    [Fact]
    public void OneThatWasRenewed_IsLeftAloneForHalfALease()
    {
        Deliver(1);
        Renewals(_lease * 0.6).ShouldBe([1]);

        Renewals(_lease * 0.3).ShouldBeEmpty();
        Renewals(_lease * 0.3).ShouldBe([1]);
    }

    [Fact]
    public async Task WhatTheApplicationHas_IsRenewedUntilItIsSettled()
    {
        var taken = await TakeAsync(Deliver(1));
        Renewals(_lease * 3).Count.ShouldBeGreaterThan(3);

        _driver.Submit(id => new Request.Complete(id, taken.Token), _driver.Session.Connection);

        Renewals(_lease * 3).ShouldBeEmpty();
        taken.IsLost.ShouldBeFalse();
    }

    [Fact]
    public async Task WhatTheApplicationHasForTooLong_IsRenewedNoMore_AndFoundLost()
    {
        var taken = await TakeAsync(Deliver(1));
        Renewals(_most + _lease).ShouldNotBeEmpty();

        Renewals(_lease * 3).ShouldBeEmpty();

        taken.IsLost.ShouldBeTrue();
    }

    [Fact]
    public async Task WhatWaitsForAnApplicationThatHangs_IsRenewedNoMore()
    {
        var subscription = Deliver(2);
        await TakeAsync(subscription);
        Renewals(_most + _lease).ShouldContain(2);

        Renewals(_lease * 3).ShouldBeEmpty();

        (await subscription.TakeAsync(Token)).TryTake(_driver.Now).ShouldBeFalse();
    }

    [Fact]
    public async Task WhatWaitsForAnApplicationThatTakesMessages_IsRenewedForEver()
    {
        var subscription = Deliver(10);
        for (var i = 0; i < 9; i++)
        {
            (await TakeAsync(subscription)).IsLost.ShouldBeFalse();
            Renewals(_most / 2).ShouldContain(10);
        }

        (await subscription.TakeAsync(Token)).TryTake(_driver.Now).ShouldBeTrue();
    }

    [Fact]
    public async Task ARenewalThatIsRefused_TakesTheMessageFromTheApplication_AndFromWhatWaits()
    {
        var subscription = Deliver(2);
        var taken = await TakeAsync(subscription);
        foreach (var renew in Pass(_lease * 0.6))
            _driver.Reply(new Reply.Rejected(renew.Id, WireCode.LeaseLost, "gone"));

        taken.IsLost.ShouldBeTrue();
        (await subscription.TakeAsync(Token)).TryTake(_driver.Now).ShouldBeFalse();
        Renewals(_lease * 2).ShouldBeEmpty();
    }

    [Fact]
    public async Task ALongerLeaseOfTheApplications_IsNotShortened()
    {
        var taken = await TakeAsync(Deliver(1));
        var call = _driver.Submit(id => new Request.Renew(id, taken.Token, TimeSpan.FromHours(1)), _driver.Session.Connection);
        _driver.Sent();
        _driver.Reply(new Reply.Settled(call.Id));

        Renewals(TimeSpan.FromMinutes(59)).ShouldBeEmpty();
        taken.IsLost.ShouldBeFalse();
        Renewals(TimeSpan.FromMinutes(2)).ShouldBeEmpty();
        taken.IsLost.ShouldBeTrue();
    }

    [Fact]
    public async Task ConnectionEnded_WhatWasHeldIsLost()
    {
        var taken = await TakeAsync(Deliver(1));

        _driver.Disconnect();
        _driver.Connect();

        taken.IsLost.ShouldBeTrue();
        Renewals(_lease * 2).ShouldBeEmpty();
    }

    [Fact]
    public async Task RenewalOff_NothingIsRenewed_OneMessageComesAtATime_AndWhatRanOutIsNotGivenOut()
    {
        var subscription = _driver.Subscribe(prefetch: 10, _lease, leaseRenewalMax: TimeSpan.Zero);
        _driver.Sent().ShouldHaveSingleItem().ShouldBeOfType<Request.Receive>().Credit.ShouldBe(1);
        _driver.Deliver(subscription, 1);

        Renewals(_lease * 2).ShouldBeEmpty();

        (await subscription.TakeAsync(Token)).TryTake(_driver.Now).ShouldBeFalse();
    }

    [Fact]
    public async Task ASlowApplication_IsSentLess()
    {
        var subscription = Deliver(8);
        for (var i = 0; i < 8; i++)
        {
            var taken = await TakeAsync(subscription);
            if (subscription.CountTaken(taken.Connection) is > 0 and var due)
                _driver.Handle(new SessionEvent.Taken(subscription, taken.Connection, due));
            subscription.Measure(TimeSpan.FromSeconds(1));
        }

        // Two are taken in a quarter of the lease.
        _driver.Sent().OfType<Request.Receive>().Sum(receive => receive.Credit).ShouldBeLessThanOrEqualTo(2);
    }

    private Subscription Deliver(int count)
    {
        var subscription = _driver.Subscribe(prefetch: Math.Max(8, count), _lease, _most);
        for (var token = 1; token <= count; token++)
            _driver.Deliver(subscription, token);
        _driver.Sent();
        return subscription;
    }

    private async Task<HeldDelivery> TakeAsync(Subscription subscription)
    {
        var taken = await subscription.TakeAsync(Token);
        taken.TryTake(_driver.Now).ShouldBeTrue();
        return taken;
    }

    /// <summary>The tokens that are renewed while time passes and the gateway agrees.</summary>
    private List<long> Renewals(TimeSpan time)
    {
        var renewed = new List<long>();
        for (var end = _driver.Now + time; _driver.Now < end;)
        {
            foreach (var renew in Pass(TimeSpan.FromMilliseconds(500)))
            {
                renewed.Add(renew.Token.Value);
                _driver.Reply(new Reply.Settled(renew.Id));
            }
        }

        return renewed;
    }

    private List<Request.Renew> Pass(TimeSpan time)
    {
        _driver.PassAlive(time);
        return [.. _driver.Sent().OfType<Request.Renew>()];
    }
}
