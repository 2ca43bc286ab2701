using Gateway.Tcp;
using Gateway.Tcp.Framing;
using Gateway.Tcp.Inlets;
using Shouldly;
using Xunit;

namespace Gateway.Tests.Tcp.Inlets;

/// <summary>The ends of streams at an inlet: in order only if both directions came to their end.</summary>
public sealed class StreamInletTests
{
    private static readonly InletSettings _stream = InletBench.Settings() with { Format = new FrameFormat.Stream() };

    private readonly InletBench _bench = new();

    [Fact]
    public void AFarSideThatFinishes_AndIsReset_ResetsTheProgram()
    {
        var program = _bench.Connect(_stream);
        _bench.Reply(_bench.Conversation, "", TcpNames.Finished);

        _bench.Reply(_bench.Conversation, "", TcpNames.WasReset);
        program.IsStopped.ShouldBeTrue();
        program.End(InputEndKind.Stopped);
        _bench.Store.Run();

        program.HungUp.ShouldBe("reset");
        _bench.Sent().ShouldBe("[began]");
    }

    [Fact]
    public void AfterTheEndOfTheFarSide_NothingIsWritten()
    {
        var program = _bench.Connect(_stream);
        _bench.Reply(_bench.Conversation, "", TcpNames.Finished);

        _bench.Reply(_bench.Conversation, "more");

        program.Got.ShouldBeEmpty();
        _bench.DeadLetters().ShouldHaveSingleItem().ShouldStartWith("in.replies Unclaimed");
    }

    [Fact]
    public void AProgramThatIsGone_AfterTheEndOfWhatItSends_IsToldToTheFarSide()
    {
        var program = _bench.Connect(_stream);
        program.Send("a");
        program.End(InputEndKind.Finished);
        _bench.Store.Run();
        _bench.Sent().ShouldBe("[began] a1 [finished]");

        program.Lose();
        _bench.Store.Run();

        _bench.Sent().ShouldBe("[began] a1 [finished] [reset]");
        _bench.Status.Open.ShouldBe(0);
    }

    [Fact]
    public void AProgramThatIsGone_BeforeItsEndIsDurable_IsToldToTheFarSide()
    {
        var program = _bench.Connect(_stream);
        program.Send("a");
        program.End(InputEndKind.Finished);
        program.Lose();
        _bench.Store.Run();

        _bench.Sent().ShouldBe("[began] a1 [finished] [reset]");
        _bench.Status.Open.ShouldBe(0);
    }

    [Fact]
    public void AStreamInTheMiddle_IsResetOnBothSides_WhenTheInletCloses()
    {
        var (sends, reads) = (_bench.Connect(_stream), _bench.Another("10.0.0.5:5001"));
        reads.End(InputEndKind.Finished);
        _bench.Store.Run();

        _bench.Book.Close();
        sends.End(InputEndKind.Stopped);
        _bench.Store.Run();

        (sends.HungUp, reads.HungUp).ShouldBe(("reset", "reset"));
        _bench.Sent().ShouldBe("[began] [began] [finished] [reset] [reset]");
    }

    [Fact]
    public void AStreamInTheMiddle_IsReset_WhenTheGatewayHasNoTimeToTellIt()
    {
        var program = _bench.Connect(_stream);
        program.End(InputEndKind.Finished);
        _bench.Store.Run();

        _bench.Book.SayGoodbye();

        program.HungUp.ShouldBe("reset");
    }

    [Fact]
    public void AnIdleStream_IsResetOnBothSides()
    {
        var program = _bench.Connect(_stream with { IdleTimeout = TimeSpan.FromMinutes(1) });

        _bench.After(TimeSpan.FromMinutes(2));
        program.End(InputEndKind.Stopped);
        _bench.Store.Run();

        program.HungUp.ShouldBe("reset");
        _bench.Sent().ShouldBe("[began] [reset]");
    }

    [Fact]
    public void APiece_IsNoLargerThanThePeerTakes_AndWhatWasReadIsDealtWithOnce()
    {
        var program = _bench.Connect(_stream);
        _bench.Standing.Largest = 3;

        program.Send("12345678", "9");
        program.End(InputEndKind.Finished);
        _bench.Store.Run();

        _bench.Sent().ShouldBe("[began] 1231 4562 783 94 [finished]");
        _bench.Status.Frames.ShouldBe(4);
        program.Taken.ShouldBe(2);
    }

    [Fact]
    public void AStreamThatBothSidesHaveFinished_EndsInOrder_WhateverComesThen()
    {
        var program = _bench.Connect(_stream);
        program.End(InputEndKind.Finished);
        _bench.Store.Run();
        _bench.Reply(_bench.Conversation, "last words");
        _bench.Reply(_bench.Conversation, "", TcpNames.Finished);
        _bench.Reply(_bench.Conversation, "", TcpNames.WasReset);

        program.AcknowledgeAll();
        _bench.Store.Run();

        program.HungUp.ShouldBe("fin");
        _bench.Sent().ShouldBe("[began] [finished]");
    }
}
