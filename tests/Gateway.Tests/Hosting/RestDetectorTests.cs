using Gateway.Hosting;
using Shouldly;
using Xunit;

namespace Gateway.Tests.Hosting;

public sealed class RestDetectorTests
{
    private const long Large = RestDetector.HeapBytesMax + 1;

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

    [Fact]
    public void AfterWorkThatFilledTheHeap_ItIsSweptFirst_AndCompactedWhenLittleIsLeft()
    {
        After(0);
        After(RestDetector.RestBytesMax + 1, Large);
        After(0, Large).ShouldBe(Garbage.Much);
        After(0, RestDetector.HeapBytesMax).ShouldBe(Garbage.All);
        After(0, RestDetector.HeapBytesMax).ShouldBe(Garbage.None);
    }

    [Fact]
    public void WhatIsLargeWhenItWasSwept_IsLeftAsItIs()
    {
        After(0);
        for (var i = 0; i < 3; i++)
        {
            After(RestDetector.RestBytesMax + 1, Large);
            After(0, Large).ShouldBe(Garbage.Much);
            After(0, Large).ShouldBe(Garbage.None);
            After(0, Large).ShouldBe(Garbage.None);
        }
    }

    [Fact]
    public void WorkBetweenSweepingAndCompacting_IsWaitedFor()
    {
        After(0);
        After(RestDetector.RestBytesMax + 1, Large);
        After(0, Large).ShouldBe(Garbage.Much);
        After(RestDetector.RestBytesMax + 1, Large).ShouldBe(Garbage.None);
        After(0, Large).ShouldBe(Garbage.Much);
        After(0).ShouldBe(Garbage.All);
    }

    private Garbage After(long bytes, long heapBytes = 0) => _rest.Look(_allocated += bytes, heapBytes);
}
