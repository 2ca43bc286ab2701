using Gateway.Management;
using Shouldly;
using Xunit;

namespace Gateway.Tests.Management;

public sealed class EventTailTests
{
    private const long Begin = 7_000;

    private readonly EventTail _tail = new(new LoopClock(), Begin);

    [Fact]
    public void WhoStandsWhereTheRunBegan_GetsAll_InPieces()
    {
        Add(5);

        _tail.ReadAfter(Begin, 3).Select(entry => entry.Number - Begin).ShouldBe([1, 2, 3]);
        _tail.ReadAfter(Begin + 3, 3).Select(entry => entry.Text).ShouldBe(["event 4", "event 5"]);
        _tail.ReadAfter(Begin + 5, 3).ShouldBeEmpty();
    }

    [Fact]
    public void WhoComesTooLateForSome_IsTold_ForHowMany()
    {
        Add(EventTail.EventsMax + 10);

        var told = _tail.ReadAfter(Begin + 3, 4);

        told[0].ShouldSatisfyAllConditions(missed => missed.Kind.ShouldBe("missed"), missed => missed.Missed.ShouldBe(7),
            missed => missed.Text.ShouldStartWith("missing here: 7 events;"));
        told.Skip(1).Select(entry => entry.Text).ShouldBe(["event 11", "event 12", "event 13"]);
        _tail.ReadAfter(told[0].Number, 1).Single().Text.ShouldBe(
            "event 11", "whoever goes on behind the event that stands for others misses nothing more");
        _tail.ReadAfter(Begin + 10, 1).Single().Text.ShouldBe("event 11", "nothing is missing");
    }

    [Theory]
    [InlineData(Begin - 1)]
    [InlineData(Begin + 3)]
    [InlineData(-1)]
    [InlineData(long.MaxValue)]
    public void ANumberThatThisRunHasNotGiven_IsOfAnother(long number)
    {
        Add(2);

        var told = _tail.ReadAfter(number, 10);

        told[0].ShouldSatisfyAllConditions(missed => missed.Kind.ShouldBe("missed"), missed => missed.Missed.ShouldBeNull(),
            missed => missed.Text.ShouldContain("does not belong to this run"));
        told.Skip(1).Select(entry => entry.Text).ShouldBe(["event 1", "event 2"]);
        _tail.ReadAfter(told[^1].Number, 10).ShouldBeEmpty();
    }

    [Fact]
    public void WithoutAnyEventYet_ANumberOfAnotherRun_IsAnsweredOnce()
    {
        var told = _tail.ReadAfter(12, 10).ShouldHaveSingleItem();

        told.Kind.ShouldBe("missed");
        _tail.ReadAfter(told.Number, 10).ShouldBeEmpty();
    }

    [Fact]
    public void LongTexts_AreKeptByTheirLength()
    {
        for (var i = 0; i < 20; i++) _tail.Add("link", "there", new string('x', EventTail.CharactersMax / 10));

        _tail.ReadAfter(Begin, 100).Count.ShouldBe(1 + 10);
    }

    private void Add(int count)
    {
        for (var i = 1; i <= count; i++) _tail.Add("link", "there", $"event {i}");
    }
}
