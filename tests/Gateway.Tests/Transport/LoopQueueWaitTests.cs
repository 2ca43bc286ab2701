using System.Diagnostics;
using Gateway.Transport;
using Shouldly;
using Xunit;

namespace Gateway.Tests.Transport;

public sealed class LoopQueueWaitTests
{
    [Theory]
    [InlineData(0.2)]
    [InlineData(0.999)]
    [InlineData(3.7)]
    [InlineData(20.5)]
    public void Wait_DoesNotReturnBeforeItsTime_SoThatNobodyTurnsAroundUntilItComes(double milliseconds)
    {
        var queue = new LoopQueue();
        var timeout = TimeSpan.FromMilliseconds(milliseconds);
        for (var i = 0; i < 5; i++)
        {
            var began = Stopwatch.GetTimestamp();

            queue.Wait(timeout);

            Stopwatch.GetElapsedTime(began).ShouldBeGreaterThanOrEqualTo(timeout);
        }
    }
}
