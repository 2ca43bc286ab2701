using System.Diagnostics;
using Gateway.Transport.Plain;
using Shouldly;
using Xunit;

namespace Gateway.Tests.Transport.Plain;

public sealed class ProcessStartTests
{
    private const string Stat =
        "4711 (a) S 1 (b)) S 1 4711 4711 0 -1 4194304 100 0 0 0 5 6 0 0 20 0 7 0 360050 1000000 200 18446744073709551615";

    [Fact]
    public void TheFigure_IsFound_WhateverTheNameHolds() => ProcessStart.TicksOf(Stat).ShouldBe(360_050);

    [Theory]
    [InlineData("")]
    [InlineData("4711 (a) S 1 2")]
    public void WhatIsCutShort_HasNone(string stat) => ProcessStart.TicksOf(stat).ShouldBe(0);

    [Fact]
    public void TheTime_IsByTheClockThatTheHostHasNow()
    {
        ProcessStart.At(360_050, ["cpu 1 2", "btime 1000000", "processes 5"])
            .ShouldBe(DateTimeOffset.FromUnixTimeSeconds(1_000_000).AddSeconds(3600.5));
        ProcessStart.At(360_050, ["cpu 1 2"]).ShouldBeNull();
    }

    [Fact]
    public void ThisProcess_HasBegunWhenTheSystemSays()
    {
        using var own = Process.GetCurrentProcess();
        var (began, at) = OperatingSystem.IsLinux() ? ProcessStart.OnLinux(own.Id) : ProcessStart.Of(own, TimeProvider.System);

        began.ShouldBeGreaterThan(0);
        at.ShouldNotBeNull().ShouldBe(own.StartTime, TimeSpan.FromSeconds(2));
    }

    [Fact]
    public void AStartInTheFuture_IsInDoubt()
    {
        using var own = Process.GetCurrentProcess();

        ProcessStart.Of(own, new FixedTime(new DateTimeOffset(own.StartTime).AddHours(-1))).At.ShouldBeNull();
    }

    [Fact]
    public void AProcessThatIsGone_HasNone() => ProcessStart.OnLinux(int.MaxValue).ShouldBe((0, null));

    private sealed class FixedTime(DateTimeOffset now) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => now;
    }
}
