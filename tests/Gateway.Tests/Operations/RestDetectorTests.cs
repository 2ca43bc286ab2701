using Gateway.Operations;
using Shouldly;
using Xunit;

namespace Gateway.Tests.Operations;

public sealed class RestDetectorTests
{
    private readonly RestDetector _rest = new();
    private long _allocated;

    [Fact]
    public void TheStart_IsWorkThatIsOver() => After(RestDetector.RestBytesMax).ShouldBe(Garbage.All);

    [Fact]
    public void WhoWorks_IsLeftToTheCollector()
    {
        for (var i = 0; i < 10; i++) After(RestDetector.RestBytesMax + 1).ShouldBe(Garbage.None);
    }

    [Fact]
    public void AfterWork_AllIsCollectedOnce()
    {
        After(0);
        for (var i = 0; i < 3; i++)
        {
            After(RestDetector.RestBytesMax + 1).ShouldBe(Garbage.None);
            After(0).ShouldBe(Garbage.All);
            After(0).ShouldBe(Garbage.None);
        }
    }

    [Fact]
    public void AtRest_LittleIsLeftUntilItIsMuch()
    {
        After(0);
        After(RestDetector.GarbageBytesMin - 1).ShouldBe(Garbage.None);
        After(1).ShouldBe(Garbage.Young);
        After(RestDetector.GarbageBytesMin - 1).ShouldBe(Garbage.None);
    }

    private Garbage After(long bytes) => _rest.Look(_allocated += bytes);
}
