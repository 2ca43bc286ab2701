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
