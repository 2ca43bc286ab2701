using CsCheck;
using Shouldly;
using Xunit;

namespace Gateway.Tests.Kernel;

/// <summary>Actions that may happen a little early happen at moments common to all gateways.</summary>
public sealed class CommonMomentTests
{
    private static readonly DateTimeOffset _noon = new(2030, 1, 1, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void ACommonMoment_IsNeverLate_AndNeverEarlyByTheWholeDistance() => Gen.Select(
        Gen.Int[0, 10_000_000], Gen.Int[0, 10_000_000], Gen.Int[100, 10_000]).Sample((beganMs, dueMs, apartMs) =>
        {
            var clock = new LoopClock();
            clock.Advance(_noon.AddMilliseconds(beganMs), TimeSpan.Zero);
            var (due, apart) = (TimeSpan.FromMilliseconds(dueMs), TimeSpan.FromMilliseconds(apartMs));

            var moment = clock.CommonMoment(due, apart);

            moment.ShouldBeLessThanOrEqualTo(due);
            moment.ShouldBeGreaterThan(due - apart);
            clock.CommonMoment(moment, apart).ShouldBe(moment);
        });

    [Fact]
    public void GatewaysThatBeganAtDifferentTimes_HaveTheSameMoments()
    {
        var (one, other) = (Began(_noon.AddMilliseconds(137)), Began(_noon.AddMilliseconds(71_420)));

        var ofOne = _noon.AddMilliseconds(137) + one.CommonMoment(TimeSpan.FromMinutes(2), TimeSpan.FromSeconds(2));
        var ofOther = _noon.AddMilliseconds(71_420) + other.CommonMoment(TimeSpan.FromMinutes(2), TimeSpan.FromSeconds(2));

        ((ofOther - ofOne).Ticks % TimeSpan.FromSeconds(2).Ticks).ShouldBe(0);
    }

    [Fact]
    public void AWallClockThatIsSet_DoesNotMoveThem()
    {
        var clock = Began(_noon);
        var before = clock.CommonMoment(TimeSpan.FromSeconds(61.5), TimeSpan.FromSeconds(1));

        clock.Advance(_noon.AddHours(3).AddMilliseconds(300), TimeSpan.FromSeconds(60));

        clock.CommonMoment(TimeSpan.FromSeconds(61.5), TimeSpan.FromSeconds(1)).ShouldBe(before);
    }

    [Fact]
    public void ALoopThatStoodStill_FindsThemAgain()
    {
        var clock = Began(_noon);
        var (rest, pause) = (TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(5.3));

        clock.Advance(_noon + rest + pause, rest + pause, rest).ShouldBe(pause);
        var due = clock.Uptime + TimeSpan.FromSeconds(1);

        // It is 6.3 s past noon by the wall clock, and 7.3 s when it is due.
        clock.CommonMoment(due, TimeSpan.FromSeconds(1)).ShouldBe(due - TimeSpan.FromSeconds(0.3));
    }

    private static LoopClock Began(DateTimeOffset at)
    {
        var clock = new LoopClock();
        clock.Advance(at, TimeSpan.Zero);
        return clock;
    }
}
