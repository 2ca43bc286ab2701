using Gateway.Client;
using Gateway.Client.Session;
using Gateway.Client.Wire;
using Shouldly;
using Xunit;

namespace Gateway.Tests.Client.Session;

public sealed class ClientSessionCallTests
{
    [Fact]
    public void Submitted_BeforeWelcome_IsHeldBack()
    {
        var driver = new SessionDriver();
        driver.Handle(new SessionEvent.Ticked());

        driver.Enqueue();

        driver.Sent().ShouldHaveSingleItem().ShouldBeOfType<Request.Hello>();
    }

    [Fact]
    public void Accepted_CompletesTheCallThatItNames()
    {
        var driver = SessionDriver.Live();
        var first = driver.Enqueue();
        var second = driver.Enqueue();

        driver.Reply(SessionDriver.Accept(second));

        second.Answer.IsCompletedSuccessfully.ShouldBeTrue();
        first.Answer.IsCompleted.ShouldBeFalse();
    }

    [Fact]
    public void Reconnected_UnansweredCalls_AreRepeatedInTheirOrder()
    {
        var driver = SessionDriver.Live();
        Call[] calls = [driver.Enqueue("1"), driver.Enqueue("2"), driver.Enqueue("3")];
        driver.Reply(SessionDriver.Accept(calls[1]));
        driver.Sent();

        driver.Disconnect();
        var later = driver.Enqueue("4");
        driver.Session.Outbox.ShouldBeEmpty();
        driver.Connect();

        driver.Sent().OfType<Request.Enqueue>().Select(e => e.Id).ShouldBe([calls[0].Id, calls[2].Id, later.Id]);
    }

    [Fact]
    public void TimeOver_AtAStandby_IsUnavailable_WithTheAnswer()
    {
        var driver = new SessionDriver();
        var call = driver.Enqueue();
        driver.Handle(new SessionEvent.Ticked());
        driver.Reply(new Reply.Error(WireCode.Standby, "another holds the store"));

        driver.Pass(SessionDriver.RequestTimeout);

        var failure = SessionDriver.FailureOf(call);
        failure.Reason.ShouldBe(GatewayError.Unavailable);
        failure.Message.ShouldContain("The gateway answered Standby: another holds the store");
        failure.InnerException.ShouldBeOfType<GatewayException>().Reason.ShouldBe(GatewayError.Standby);
    }

    [Fact]
    public void TimeOver_NeverConnected_IsUnavailable()
    {
        var driver = new SessionDriver();
        var call = driver.Enqueue();

        driver.Pass(SessionDriver.RequestTimeout);

        SessionDriver.FailureOf(call).Reason.ShouldBe(GatewayError.Unavailable);
        SessionDriver.FailureOf(call).InnerException.ShouldBeNull();
    }

    [Fact]
    public void TimeOver_SentWithoutAnswer_IsPossiblyAcceptedWithTheIds()
    {
        var driver = SessionDriver.Live();
        var call = driver.Enqueue();

        driver.PassAlive(SessionDriver.RequestTimeout);

        var failure = SessionDriver.FailureOf(call);
        failure.Reason.ShouldBe(GatewayError.PossiblyAccepted);
        failure.IsTransient.ShouldBeTrue();
        failure.MessageIds.ShouldBe([((Request.Enqueue)call.Request).Items[0].Id!.Value]);
        failure.Message.ShouldContain("same message ids");
    }

    [Fact]
    public void TimeOver_SentOnAnEarlierConnection_IsPossiblyAccepted()
    {
        var driver = SessionDriver.Live();
        var call = driver.Enqueue();
        driver.Disconnect();

        driver.Pass(SessionDriver.RequestTimeout);

        SessionDriver.FailureOf(call).Reason.ShouldBe(GatewayError.PossiblyAccepted);
    }

    [Fact]
    public void TimeOver_WindowFull_UnsentCallTimedOut()
    {
        var driver = SessionDriver.Live(new WireLimits { PendingRequestsMax = 1 });
        driver.Enqueue();
        var unsent = driver.Enqueue();

        driver.PassAlive(SessionDriver.RequestTimeout);

        SessionDriver.FailureOf(unsent).Reason.ShouldBe(GatewayError.TimedOut);
    }

    [Fact]
    public void TimeOver_BusyEachTime_IsTimedOutAndNotPossiblyAccepted()
    {
        var driver = SessionDriver.Live();
        var call = driver.Enqueue();

        while (!call.IsDone)
        {
            if (driver.Sent().OfType<Request.Enqueue>().Any())
                driver.Reply(new Reply.Rejected(call.Id, WireCode.Busy, "later"));
            driver.PassAlive(TimeSpan.FromMilliseconds(500));
        }

        SessionDriver.FailureOf(call).Reason.ShouldBe(GatewayError.TimedOut);
    }

    [Theory]
    [InlineData(nameof(WireCode.Busy))]
    [InlineData(nameof(WireCode.Stopping))]
    public void Rejected_Passing_IsSentAgainAfterAWhile(string code)
    {
        var driver = SessionDriver.Live();
        var call = driver.Enqueue();
        driver.Sent();

        driver.Reply(new Reply.Rejected(call.Id, Enum.Parse<WireCode>(code), "later"));
        driver.Sent().ShouldBeEmpty();
        driver.Pass(TimeSpan.FromMilliseconds(50));

        driver.Sent().OfType<Request.Enqueue>().ShouldHaveSingleItem().Id.ShouldBe(call.Id);
    }

