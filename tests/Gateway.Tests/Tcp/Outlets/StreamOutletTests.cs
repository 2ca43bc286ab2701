using Gateway.Tcp;
using Gateway.Tcp.Framing;
using Shouldly;
using Xunit;

namespace Gateway.Tests.Tcp.Outlets;

/// <summary>The ends of streams at an outlet: in order only if both directions came to their end.</summary>
public sealed class StreamOutletTests
{
    private static readonly OutletSettings _stream =
        OutletBench.Settings() with { Format = new FrameFormat.Stream(), IsPerConversation = true };

    private readonly OutletBench _bench = new();

    [Fact]
    public void AStreamInTheMiddle_IsReset_WhenTheGatewayStops()
    {
        var target = Begin();
        _bench.Tell("c1", TcpNames.Finished);
        target.IsFinished.ShouldBeTrue();

        _bench.Book.Close();
        _bench.Book.SayGoodbye();

        target.IsReset.ShouldBe(true);
    }

    [Fact]
    public void AnOpenStream_KeepsItsBeginning_WhichWaitsForNothing()
    {
        Begin();

        _bench.After(TimeSpan.FromHours(1));
        _bench.Waiting().ShouldNotBeEmpty();
        _bench.Status.OpenStreams.ShouldBe(1);
        _bench.Status.OldestOfStreams.ShouldBeNull();

        var sent = _bench.Clock.Now;
        _bench.Pieces("c1", 1, "a piece that the target does not take");
        _bench.After(TimeSpan.FromMinutes(1));
        _bench.Status.OldestOfStreams.ShouldBe(sent);
    }

    [Fact]
    public void AStreamWithoutAConnection_Waits()
    {
        _bench.Use(_stream);
        var sent = _bench.Clock.Now;
        _bench.Tell("c1", TcpNames.Began);

        _bench.Status.OpenStreams.ShouldBe(0);
        _bench.Status.OldestOfStreams.ShouldBe(sent);
    }

    [Fact]
    public void AnIdleStream_IsResetOnBothSides()
    {
        var target = Begin(_stream with { IdleTimeout = TimeSpan.FromMinutes(1) });

        _bench.After(TimeSpan.FromMinutes(2));

        target.IsReset.ShouldBe(true);
        Told().ShouldBe(["reset"]);
    }

    [Fact]
    public void AStreamThatIsLost_IsKnownToTheNextRun_UntilTheInletWillHearOfIt()
    {
        var target = Begin();
        target.Send("the first of two replies, which goes to the disk alone");
        target.Reset();
        // The reset waits for that, and the gateway is killed meanwhile.
        _bench.Store.RunOnce();
        _bench.Restart();

        _bench.Use(_stream);
        _bench.Run();

        Told().ShouldBe(["", "reset"]);
        _bench.Waiting().ShouldBeEmpty();
    }

    [Fact]
    public void AStreamThatEndsInOrder_IsKnownToTheNextRun_UntilTheInletWillHearOfIt()
    {
        var target = Begin();
        _bench.Tell("c1", TcpNames.Finished);
        target.Send("the first of two replies, which goes to the disk alone");
        target.Close();
        _bench.Store.RunOnce();
        _bench.Restart();

        _bench.Use(_stream);
        _bench.Run();

        Told().ShouldBe(["", "reset"]);
        _bench.Waiting().ShouldBeEmpty();
    }

    [Fact]
    public void AStreamThatWasNotConnected_SurvivesTheRestart_BesideOneThatWas()
    {
        Begin();
        _bench.Tell("c2", TcpNames.Began);
        _bench.Frames("c2", "b");
        _bench.Restart();

        _bench.Use(_stream);
        _bench.Up(_bench.Targets.Dialed.ShouldHaveSingleItem());

        _bench.Targets.Last.Written.ShouldBe("b\n");
        Told().ShouldBe(["reset"]);
    }

    [Fact]
    public void StreamsThatWaitForAConnection_DoNotHoldUpTheOneThatHasIt()
    {
        var target = Begin(_stream with { ConnectionsMax = 1, WindowBytes = 64 });
        for (var i = 2; i <= 12; i++)
        {
            _bench.Tell($"c{i}", TcpNames.Began);
            _bench.Frames($"c{i}", new string('x', 100));
        }

        _bench.Frames("c1", "last words");
        _bench.Tell("c1", TcpNames.Finished);
        _bench.After(TimeSpan.FromSeconds(1));
        target.Written.ShouldBe("last words\n");
        target.Acknowledge();
        target.Close();
        _bench.Run();

        var next = _bench.Targets.Last;
        _bench.Up(next);
        _bench.After(TimeSpan.FromSeconds(1));
        next.Written.ShouldBe(new string('x', 100) + "\n");
    }

    private FakeTarget Begin(OutletSettings? settings = null)
    {
        _bench.Use(settings ?? _stream);
        _bench.Tell("c1", TcpNames.Began);
        var target = _bench.Targets.Last;
        _bench.Up(target);
        return target;
    }

    private List<string> Told() => [.. _bench.Outgoing.Select(message => TcpHeaders.Read(message.Headers).Event)];
}
