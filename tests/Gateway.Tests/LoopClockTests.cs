using Shouldly;
using Xunit;

namespace Gateway.Tests;

public sealed class LoopClockTests
{
    private static readonly DateTimeOffset _noon = new(2030, 1, 1, 12, 0, 0, TimeSpan.Zero);

    private readonly LoopClock _clock = new();

    [Fact]
    public void AWallClockThatIsSetBack_IsFollowed()
    {
        _clock.Advance(_noon, TimeSpan.Zero);
        _clock.Advance(_noon.AddHours(-1), TimeSpan.FromSeconds(1));

        _clock.Now.ShouldBe(_noon.AddHours(-1));
        _clock.Uptime.ShouldBe(TimeSpan.FromSeconds(1));
    }

    [Fact]
    public void AWallClockThatIsSetBack_IsNotFollowedWhileSomebodyReliesOnIt()
    {
        _clock.Advance(_noon, TimeSpan.Zero);
        _clock.Hold();
        _clock.Advance(_noon.AddHours(-1), TimeSpan.FromSeconds(1));
        _clock.Now.ShouldBe(_noon);

        _clock.LetGo();
        _clock.Advance(_noon.AddHours(-1), TimeSpan.FromSeconds(2));
        _clock.Now.ShouldBe(_noon.AddHours(-1));
    }
}
