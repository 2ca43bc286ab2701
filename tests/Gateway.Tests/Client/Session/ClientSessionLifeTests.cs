using Gateway.Client;
using Gateway.Client.Session;
using Gateway.Client.Wire;
using Shouldly;
using Xunit;

namespace Gateway.Tests.Client.Session;

public sealed class ClientSessionLifeTests
{
    [Fact]
    public void Silence_LongerThanDeadAfter_EndsTheConnection()
    {
        var driver = SessionDriver.Live();
        var connection = driver.Session.Connection;

        for (var i = 0; i < 11; i++)
            driver.Pass(TimeSpan.FromMilliseconds(500));

        driver.Session.Phase.ShouldBe(SessionPhase.Waiting);
        driver.Connect();
        driver.Session.Connection.ShouldBe(connection + 1);
    }

    [Fact]
    public void Silence_WhileThisProcessStoodStill_IsNotHeldAgainstTheGateway()
    {
        var driver = SessionDriver.Live();

        driver.Pass(TimeSpan.FromHours(1));

        driver.Session.Phase.ShouldBe(SessionPhase.Live);
    }

    [Fact]
    public void Heartbeat_Due_SendsPing()
    {
        var driver = SessionDriver.Live();

        driver.Pass(TimeSpan.FromMilliseconds(999));
        driver.Sent().ShouldBeEmpty();
        driver.Pass(TimeSpan.FromMilliseconds(1));

        driver.Sent().ShouldHaveSingleItem().ShouldBeOfType<Request.Ping>();
    }

    [Fact]
    public void PongsComing_KeepTheConnection()
    {
        var driver = SessionDriver.Live();

        driver.PassAlive(TimeSpan.FromMinutes(1));

        driver.Session.Phase.ShouldBe(SessionPhase.Live);
    }

    [Fact]
    public void Greeting_WithoutWelcome_IsGivenUp()
    {
        var driver = new SessionDriver();
        driver.Handle(new SessionEvent.Ticked());
        driver.Session.Phase.ShouldBe(SessionPhase.Greeting);

        for (var i = 0; i < 11; i++)
            driver.Pass(TimeSpan.FromMilliseconds(500));

        driver.Session.Phase.ShouldBe(SessionPhase.Waiting);
    }

    [Fact]
    public void Goodbye_ErrorOrNonsense_EndsTheConnection()
    {
        Reply[] endings =
        [
            new Reply.Goodbye(),
            new Reply.Error(WireCode.HelloRequired, "who are you"),
            new Reply.Welcome("1", "fake", "00", new WireLimits()),
        ];
        foreach (var ending in endings)
        {
            var driver = SessionDriver.Live();

            driver.Reply(ending);

            driver.Session.Phase.ShouldBe(SessionPhase.Waiting);
            driver.Session.Connection.ShouldBe(0);
        }
    }

    [Fact]
    public void AnswerOfAnotherKind_EndsTheConnection()
    {
        var driver = SessionDriver.Live();
        var call = driver.Enqueue();

        driver.Reply(new Reply.Settled(call.Id));

        driver.Session.Phase.ShouldBe(SessionPhase.Waiting);
        call.Answer.IsCompleted.ShouldBeFalse();
    }

    [Fact]
    public void Hello_RefusedForGood_IsToldToEveryoneAndTriedAgainLater()
    {
        var driver = new SessionDriver();
        var call = driver.Enqueue();
        driver.Handle(new SessionEvent.Ticked());

        driver.Reply(new Reply.Error(WireCode.UnsupportedVersion, "version 2 only"));

        SessionDriver.FailureOf(call).Reason.ShouldBe(GatewayError.UnsupportedVersion);
        driver.Sent();
        driver.Connect();
    }

    [Fact]
    public void Backoff_GrowsToOneSecondAndNoFurther()
    {
        var driver = new SessionDriver();
        driver.Handle(new SessionEvent.Ticked());
        var waits = new List<TimeSpan>();
        for (var i = 0; i < 12; i++)
        {
            driver.Disconnect();
            var since = driver.Now;
            while (driver.Session.Phase == SessionPhase.Waiting)
                driver.Pass(TimeSpan.FromMilliseconds(1));
            waits.Add(driver.Now - since);
        }

        waits[0].ShouldBeInRange(TimeSpan.FromMilliseconds(100), TimeSpan.FromMilliseconds(211));
        waits[^1].ShouldBeInRange(TimeSpan.FromMilliseconds(500), TimeSpan.FromMilliseconds(1001));
        waits.Distinct().Count().ShouldBeGreaterThan(1);
    }

    [Fact]
    public void Backoff_AfterAStableConnection_BeginsAnew()
    {
        var driver = new SessionDriver();
        driver.Handle(new SessionEvent.Ticked());
        for (var i = 0; i < 8; i++)
        {
            driver.Disconnect();
            while (driver.Session.Phase == SessionPhase.Waiting)
                driver.Pass(TimeSpan.FromMilliseconds(1));
        }

        driver.Sent();
        driver.Reply(new Reply.Welcome("1", "fake", "00", new WireLimits()));
        driver.PassAlive(TimeSpan.FromSeconds(2));
        driver.Disconnect();
        driver.Pass(TimeSpan.FromMilliseconds(210));

        driver.Session.Phase.ShouldBe(SessionPhase.Greeting);
    }
}
