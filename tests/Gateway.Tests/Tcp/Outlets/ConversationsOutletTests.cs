using System.Text;
using Gateway.Links.Causes;
using Gateway.Links.Protocol;
using Gateway.Tcp;
using Gateway.Tcp.Framing;
using Shouldly;
using Xunit;

namespace Gateway.Tests.Tcp.Outlets;

/// <summary>An outlet in which each conversation has a connection of its own, with frames and as a stream.</summary>
public sealed class ConversationsOutletTests
{
    private static readonly OutletSettings _framed = OutletBench.Settings() with { IsPerConversation = true };
    private static readonly OutletSettings _stream = _framed with { Format = new FrameFormat.Stream() };

    private readonly OutletBench _bench = new();

    [Fact]
    public void EachConversation_HasAConnectionOfItsOwn()
    {
        _bench.Use(_framed);
        _bench.Targets.Dialed.ShouldBeEmpty();
        _bench.Status.State.ShouldBe(LinkState.Up);

        _bench.Frames("c1", "a");
        _bench.Frames("c2", "b");
        _bench.Frames("c1", "c");
        foreach (var target in _bench.Targets.Dialed) _bench.Up(target);

        _bench.Targets.Dialed.Select(target => target.Written).ShouldBe(["a\nc\n", "b\n"]);
        _bench.Status.Open.ShouldBe(2);
    }

    [Fact]
    public void EndOfTheConversation_EndsTheConnection_AfterEverything()
    {
        _bench.Use(_framed with { WindowBytes = 2 });
        _bench.Frames("c1", "a", "b");
        _bench.Tell("c1", TcpNames.Finished);
        var target = _bench.Targets.Last;
        _bench.Up(target);
        target.IsFinished.ShouldBeFalse();
        target.Acknowledge();
        target.IsFinished.ShouldBeTrue();
        target.Written.ShouldBe("a\nb\n");
        target.Acknowledge();
        _bench.Waiting().ShouldBeEmpty();

        target.Send("bye\n");
        target.Close();
        _bench.Run();

        target.IsReset.ShouldBe(false);
        Replies().ShouldBe(["c1 bye", "c1 finished"]);
        _bench.Status.Open.ShouldBe(0);
        _bench.Status.State.ShouldBe(LinkState.Up);
    }

    [Fact]
    public void ResetConversation_ResetsTheConnection_AfterEverything()
    {
        _bench.Use(_framed);
        _bench.Frames("c1", "a");
        _bench.Tell("c1", TcpNames.WasReset);
        var target = _bench.Targets.Last;
        _bench.Up(target);
        target.IsReset.ShouldBeNull();

        target.Acknowledge();

        target.IsReset.ShouldBe(true);
        _bench.Waiting().ShouldBeEmpty();
    }

    [Fact]
    public void NewRunOfTheInlet_EndsItsConversations_AndNoOthers()
    {
        _bench.Use(_framed);
        _bench.Frames("c1", "a");
        _bench.FramesFrom("far", "c2", "b");
        foreach (var target in _bench.Targets.Dialed) _bench.Up(target);
        _bench.Tell("", TcpNames.NewRun);
        _bench.Targets.Dialed[0].IsReset.ShouldBeNull();

        foreach (var target in _bench.Targets.Dialed) target.Acknowledge();

        _bench.Targets.Dialed[0].IsReset.ShouldBe(true);
        _bench.Targets.Dialed[1].IsReset.ShouldBeNull();
        _bench.Waiting().ShouldBeEmpty();
    }

    [Fact]
    public void NewRunOfTheInlet_BeforeTheConnectionIsThere_DeliversWhatWasBefore()
    {
        _bench.Use(_framed);
        _bench.Frames("c1", "a", "b");
        _bench.Tell("", TcpNames.NewRun);

        _bench.Up(_bench.Targets.Last);
        _bench.Targets.Last.Written.ShouldBe("a\nb\n");
        _bench.Targets.Last.IsReset.ShouldBeNull();
        _bench.Targets.Last.Acknowledge();

        _bench.Targets.Last.IsReset.ShouldBe(true);
        _bench.Waiting().ShouldBeEmpty();
    }

    [Fact]
    public void LostConnection_IsMadeAgain_ForItsConversation()
    {
        _bench.Use(_framed);
        _bench.Frames("c1", "a", "b");
        _bench.Frames("c2", "c");
        foreach (var target in _bench.Targets.Dialed) _bench.Up(target);
        _bench.Targets.Dialed[0].Acknowledge(2);

        _bench.Targets.Dialed[0].Reset();
        _bench.After(TimeSpan.FromSeconds(1));
        _bench.Targets.Dialed.Count.ShouldBe(3);
        _bench.Up(_bench.Targets.Last);

        _bench.Targets.Last.Written.ShouldBe("b\n");
        _bench.Status.State.ShouldBe(LinkState.Up);
        _bench.Status.SentAgain.ShouldBe(1);
        _bench.Outgoing.ShouldBeEmpty();
    }

    [Fact]
    public void TargetThatIsDown_LeavesAllInTheQueue_AndIsTriedByOneConversation()
    {
        _bench.Use(_framed);
        _bench.Frames("c1", "a");
        _bench.Frames("c2", "b");
        foreach (var target in _bench.Targets.Dialed.ToList()) target.Fail(LinkCause.Refused);
        _bench.Run();
        _bench.Status.State.ShouldBe(LinkState.Down);
        _bench.Inboxes.Remembered.Leases.ShouldBe(0);
        _bench.Waiting().ShouldBe("a0 b0");

        _bench.After(TimeSpan.FromSeconds(1));
        _bench.Targets.Dialed.Count.ShouldBe(3);
        _bench.Targets.Last.Fail(LinkCause.Refused);
        _bench.After(TimeSpan.FromSeconds(2));
        _bench.Targets.Dialed.Count.ShouldBe(4);
        _bench.Up(_bench.Targets.Last);
        _bench.Up(_bench.Targets.Last);

        _bench.Status.State.ShouldBe(LinkState.Up);
        _bench.Status.Cause.ShouldBe(LinkCause.Refused);
        _bench.Targets.Dialed.Count.ShouldBe(5);
        _bench.Targets.Dialed[3].Written.ShouldBe("a\n");
    }

