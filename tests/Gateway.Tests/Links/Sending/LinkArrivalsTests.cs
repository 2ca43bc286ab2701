using Gateway.Links.Sending;
using Shouldly;
using Xunit;

namespace Gateway.Tests.Links.Sending;

public sealed class LinkArrivalsTests
{
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(16);

    private readonly LinkArrivals _arrivals = new(_patience);

    [Fact]
    public void WhatNothingAnswers_IsNotKnownToBeThere()
    {
        var place = _arrivals.Next();

        _arrivals.Since(place).ShouldBeNull();
        _arrivals.IsAwaited.ShouldBeTrue();
    }

    [Fact]
    public void AnAnswer_ShowsThatAllBeforeIsThere()
    {
        var (first, second, third) = (_arrivals.Next(), _arrivals.Next(), _arrivals.Next());
        _arrivals.OnAnswered(second, Seconds(5));

        _arrivals.Since(first).ShouldBe(Seconds(5));
        _arrivals.Since(second).ShouldBe(Seconds(5));
        _arrivals.Since(third).ShouldBeNull();
    }

    [Fact]
    public void EachArrival_KeepsItsTime()
    {
        var (first, second) = (_arrivals.Next(), _arrivals.Next());
        _arrivals.OnAnswered(first, Seconds(5));
        _arrivals.OnAnswered(second, Seconds(9));

        _arrivals.Since(first).ShouldBe(Seconds(5));
        _arrivals.Since(second).ShouldBe(Seconds(9));
    }

    [Fact]
    public void AnAnswerToWhatWasNotSent_IsIgnored()
    {
        var place = _arrivals.Next();
        _arrivals.OnAnswered(place + 1, Seconds(5));

        _arrivals.Since(place).ShouldBeNull();
    }

    [Fact]
    public void AnAnswerOfAnEarlierConnection_TellsNothing()
    {
        var earlier = _arrivals.Next();
        _arrivals.Begin();
        var place = _arrivals.Next();
        _arrivals.OnAnswered(earlier, Seconds(5));

        _arrivals.Since(place).ShouldBeNull();
        _arrivals.IsAwaited.ShouldBeTrue();
    }

    [Fact]
    public void ALongFlow_NeverTellsAnArrivalTooEarly_AndLittleTooLate()
    {
        for (var ms = 0; ms < 100_000; ms += 10)
        {
            var place = _arrivals.Next();
            _arrivals.OnAnswered(place, TimeSpan.FromMilliseconds(ms));
            var looked = Math.Max(1, place - 500);
            var truth = TimeSpan.FromMilliseconds((looked - 1) * 10);
            _arrivals.Since(looked)!.Value.ShouldBeInRange(truth, truth + (_patience / 16));
        }
    }

    private static TimeSpan Seconds(int seconds) => TimeSpan.FromSeconds(seconds);
}
