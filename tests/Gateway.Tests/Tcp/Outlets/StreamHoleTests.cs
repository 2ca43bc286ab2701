using Gateway.Links.Causes;
using Gateway.Links.Protocol;
using Gateway.Tcp;
using Gateway.Tcp.Framing;
using Shouldly;
using Xunit;

namespace Gateway.Tests.Tcp.Outlets;

/// <summary>A stream of which a piece is missing: what comes behind that is not written to the target, and both sides are reset.</summary>
public sealed class StreamHoleTests
{
    private static readonly OutletSettings _stream =
        OutletBench.Settings() with { Format = new FrameFormat.Stream(), IsPerConversation = true };

    private readonly OutletBench _bench = new();

    [Fact]
    public void WhatComesBehindAHole_IsNotWritten_AndBothSidesAreReset()
    {
        var target = Begin();
        _bench.Pieces("c1", 1, "a", "b");
        target.Acknowledge();

        _bench.Pieces("c1", 4, "d", "e");
        _bench.Tell("c1", TcpNames.Finished, 6);

        target.Written.ShouldBe("a\nb\n");
        target.IsReset.ShouldBe(true);
        target.IsFinished.ShouldBeFalse();
        Told().ShouldBe("reset");
        _bench.DeadLetters().Count.ShouldBe(2);
        _bench.DeadLetters()[0].ShouldBe(
            "Rejected: the connection of its conversation had ended: piece 3 of conversation c1 is missing, and piece 4 came");
        _bench.Waiting().ShouldBeEmpty();
    }

    [Fact]
    public void AHole_IsInTheHistory_AndTheOutletStaysUp()
    {
        Begin();
        _bench.Pieces("c1", 2, "b");

        _bench.Status.IsWell.ShouldBeTrue();
        var change = _bench.Changes[^1];
        (change.State, change.Cause).ShouldBe((LinkState.Up, LinkCause.PieceMissing));
        change.Evidence.ShouldBe("piece 1 of conversation c1 is missing, and piece 2 came");
    }

    [Fact]
    public void WhatCameBeforeAHole_IsDeliveredBeforeTheReset()
    {
        var target = Begin();
        _bench.Pieces("c1", 1, "a");
        _bench.Pieces("c1", 3, "c");
        target.IsReset.ShouldBeNull();

        target.Acknowledge();
        _bench.Run();

        target.IsReset.ShouldBe(true);
        target.Written.ShouldBe("a\n");
    }

    [Fact]
    public void AnEnd_BeforeWhichAPieceIsMissing_IsNoEnd()
    {
        var target = Begin();
        _bench.Pieces("c1", 1, "a");
        target.Acknowledge();

        _bench.Tell("c1", TcpNames.Finished, 3);

        target.IsFinished.ShouldBeFalse();
        target.IsReset.ShouldBe(true);
        Told().ShouldBe("reset");
    }

    [Fact]
    public void AnEndBehindAllPieces_EndsInOrder()
    {
        var target = Begin();
        _bench.Pieces("c1", 1, "a", "b");
        _bench.Tell("c1", TcpNames.Finished, 3);
        target.Acknowledge();

        target.IsFinished.ShouldBeTrue();
        target.IsReset.ShouldBeNull();
    }

    [Fact]
    public void APieceThatWasWritten_AndComesAgain_IsADeadLetter_AndTheStreamGoesOn()
    {
        var target = Begin();
        _bench.Pieces("c1", 1, "a", "b");

        _bench.Pieces("c1", 1, "a");
        _bench.Pieces("c1", 3, "c");

        target.Written.ShouldBe("a\nb\nc\n");
        target.IsReset.ShouldBeNull();
        _bench.DeadLetters().ShouldHaveSingleItem().ShouldBe("Rejected: piece 1 of conversation c1 was written before");
    }

    [Fact]
    public void AHoleOfOneStream_IsNoneOfAnother()
    {
        Begin();
        _bench.Tell("c2", TcpNames.Began);
        var other = _bench.Targets.Last;
        _bench.Up(other);

        _bench.Pieces("c1", 2, "b");
        _bench.Pieces("c2", 1, "x", "y");

        other.Written.ShouldBe("x\ny\n");
        other.IsReset.ShouldBeNull();
    }

