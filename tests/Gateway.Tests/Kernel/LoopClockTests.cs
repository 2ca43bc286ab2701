using Shouldly;
using Xunit;

namespace Gateway.Tests.Kernel;

public sealed class LoopClockTests
{
    private static readonly DateTimeOffset _noon = new(2030, 1, 1, 12, 0, 0, TimeSpan.Zero);

    private readonly LoopClock _clock = new();

    [Fact]
    public void AWallClockThatIsSetBack_IsFollowedWhenItIsSaid()
    {
        _clock.Advance(_noon, TimeSpan.Zero);
        _clock.Advance(_noon.AddHours(-1), TimeSpan.FromSeconds(1));
        _clock.Now.ShouldBe(_noon);
        _clock.IsAhead.ShouldBeTrue();

        _clock.GoBack();

        _clock.Now.ShouldBe(_noon.AddHours(-1));
        _clock.IsAhead.ShouldBeFalse();
        _clock.Uptime.ShouldBe(TimeSpan.FromSeconds(1));
    }

    [Fact]
    public void AWallClockThatIsSetBackALittle_IsWaitedFor()
    {
        _clock.Advance(_noon, TimeSpan.Zero);
        _clock.Advance(_noon.AddMilliseconds(-900), TimeSpan.Zero);

        _clock.IsAhead.ShouldBeFalse();
        _clock.Now.ShouldBe(_noon);
    }
}
