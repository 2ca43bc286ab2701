using Gateway.Dashboard.Live;
using Gateway.Links.Causes;
using Gateway.Links.Protocol;
using Shouldly;
using Xunit;

namespace Gateway.Tests.Dashboard;

public sealed class TimelineTests
{
    private static readonly DateTimeOffset _now = new(2030, 5, 4, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Of_NoHistory_IsOneUnknownPiece()
    {
        var piece = Timeline.Of([], _now.AddHours(-1), _now).ShouldHaveSingleItem();

        piece.State.ShouldBeNull();
        (piece.Start, piece.Width).ShouldBe((0, 1));
        Timeline.Describe([piece]).ShouldBe("Nothing is known of this time.");
    }

    [Fact]
    public void Of_WhatBeganBefore_LastsIntoThePicture()
    {
        var pieces = Timeline.Of([Change(-120, LinkState.Up), Change(-30, LinkState.Down, LinkCause.Refused)], _now.AddHours(-1), _now);

        pieces.Select(piece => (piece.State, piece.Start, piece.Width)).ShouldBe([(LinkState.Up, 0, 0.5), (LinkState.Down, 0.5, 0.5)]);
        Timeline.Describe(pieces).ShouldBe("Up 50 % of the time; down once (Refused).");
    }

    [Fact]
    public void Of_TheTimeBeforeTheFirstChange_IsUnknown()
    {
        var pieces = Timeline.Of([Change(-30, LinkState.Up)], _now.AddHours(-1), _now);

        pieces.Select(piece => piece.State).ShouldBe([null, LinkState.Up]);
        Timeline.Describe(pieces).ShouldBe("Up 100 % of the time; never down.");
    }

    [Fact]
    public void Of_ChangesAtOneTimeAndInTheFuture_LeaveNoEmptyPiece()
    {
        var pieces = Timeline.Of([Change(-90, LinkState.Up), Change(-30, LinkState.Down), Change(-30, LinkState.Connecting),
            Change(10, LinkState.Up)], _now.AddHours(-1), _now);

        pieces.Select(piece => piece.State).ShouldBe([LinkState.Up, LinkState.Connecting]);
        pieces.Sum(piece => piece.Width).ShouldBe(1, 1e-9);
    }

    [Fact]
    public void Of_AChangeNotedByAClockThatWasSetBackSince_HidesNothingThatCameAfterIt()
    {
        var pieces = Timeline.Of([Change(-90, LinkState.Up), Change(100, LinkState.Down), Change(-30, LinkState.Connecting),
            Change(-10, LinkState.Up)], _now.AddHours(-1), _now);

        pieces.Select(piece => piece.State).ShouldBe([LinkState.Up, LinkState.Connecting, LinkState.Up]);
    }

    private static LinkChange Change(int minutes, LinkState state, LinkCause cause = LinkCause.None) =>
        new(_now.AddMinutes(minutes), state, cause, "");
}