    [Fact]
    public void AStreamWithoutItsBeginning_IsNotWritten()
    {
        _bench.Use(_stream);

        _bench.Pieces("c1", 1, "a");

        _bench.Targets.Dialed.ShouldBeEmpty();
        Told().ShouldBe("reset");
        _bench.DeadLetters().ShouldHaveSingleItem().ShouldStartWith("Rejected: the beginning of its conversation is not here");
    }

    [Fact]
    public void PiecesOfTheTarget_AreNumbered_AndItsEndSaysHowManyThereWere()
    {
        var target = Begin();

        target.Send("a", "b");
        target.Close();
        _bench.Run();

        Sent().ShouldBe("a1 b2 [finished]3");
    }

    [Fact]
    public void APieceOfTheTarget_IsNoLargerThanThePeerTakes()
    {
        var target = Begin();
        _bench.Standing.Largest = 3;

        target.Send("abcdefgh", "i");
        target.Close();
        _bench.Run();

        Sent().ShouldBe("abc1 def2 gh3 i4 [finished]5");
        target.Taken.ShouldBe(9);
    }

    [Fact]
    public void ThePiecesOfASilentStream_AreNumberedOn_HoweverManyOthersSpeakMeanwhile()
    {
        var target = Begin();
        target.Send("a");
        _bench.Run();
        for (var i = 0; i < 10_001; i++)
        {
            _bench.Tell($"other{i}", TcpNames.Began);
            var other = _bench.Targets.Last;
            other.Connect();
            _bench.Run();
            other.Send("x");
            other.Reset();
        }

        target.Send("b");
        _bench.Run();

        TcpHeaders.Read(_bench.Outgoing[^1].Headers).Frame.ShouldBe(2);
    }

    [Fact]
    public void AReplyThatCannotBeSentBack_ResetsTheTarget_AndTheInletIsToldAsSoonAsItCanBe()
    {
        var target = Begin();
        target.Send("a");
        _bench.Run();
        _bench.UsePeers();
        target.Send("b");
        _bench.Run();
        _bench.UsePeers("there");

        _bench.After(TimeSpan.Zero);
        target.IsReset.ShouldBe(true);
        _bench.After(TimeSpan.FromSeconds(1));

        Sent().ShouldBe("a1 [reset]0");
        _bench.DeadLetters().ShouldHaveSingleItem().ShouldStartWith("Unclaimed: it cannot be sent back to in.replies@there: 'there' is");
        _bench.Changes[^1].Cause.ShouldBe(LinkCause.PieceMissing);
        _bench.Waiting().ShouldBeEmpty();
    }

    [Fact]
    public void TheEndOfAStream_ThatCannotBeTold_IsToldByALaterRun()
    {
        var target = Begin();
        _bench.UsePeers();
        target.Reset();
        _bench.After(TimeSpan.FromSeconds(5));
        _bench.Waiting().ShouldNotBeEmpty();

        _bench.Restart();
        _bench.Use(_stream);
        _bench.Run();

        Told().ShouldBe("reset");
        _bench.Waiting().ShouldBeEmpty();
    }

    [Fact]
    public void AnEndInOrder_ThatCannotBeTold_BecomesAReset()
    {
        var target = Begin();
        _bench.UsePeers();
        target.Close();
        _bench.After(TimeSpan.Zero);
        target.IsReset.ShouldBe(true);
        _bench.UsePeers("there");

        _bench.After(TimeSpan.FromSeconds(1));

        Told().ShouldBe("reset");
    }

    private FakeTarget Begin()
    {
        _bench.Use(_stream);
        _bench.Tell("c1", TcpNames.Began);
        var target = _bench.Targets.Last;
        _bench.Up(target);
        return target;
    }

    private string Told() => string.Join(" ", _bench.Outgoing.Select(message => TcpHeaders.Read(message.Headers).Event));

    private string Sent() => string.Join(" ", _bench.Outgoing.Select(message => TcpHeaders.Read(message.Headers) switch
    {
        { Event.Length: > 0 } told => $"[{told.Event}]{told.Frame}",
        var piece => $"{System.Text.Encoding.UTF8.GetString(message.Body.Span)}{piece.Frame}",
    }));
}