    [Fact]
    public void Rejected_StoreFull_IsToldAtOnceAndTransient()
    {
        var driver = SessionDriver.Live();
        var call = driver.Enqueue();

        driver.Reply(new Reply.Rejected(call.Id, WireCode.StoreFull, "no room"));

        var failure = SessionDriver.FailureOf(call);
        failure.Reason.ShouldBe(GatewayError.StoreFull);
        failure.IsTransient.ShouldBeTrue();
    }

    [Fact]
    public void Rejected_StoreFullAfterALostAnswer_IsPossiblyAccepted()
    {
        var driver = SessionDriver.Live();
        var call = driver.Enqueue();
        driver.Disconnect();
        driver.Connect();

        driver.Reply(new Reply.Rejected(call.Id, WireCode.StoreFull, "no room"));

        SessionDriver.FailureOf(call).Reason.ShouldBe(GatewayError.PossiblyAccepted);
    }

    [Fact]
    public void Rejected_ForGood_CarriesCodeAndText()
    {
        var driver = SessionDriver.Live();
        var call = driver.Enqueue();

        driver.Reply(new Reply.Rejected(call.Id, WireCode.NoRoute, "no peer p"));

        var failure = SessionDriver.FailureOf(call);
        failure.Reason.ShouldBe(GatewayError.NoRoute);
        failure.IsTransient.ShouldBeFalse();
        failure.Message.ShouldContain("no peer p");
    }

    [Fact]
    public void EveryWireCode_HasItsReason()
    {
        foreach (var code in Enum.GetValues<WireCode>())
            GatewayException.ReasonOf(code).ToString().ShouldBe(code.ToString());
    }

    [Fact]
    public void Window_Full_NextIsSentWhenAnAnswerComes()
    {
        var driver = SessionDriver.Live(new WireLimits { PendingRequestsMax = 2 });
        Call[] calls = [driver.Enqueue(), driver.Enqueue(), driver.Enqueue()];
        driver.Sent().Count.ShouldBe(2);

        driver.Reply(SessionDriver.Accept(calls[0]));

        driver.Sent().ShouldHaveSingleItem().ShouldBeOfType<Request.Enqueue>().Id.ShouldBe(calls[2].Id);
    }

    [Fact]
    public void Cancelled_CallInFlight_IsNotRepeatedAndKeepsItsPlaceInTheWindow()
    {
        var driver = SessionDriver.Live(new WireLimits { PendingRequestsMax = 1 });
        var cancelled = driver.Enqueue();
        var next = driver.Enqueue();
        driver.Sent();

        driver.Handle(new SessionEvent.Cancelled(cancelled, new CancellationToken(canceled: true)));

        cancelled.Answer.IsCanceled.ShouldBeTrue();
        driver.Sent().ShouldBeEmpty();
        driver.Disconnect();
        driver.Connect();
        driver.Sent().OfType<Request.Enqueue>().ShouldHaveSingleItem().Id.ShouldBe(next.Id);
    }

    [Fact]
    public void Submitted_OverTheLimitOfWelcome_IsTooLargeAndNotSent()
    {
        var driver = SessionDriver.Live(new WireLimits { BodyBytesMax = 3 });

        var call = driver.Enqueue("four");

        SessionDriver.FailureOf(call).Reason.ShouldBe(GatewayError.TooLarge);
        driver.Sent().ShouldBeEmpty();
    }

    [Fact]
    public void Settlement_OfAnEarlierConnection_IsLeaseLostWithoutSending()
    {
        var driver = SessionDriver.Live();
        var received = driver.Session.Connection;
        driver.Disconnect();
        driver.Connect();

        var call = driver.Submit(id => new Request.Complete(id, new DeliveryToken(1)), received);

        SessionDriver.FailureOf(call).Reason.ShouldBe(GatewayError.LeaseLost);
        driver.Sent().ShouldBeEmpty();
    }

    [Fact]
    public void Settlement_InFlightWhenTheConnectionEnds_IsLeaseLostAndSaysThatItMayBeStored()
    {
        var driver = SessionDriver.Live();
        var call = driver.Submit(id => new Request.Complete(id, new DeliveryToken(1)), driver.Session.Connection);

        driver.Disconnect();

        var failure = SessionDriver.FailureOf(call);
        failure.Reason.ShouldBe(GatewayError.LeaseLost);
        failure.Message.ShouldContain("may or may not");
        driver.Connect();
        driver.Sent().ShouldBeEmpty();
    }

    [Fact]
    public void Closed_InFlightEnqueue_IsDisposedWithItsIdsAndByeIsSent()
    {
        var driver = SessionDriver.Live();
        var call = driver.Enqueue();
        driver.Sent();

        driver.Handle(new SessionEvent.Closed());

        var failure = SessionDriver.FailureOf(call);
        failure.Reason.ShouldBe(GatewayError.Disposed);
        failure.MessageIds.Count.ShouldBe(1);
        driver.Sent().ShouldHaveSingleItem().ShouldBeOfType<Request.Bye>();
        SessionDriver.FailureOf(driver.Enqueue()).Reason.ShouldBe(GatewayError.Disposed);
    }
}
