using Gateway.Links.Causes;
using Gateway.Links.Protocol;
using Gateway.Tcp;
using Gateway.Tcp.Inlets;
using Shouldly;
using Xunit;

namespace Gateway.Tests.Tcp.Inlets;

/// <summary>Replies of a stream of which a piece is missing: what comes behind that is not written, and both sides are reset.</summary>
public sealed class StreamHoleTests : StreamInletTest
{
    [Fact]
    public void WhatComesBehindAHole_IsNotWritten_AndBothSidesAreReset()
    {
        Reply("a", frame: 1);
        Program.AcknowledgeAll();

        Reply("c", frame: 3);
        Reply("d", frame: 4);
        Program.IsStopped.ShouldBeTrue();
        End(InputEndKind.Stopped);

        (Program.Got, Program.HungUp).ShouldBe(("a", "reset"));
        Bench.Sent().ShouldBe("[began] [reset]");
        Bench.DeadLetters().Count.ShouldBe(2);
        Bench.DeadLetters()[0].ShouldBe(
            $"in.replies Unclaimed: piece 2 of conversation {Bench.Run}-1 is missing, and piece 3 came");
        Bench.Status.Unclaimed.ShouldBe(2);
    }

    [Fact]
    public void AHole_IsInTheHistory_AndTheInletStaysWell()
    {
        Reply("b", frame: 2);
        End(InputEndKind.Stopped);

        Bench.Status.IsWell.ShouldBeTrue();
        var change = Bench.Kept[^1];
        (change.State, change.Cause).ShouldBe((LinkState.Up, LinkCause.PieceMissing));
        change.Evidence.ShouldBe(
            $"conversation {Bench.Run}-1 with 10.0.0.5:5000: piece 1 of conversation {Bench.Run}-1 is missing, and piece 2 came");
    }

    [Fact]
    public void WhatCameBeforeAHole_IsDeliveredBeforeTheReset()
    {
        Reply("a", frame: 1);
        Reply("c", frame: 3);
        Program.IsStopped.ShouldBeFalse();

        Program.AcknowledgeAll();
        End(InputEndKind.Stopped);

        (Program.Got, Program.HungUp).ShouldBe(("a", "reset"));
    }

    [Fact]
    public void AnEnd_BeforeWhichAPieceIsMissing_IsNoEnd()
    {
        End(InputEndKind.Finished);
        Reply("a", frame: 1);
        Program.AcknowledgeAll();

        Reply("", TcpNames.Finished, frame: 3);
        Bench.Store.Run();

        (Program.IsFinished, Program.HungUp).ShouldBe((false, "reset"));
        Bench.Sent().ShouldBe("[began] [finished] [reset]");
        Bench.DeadLetters().ShouldBeEmpty();
    }

    [Fact]
    public void AnEndBehindAllPieces_EndsInOrder()
    {
        End(InputEndKind.Finished);
        Reply("a", frame: 1);
        Reply("", TcpNames.Finished, frame: 2);
        Program.AcknowledgeAll();
        Bench.Store.Run();

        (Program.Got, Program.HungUp).ShouldBe(("a", "fin"));
    }

    [Fact]
    public void APieceThatWasWritten_AndComesAgain_IsADeadLetter_AndTheStreamGoesOn()
    {
        Reply("a", frame: 1);
        Reply("b", frame: 2);

        Reply("a", frame: 1);
        Reply("c", frame: 3);

        (Program.Got, Program.IsStopped).ShouldBe(("abc", false));
        Bench.DeadLetters().ShouldHaveSingleItem().ShouldEndWith("-1 was written before");
    }

    [Fact]
    public void WhatAnotherOutletSends_IsNotMixedIn()
    {
        Reply("a", frame: 1);

        Reply("x", frame: 2, outlet: "copy");
        Reply("", TcpNames.Finished, frame: 2, outlet: "copy");
        Reply("b", frame: 2);

        (Program.Got, Program.IsFinished).ShouldBe(("ab", false));
        Bench.DeadLetters().ShouldHaveSingleItem().ShouldContain("is one with out@there, and copy@there has sent this for it, too");
    }

    [Fact]
    public void RepliesToFrames_AreWrittenWhateverTheirNumbers()
    {
        var bench = new InletBench();
        var program = bench.Connect();
        bench.Reply(bench.Conversation, "a", frame: 1);
        bench.Reply(bench.Conversation, "c", frame: 3);
        bench.Reply(bench.Conversation, "again", frame: 1);

        program.Got.ShouldBe("acagain");
    }

    [Fact]
    public void TheEndOfWhatAProgramSends_SaysHowManyPiecesThereWere()
    {
        Program.Send("a", "b");
        End(InputEndKind.Finished);

        TcpHeaders.Read(Bench.Messages(Gateway.Store.Messages.QueueId.Outgoing("q", "there"))[^1].Headers)
            .ShouldBe(TcpHeaders.Read(Bench.Messages(Gateway.Store.Messages.QueueId.Outgoing("q", "there"))[^2].Headers) with
            { Event = TcpNames.Finished, Frame = 3 });
    }
}
