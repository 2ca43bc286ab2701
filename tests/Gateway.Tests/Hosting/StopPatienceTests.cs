using Gateway.Hosting;
using Shouldly;
using Xunit;

namespace Gateway.Tests.Hosting;

public sealed class StopPatienceTests
{
    [Theory]
    [InlineData(600, 600, 1)]
    [InlineData(5, 5, 1)]
    [InlineData(0, 0, 0)]
    public void Drain_InAHurry_LeavesTimeForTheRest(int configured, int usual, int hurried)
    {
        var patience = new StopPatience(TimeSpan.FromSeconds(configured));

        patience.Drain.ShouldBe(TimeSpan.FromSeconds(usual));
        patience.Hurry();
        patience.Drain.ShouldBe(TimeSpan.FromSeconds(hurried));
    }
}
