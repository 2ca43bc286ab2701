using Gateway.Hosting;
using Shouldly;
using Xunit;

namespace Gateway.Tests.Hosting;

public sealed class ServiceWatchTests
{
    [Theory]
    [InlineData(null, 0)]
    [InlineData("", 0)]
    [InlineData("-5", 0)]
    [InlineData("soon", 0)]
    [InlineData("60000000", 60)]
    public void WatchdogOf_WhatTheServiceManagerSays_IsItsLimit(string? microseconds, double seconds) =>
        ServiceWatch.WatchdogOf(microseconds).ShouldBe(TimeSpan.FromSeconds(seconds));

    [Theory]
    [InlineData(0, 10)]
    [InlineData(60, 10)]
    [InlineData(6, 2)]
    public void IntervalOf_AWatchdog_LetsOneLookFail(double watchdog, double interval) =>
        ServiceWatch.IntervalOf(TimeSpan.FromSeconds(watchdog)).ShouldBe(TimeSpan.FromSeconds(interval));
}
