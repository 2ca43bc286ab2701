using Gateway.Links.Causes;
using Gateway.Links.Protocol;
using Gateway.Tcp;
using Gateway.Tcp.Framing;
using Shouldly;
using Xunit;

namespace Gateway.Tests.Tcp.Outlets;

/// <summary>A stream that comes to an outlet of whole frames, or something else to one of streams: nothing of it is written.</summary>
public sealed class MisplacedStreamTests
{
    private static readonly OutletSettings _frames = OutletBench.Settings();

    private readonly OutletBench _bench = new();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void AStream_AtAnOutletOfFrames_IsReset_AndItsPiecesAreDeadLetters(bool isPerConversation)
    {
        _bench.Enqueue("whole");
        var target = _bench.Connect(_frames with { IsPerConversation = isPerConversation });
        _bench.Tell("c1", TcpNames.Began);
        _bench.Pieces("c1", 1, "a", "b");
        _bench.Tell("c2", TcpNames.Began);
        _bench.Pieces("c2", 1, "c");

        target.Written.ShouldBe("whole\n");
        target.Acknowledge();
        Told().ShouldBe(["c1 reset", "c2 reset"]);
        _bench.Waiting().ShouldBeEmpty();
        _bench.DeadLetters().Count.ShouldBe(3);
        _bench.DeadLetters()[0].ShouldContain(
            "the inlet in@there sends a stream, and the outlet out takes whole frames; give both the same framing");
        _bench.Status.History.Select(change => (change.State, change.Cause)).ShouldContain((LinkState.Up, LinkCause.WrongService));
        _bench.Status.IsWell.ShouldBeTrue();
    }

    [Fact]
    public void Pieces_WhoseBeginningIsGone_AreNotWrittenEither()
    {
        var target = _bench.Connect();
        _bench.Pieces("c1", 7, "a", "b");

        target.Written.ShouldBeEmpty();
        Told().ShouldBe(["c1 reset"]);
        _bench.DeadLetters().Count.ShouldBe(2);
    }

    [Fact]
    public void TheInlet_IsToldOnceItCanBe_AndTheBeginningStaysUntilThen()
    {
        _bench.UsePeers();
        _bench.Connect();
        _bench.Tell("c1", TcpNames.Began);
        _bench.After(TimeSpan.FromSeconds(1));
        _bench.Waiting().ShouldBe("0");

        _bench.UsePeers("there");
        _bench.After(TimeSpan.FromSeconds(1));

        Told().ShouldBe(["c1 reset"]);
        _bench.Waiting().ShouldBeEmpty();
    }

    [Fact]
    public void AMessageOfAnApplication_AtAnOutletOfStreams_SaysWhatIsWrongWithIt()
    {
        _bench.Use(_frames with { Format = new FrameFormat.Stream(), IsPerConversation = true });

        _bench.Enqueue("a", "b");

        _bench.DeadLetters().Count.ShouldBe(2);
        _bench.DeadLetters().ShouldAllBe(text =>
            text.EndsWith("it belongs to no conversation of an inlet, and this outlet writes streams alone"));
    }

    private List<string> Told() => [.. _bench.Outgoing.Select(message => TcpHeaders.Read(message.Headers))
        .Select(headers => $"{headers.Conversation} {headers.Event}")];
}
