using Gateway.Client.Session;
using Shouldly;
using Xunit;

namespace Gateway.Tests.Client.Session;

public sealed class PrefetchPaceTests
{
    private const int Most = 64;

    private static readonly TimeSpan _lease = TimeSpan.FromSeconds(30);

    private readonly PrefetchPace _pace = new();

    [Fact]
    public void NothingMeasured_IsWhatItIsSaidToBe() => Window(unknown: 7).ShouldBe(7);

    [Theory]
    [InlineData(0, Most)]
    [InlineData(1, Most)]
    [InlineData(600, 12)]
    [InlineData(7_500, 1)]
    [InlineData(100_000, 1)]
    public void WhatWaits_IsTakenInAQuarterOfTheLease(int millisecondsEach, int window)
    {
        for (var i = 0; i < 10; i++)
            _pace.Measure(TimeSpan.FromMilliseconds(millisecondsEach));

        Window().ShouldBe(window);
    }

    [Fact]
    public void OneLongPause_OfAFastApplication_IsForgottenSoon()
    {
        _pace.Measure(TimeSpan.FromMilliseconds(1));
        _pace.Measure(TimeSpan.FromSeconds(10));
        Window().ShouldBe(1);

        for (var i = 0; i < 40; i++)
            _pace.Measure(TimeSpan.FromMilliseconds(1));

        Window().ShouldBe(Most);
    }

    private int Window(int unknown = Most) => _pace.Window(_lease, Most, unknown);
}
