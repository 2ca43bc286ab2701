using Gateway.Store.Messages;
using Gateway.Tcp;
using Gateway.Tcp.Inlets;
using Shouldly;
using Xunit;

namespace Gateway.Tests.Tcp.Inlets;

/// <summary>The ends of streams at an inlet: in order only if both directions came to their end.</summary>
public sealed class StreamInletTests : StreamInletTest
{
    [Fact]
    public void AStream_IsToldAsOne_OnEachOfItsMessages()
    {
        Program.Send("a");
        End(InputEndKind.Finished);

        Bench.Messages(QueueId.Outgoing("q", "there")).Select(message => TcpHeaders.Read(message.Headers).Framing)
            .ShouldBe(["stream", "stream", "stream"]);
    }

    [Fact]
    public void AFarSideThatFinishes_AndIsReset_ResetsTheProgram()
    {
        Reply("", TcpNames.Finished);

        Reply("", TcpNames.WasReset);
        Program.IsStopped.ShouldBeTrue();
        End(InputEndKind.Stopped);

        Program.HungUp.ShouldBe("reset");
        Bench.Sent().ShouldBe("[began]");
    }

    [Fact]
    public void AfterTheEndOfTheFarSide_NothingIsWritten()
    {
        Reply("", TcpNames.Finished);

        Reply("more");

        Program.Got.ShouldBeEmpty();
        Bench.DeadLetters().ShouldHaveSingleItem().ShouldStartWith("in.replies Unclaimed");
    }

    [Fact]
    public void AProgramThatIsGone_AfterTheEndOfWhatItSends_IsToldToTheFarSide()
    {
        Program.Send("a");
        End(InputEndKind.Finished);
        Bench.Sent().ShouldBe("[began] a1 [finished]");

        Program.Lose();
        Bench.Store.Run();

        Bench.Sent().ShouldBe("[began] a1 [finished] [reset]");
        Bench.Status.Open.ShouldBe(0);
    }

    [Fact]
    public void AProgramThatIsGone_BeforeItsEndIsDurable_IsToldToTheFarSide()
    {
        Program.Send("a");
        Program.End(InputEndKind.Finished);
        Program.Lose();
        Bench.Store.Run();

        Bench.Sent().ShouldBe("[began] a1 [finished] [reset]");
        Bench.Status.Open.ShouldBe(0);
    }

    [Fact]
    public void AStreamInTheMiddle_IsResetOnBothSides_WhenTheInletCloses()
    {
        var reads = Bench.Another("10.0.0.5:5001");
        reads.End(InputEndKind.Finished);
        Bench.Store.Run();

        Bench.Book.Close();
        End(InputEndKind.Stopped);

        (Program.HungUp, reads.HungUp).ShouldBe(("reset", "reset"));
        Bench.Sent().ShouldBe("[began] [began] [finished] [reset] [reset]");
    }

    [Fact]
    public void AStreamInTheMiddle_IsReset_WhenTheGatewayHasNoTimeToTellIt()
    {
        End(InputEndKind.Finished);

        Bench.Book.SayGoodbye();

        Program.HungUp.ShouldBe("reset");
    }

    [Fact]
    public void AnIdleStream_IsResetOnBothSides()
    {
        var bench = new InletBench();
        var program = bench.Connect(Stream with { IdleTimeout = TimeSpan.FromMinutes(1) });

        bench.After(TimeSpan.FromMinutes(2));
        program.End(InputEndKind.Stopped);
        bench.Store.Run();

        program.HungUp.ShouldBe("reset");
        bench.Sent().ShouldBe("[began] [reset]");
    }

    [Fact]
    public void APiece_IsNoLargerThanThePeerTakes_AndWhatWasReadIsDealtWithOnce()
    {
        Bench.Standing.Largest = 3;

        Program.Send("12345678", "9");
        End(InputEndKind.Finished);

        Bench.Sent().ShouldBe("[began] 1231 4562 783 94 [finished]");
        Bench.Status.Frames.ShouldBe(4);
        Program.Taken.ShouldBe(2);
    }

    [Fact]
    public void AStreamThatBothSidesHaveFinished_EndsInOrder_WhateverComesThen()
    {
        End(InputEndKind.Finished);
        Reply("last words");
        Reply("", TcpNames.Finished);
        Reply("", TcpNames.WasReset);

        Program.AcknowledgeAll();
        Bench.Store.Run();

        Program.HungUp.ShouldBe("fin");
        Bench.Sent().ShouldBe("[began] [finished]");
    }
}