    [Fact]
    public void FurtherConversations_WaitForAPlace()
    {
        _bench.Use(_framed with { ConnectionsMax = 1 });
        _bench.Frames("c1", "a");
        _bench.Frames("c2", "b");
        var first = _bench.Targets.Dialed.ShouldHaveSingleItem();
        _bench.Up(first);

        _bench.Tell("c1", TcpNames.WasReset);
        first.Acknowledge();
        _bench.Run();

        _bench.Targets.Dialed.Count.ShouldBe(2);
        _bench.Up(_bench.Targets.Last);
        _bench.Targets.Last.Written.ShouldBe("b\n");
    }

    [Fact]
    public void IdleConnection_IsClosed_AndMadeAgainWhenThereIsSomething()
    {
        _bench.Use(_framed with { IdleTimeout = TimeSpan.FromMinutes(1) });
        _bench.Frames("c1", "a");
        var target = _bench.Targets.Last;
        _bench.Up(target);
        target.Acknowledge();
        _bench.After(TimeSpan.FromSeconds(61));
        target.IsReset.ShouldBe(false);

        _bench.Frames("c1", "b");
        _bench.Up(_bench.Targets.Last);

        _bench.Targets.Last.Written.ShouldBe("b\n");
    }

    [Fact]
    public void Stream_IsConnectedWhenItBegins_AndBothWaysEndByThemselves()
    {
        var target = BeginStream();
        target.Send("welcome");
        _bench.Frames("c1", "a");
        target.Written.ShouldBe("a\n");
        target.Close();
        _bench.Run();
        target.IsReset.ShouldBeNull();
        _bench.Frames("c1", "b");
        _bench.Tell("c1", TcpNames.Finished);
        target.Written.ShouldBe("a\nb\n");
        target.IsFinished.ShouldBeTrue();

        target.Acknowledge();
        _bench.Run();

        target.IsReset.ShouldBe(false);
        Replies().ShouldBe(["c1 welcome", "c1 finished"]);
        _bench.Waiting().ShouldBeEmpty();
    }

    [Fact]
    public void Stream_IsHeldBack_UntilItsConnectionIsOnRecord()
    {
        _bench.Use(_stream);
        _bench.Tell("c1", TcpNames.Began);
        _bench.Frames("c1", "a");
        var target = _bench.Targets.Last;

        target.Connect();
        target.Written.ShouldBeEmpty();
        _bench.Run();

        target.Written.ShouldBe("a\n");
    }

    [Fact]
    public void StreamWhoseConnectionIsLost_IsReset_AndItsPiecesAreDeadLetters()
    {
        var target = BeginStream();
        _bench.Frames("c1", "a", "b");

        target.Reset(acknowledged: 2);
        _bench.Run();
        _bench.Frames("c1", "c");

        Replies().ShouldBe(["c1 reset"]);
        _bench.DeadLetters().Count.ShouldBe(2);
        _bench.DeadLetters()[0].ShouldBe("Rejected: the connection of its conversation had ended: it was reset");
        _bench.Waiting().ShouldBeEmpty();
        _bench.Targets.Dialed.Count.ShouldBe(1);
        // Its end is known now: another conversation begins as ever.
        _bench.Tell("c1", TcpNames.WasReset);
        _bench.Waiting().ShouldBeEmpty();
    }

    [Fact]
    public void StreamOfAFormerRun_IsReset_WhenTheGatewayWasKilled()
    {
        BeginStream();
        _bench.Frames("c1", "a");
        _bench.Restart();

        _bench.Use(_stream);
        _bench.Run();

        _bench.Targets.Dialed.ShouldBeEmpty();
        Replies().ShouldBe(["c1 reset"]);
        _bench.DeadLetters().ShouldHaveSingleItem();
        _bench.Waiting().ShouldBeEmpty();
    }

    [Fact]
    public void StreamThatWasNeverConnected_SurvivesTheRestart()
    {
        _bench.Use(_stream);
        _bench.Tell("c1", TcpNames.Began);
        _bench.Frames("c1", "a");
        _bench.Targets.Last.Fail(LinkCause.Refused);
        _bench.Run();
        _bench.Restart();

        _bench.Use(_stream);
        _bench.Up(_bench.Targets.Last);

        _bench.Targets.Last.Written.ShouldBe("a\n");
        _bench.Outgoing.ShouldBeEmpty();
    }

    [Fact]
    public void StreamAtAnOrderlyStop_IsResetByTheNextRun()
    {
        BeginStream();
        _bench.Book.Close();
        _bench.Book.SayGoodbye();
        _bench.Run();
        _bench.Restart();

        _bench.Use(_stream);
        _bench.Run();

        Replies().ShouldBe(["c1 reset"]);
        _bench.Waiting().ShouldBeEmpty();
    }

    private FakeTarget BeginStream()
    {
        _bench.Use(_stream);
        _bench.Tell("c1", TcpNames.Began);
        var target = _bench.Targets.Last;
        _bench.Up(target);
        return target;
    }

    private List<string> Replies() => [.. _bench.Outgoing.Select(message =>
    {
        var headers = TcpHeaders.Read(message.Headers);
        return $"{headers.Conversation} {Encoding.UTF8.GetString(message.Body.Span).Trim()}{headers.Event}";
    })];
}
