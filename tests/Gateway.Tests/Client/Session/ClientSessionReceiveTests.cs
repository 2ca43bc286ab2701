using Gateway.Client;
using Gateway.Client.Session;
using Gateway.Client.Wire;
using Shouldly;
using Xunit;

namespace Gateway.Tests.Client.Session;

public sealed class ClientSessionReceiveTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public void Subscribed_GivesCreditOfThePrefetch()
    {
        var driver = SessionDriver.Live();

        driver.Subscribe(prefetch: 8);

        driver.Sent().ShouldHaveSingleItem().ShouldBeOfType<Request.Receive>().Credit.ShouldBe(8);
    }

    [Fact]
    public void Subscribed_GatewayAllowsLess_AsksForNoMore()
    {
        var driver = SessionDriver.Live(new WireLimits { CreditMax = 4 });

        var subscription = driver.Subscribe(prefetch: 100);

        driver.Sent().ShouldHaveSingleItem().ShouldBeOfType<Request.Receive>().Credit.ShouldBe(4);
        subscription.CountTaken(driver.Session.Connection).ShouldBe(0);
        subscription.CountTaken(driver.Session.Connection).ShouldBe(2);
    }

    [Fact]
    public async Task Taken_HalfOfThePrefetch_TopsUpCreditOnce()
    {
        var driver = SessionDriver.Live();
        var subscription = driver.Subscribe(prefetch: 8);
        driver.Sent();
        for (var token = 1; token <= 8; token++)
            driver.Deliver(subscription, token);

        for (var token = 1; token <= 8; token++)
        {
            var taken = await subscription.TakeAsync(Token);
            taken.Token.Value.ShouldBe(token);
            if (subscription.CountTaken(taken.Connection) is > 0 and var due)
                driver.Handle(new SessionEvent.Taken(subscription, taken.Connection, due));
        }

        driver.Sent().ShouldAllBe(request => request is Request.Receive && ((Request.Receive)request).Credit == 4);
        subscription.Credit.ShouldBe(8);
    }

    [Fact]
    public async Task Reconnected_SubscriptionIsRenewedAndTheOldBufferDropped()
    {
        var driver = SessionDriver.Live();
        var subscription = driver.Subscribe(prefetch: 4);
        driver.Deliver(subscription, 1);
        driver.Deliver(subscription, 2);

        driver.Disconnect();
        driver.Connect();

        driver.Sent().ShouldHaveSingleItem().ShouldBeOfType<Request.Receive>().Credit.ShouldBe(4);
        driver.Deliver(subscription, 11);
        (await subscription.TakeAsync(Token)).Token.Value.ShouldBe(11);
    }

    [Fact]
    public void Taken_OfAnEarlierConnection_GivesNoCredit()
    {
        var driver = SessionDriver.Live();
        var subscription = driver.Subscribe(prefetch: 4);
        var before = driver.Session.Connection;
        driver.Disconnect();
        driver.Connect();
        driver.Sent();

        driver.Handle(new SessionEvent.Taken(subscription, before, 2));

        driver.Sent().ShouldBeEmpty();
        subscription.Credit.ShouldBe(4);
    }

    [Fact]
    public void Delivered_BeyondTheCredit_EndsTheConnection()
    {
        var driver = SessionDriver.Live();
        var subscription = driver.Subscribe(prefetch: 1);

        driver.Deliver(subscription, 1);
        driver.Deliver(subscription, 2);

        driver.Session.Phase.ShouldBe(SessionPhase.Waiting);
    }

    [Fact]
    public void Unsubscribed_StopsAndReleasesWhatWasBufferedAndWhatStillComes()
    {
        var driver = SessionDriver.Live();
        var subscription = driver.Subscribe(prefetch: 4);
        driver.Deliver(subscription, 1);
        driver.Sent();

        driver.Handle(new SessionEvent.Unsubscribed(subscription));
        driver.Deliver(subscription, 2);

        var sent = driver.Sent();
        sent[0].ShouldBeOfType<Request.Stop>();
        sent.Skip(1).Cast<Request.Release>().Select(release => release.Token.Value).ShouldBe([1, 2]);
    }

    [Fact]
    public async Task Rejected_ForGood_EndsTheSubscriptionWithTheReason()
    {
        var driver = SessionDriver.Live();
        var subscription = driver.Subscribe(prefetch: 4);

        driver.Reply(new Reply.Rejected(subscription.Id, WireCode.TooManySubscriptions, "64"));

        var failure = await Should.ThrowAsync<GatewayException>(async () => await subscription.TakeAsync(Token));
        failure.Reason.ShouldBe(GatewayError.TooManySubscriptions);
    }

    [Fact]
    public void Rejected_Busy_BeginsAnewUnderAnotherIdAfterAWhile()
    {
        var driver = SessionDriver.Live();
        var subscription = driver.Subscribe(prefetch: 4);
        var refused = subscription.Id;
        driver.Deliver(subscription, 1);
        driver.Sent();

        driver.Reply(new Reply.Rejected(refused, WireCode.Busy, "later"));
        var atOnce = driver.Sent();
        driver.Pass(TimeSpan.FromMilliseconds(50));

        atOnce[0].ShouldBeOfType<Request.Stop>().Subscription.ShouldBe(refused);
        atOnce[1].ShouldBeOfType<Request.Release>().Token.Value.ShouldBe(1);
        var again = driver.Sent().ShouldHaveSingleItem().ShouldBeOfType<Request.Receive>();
        again.Subscription.ShouldNotBe(refused);
        again.Credit.ShouldBe(4);
    }

    [Fact]
    public async Task Closed_ConsumerIsToldSo()
    {
        var driver = SessionDriver.Live();
        var subscription = driver.Subscribe(prefetch: 4);
        driver.Deliver(subscription, 1);

        driver.Handle(new SessionEvent.Closed());

        var failure = await Should.ThrowAsync<GatewayException>(async () => await subscription.TakeAsync(Token));
        failure.Reason.ShouldBe(GatewayError.Disposed);
    }
}
