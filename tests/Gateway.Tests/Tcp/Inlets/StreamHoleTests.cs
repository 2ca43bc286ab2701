using Gateway.Links.Causes;
using Gateway.Links.Protocol;
using Gateway.Tcp;
using Gateway.Tcp.Framing;
using Gateway.Tcp.Inlets;
using Shouldly;
using Xunit;

namespace Gateway.Tests.Tcp.Inlets;

/// <summary>Replies of a stream of which a piece is missing: what comes behind that is not written, and both sides are reset.</summary>
public sealed class StreamHoleTests
{
    private static readonly InletSettings _stream = InletBench.Settings() with { Format = new FrameFormat.Stream() };

    private readonly InletBench _bench = new();

    [Fact]
    public void WhatComesBehindAHole_IsNotWritten_AndBothSidesAreReset()
    {
        var program = _bench.Connect(_stream);
        Reply("a", 1);
        program.AcknowledgeAll();

        Reply("c", 3);
        Reply("d", 4);
        program.IsStopped.ShouldBeTrue();
        program.End(InputEndKind.Stopped);
        _bench.Store.Run();

        (program.Got, program.HungUp).ShouldBe(("a", "reset"));
        _bench.Sent().ShouldBe("[began] [reset]");
        _bench.DeadLetters().Count.ShouldBe(2);
        _bench.DeadLetters()[0].ShouldBe(
            $"in.replies Unclaimed: piece 2 of conversation {_bench.Run}-1 is missing, and piece 3 came");
        _bench.Status.Unclaimed.ShouldBe(2);
    }

    [Fact]
    public void AHole_IsInTheHistory_AndTheInletStaysWell()
    {
        var program = _bench.Connect(_stream);
        Reply("b", 2);
        program.End(InputEndKind.Stopped);
        _bench.Store.Run();

        _bench.Status.IsWell.ShouldBeTrue();
        var change = _bench.Kept[^1];
        (change.State, change.Cause).ShouldBe((LinkState.Up, LinkCause.PieceMissing));
        change.Evidence.ShouldBe(
            $"conversation {_bench.Run}-1 with 10.0.0.5:5000: piece 1 of conversation {_bench.Run}-1 is missing, and piece 2 came");
    }

    [Fact]
    public void WhatCameBeforeAHole_IsDeliveredBeforeTheReset()
    {
        var program = _bench.Connect(_stream);
        Reply("a", 1);
        Reply("c", 3);
        program.IsStopped.ShouldBeFalse();

        program.AcknowledgeAll();
        program.End(InputEndKind.Stopped);
        _bench.Store.Run();

        (program.Got, program.HungUp).ShouldBe(("a", "reset"));
    }

    [Fact]
    public void AnEnd_BeforeWhichAPieceIsMissing_IsNoEnd()
    {
        var program = _bench.Connect(_stream);
        program.End(InputEndKind.Finished);
        _bench.Store.Run();
        Reply("a", 1);
        program.AcknowledgeAll();

        _bench.Reply(_bench.Conversation, "", TcpNames.Finished, frame: 3);
        _bench.Store.Run();

        (program.IsFinished, program.HungUp).ShouldBe((false, "reset"));
        _bench.Sent().ShouldBe("[began] [finished] [reset]");
        _bench.DeadLetters().ShouldBeEmpty();
    }

    [Fact]
    public void AnEndBehindAllPieces_EndsInOrder()
    {
        var program = _bench.Connect(_stream);
        program.End(InputEndKind.Finished);
        _bench.Store.Run();
        Reply("a", 1);
        _bench.Reply(_bench.Conversation, "", TcpNames.Finished, frame: 2);
        program.AcknowledgeAll();
        _bench.Store.Run();

        (program.Got, program.HungUp).ShouldBe(("a", "fin"));
    }

    [Fact]
    public void APieceThatWasWritten_AndComesAgain_IsADeadLetter_AndTheStreamGoesOn()
    {
        var program = _bench.Connect(_stream);
        Reply("a", 1);
        Reply("b", 2);

        Reply("a", 1);
        Reply("c", 3);

        (program.Got, program.IsStopped).ShouldBe(("abc", false));
        _bench.DeadLetters().ShouldHaveSingleItem().ShouldEndWith("-1 was written before");
    }

    [Fact]
    public void WhatAnotherOutletSends_IsNotMixedIn()
    {
        var program = _bench.Connect(_stream);
        Reply("a", 1);

        _bench.Reply(_bench.Conversation, "x", frame: 2, outlet: "copy");
        _bench.Reply(_bench.Conversation, "", TcpNames.Finished, frame: 2, outlet: "copy");
        Reply("b", 2);

        (program.Got, program.IsFinished).ShouldBe(("ab", false));
        _bench.DeadLetters().ShouldHaveSingleItem().ShouldContain("is one with out@there, and copy@there has sent this for it, too");
    }

    [Fact]
    public void RepliesToFrames_AreWrittenWhateverTheirNumbers()
    {
        var program = _bench.Connect();
        Reply("a", 1);
        Reply("c", 3);
        Reply("again", 1);

        program.Got.ShouldBe("acagain");
    }

    [Fact]
    public void TheEndOfWhatAProgramSends_SaysHowManyPiecesThereWere()
    {
        var program = _bench.Connect(_stream);
        program.Send("a", "b");
        program.End(InputEndKind.Finished);
        _bench.Store.Run();

        TcpHeaders.Read(_bench.Messages(Gateway.Store.Messages.QueueId.Outgoing("q", "there"))[^1].Headers)
            .ShouldBe(TcpHeaders.Read(_bench.Messages(Gateway.Store.Messages.QueueId.Outgoing("q", "there"))[^2].Headers) with
            { Event = TcpNames.Finished, Frame = 3 });
    }

    private void Reply(string body, long frame) => _bench.Reply(_bench.Conversation, body, frame: frame);
}
