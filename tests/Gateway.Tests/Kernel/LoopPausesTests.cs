using Shouldly;
using Xunit;

namespace Gateway.Tests.Kernel;

/// <summary>Time in which the loop stood still is nobody's but its own.</summary>
public sealed class LoopPausesTests
{
    private static readonly DateTimeOffset _start = new(2030, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly TimeSpan _rest = TimeSpan.FromSeconds(1);

    private readonly LoopClock _clock = new();

    [Fact]
    public void ALoopThatComesInTime_HasRunAllTheTime()
    {
        for (var ms = 0; ms <= 60_000; ms += 1_200) Advance(ms).ShouldBe(TimeSpan.Zero);

        _clock.Uptime.ShouldBe(TimeSpan.FromSeconds(60));
        _clock.PausedWithin(TimeSpan.MaxValue).ShouldBe(TimeSpan.Zero);
    }

    [Fact]
    public void ALoopThatStoodStill_HasRunForTheRestAlone_AndKnowsForHowLongItDidNot()
    {
        Advance(0);
        Advance(13_000).ShouldBe(TimeSpan.FromSeconds(12));

        _clock.Uptime.ShouldBe(_rest);
        _clock.PausedWithin(TimeSpan.FromSeconds(8)).ShouldBe(TimeSpan.FromSeconds(12));
        _clock.Now.ShouldBe(_start.AddSeconds(13), "the wall clock went on");
    }

    [Fact]
    public void PausesOfLongAgo_AreForgotten()
    {
        Advance(0);
        Advance(5_000);
        for (var ms = 6_000; ms <= 20_000; ms += 1_000) Advance(ms);

        _clock.PausedWithin(TimeSpan.FromSeconds(8)).ShouldBe(TimeSpan.Zero);
        _clock.PausedWithin(TimeSpan.FromSeconds(30)).ShouldBe(TimeSpan.FromSeconds(4));
    }

    private TimeSpan Advance(int ms) => _clock.Advance(_start.AddMilliseconds(ms), TimeSpan.FromMilliseconds(ms), _rest);
}
