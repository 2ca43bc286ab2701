using Gateway.Transport.Accepting;
using Shouldly;
using Xunit;

namespace Gateway.Tests.Transport.Accepting;

public sealed class MemoryBudgetTests
{
    private readonly MemoryBudget _budget = new(bytesMax: 100);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Room_IsGivenInTheOrderInWhichItWasAskedFor()
    {
        await _budget.TakeAsync(60, Cancel);
        var large = _budget.TakeAsync(80, Cancel).AsTask();
        var small = _budget.TakeAsync(10, Cancel).AsTask();
        (large.IsCompleted, small.IsCompleted)
            .ShouldBe((false, false), "the small one would fit, and the large one would never come to its turn");

        _budget.Release(60);

        await large;
        await small;
        _budget.IsExceeded.ShouldBeFalse();
    }

    [Fact]
    public async Task WhoeverGivesUp_LetsThoseBehindHimIn()
    {
        await _budget.TakeAsync(60, Cancel);
        using var giveUp = new CancellationTokenSource();
        var large = _budget.TakeAsync(80, giveUp.Token).AsTask();
        var small = _budget.TakeAsync(10, Cancel).AsTask();

        await giveUp.CancelAsync();

        await Should.ThrowAsync<OperationCanceledException>(large);
        await small;
        _budget.Release(70);
        await _budget.TakeAsync(100, Cancel);
    }

    [Fact]
    public async Task WhatIsLargerThanAll_PassesAlone()
    {
        await _budget.TakeAsync(1000, Cancel);
        _budget.IsExceeded.ShouldBeTrue();
        var next = _budget.TakeAsync(1, Cancel).AsTask();
        next.IsCompleted.ShouldBeFalse();

        _budget.Release(1000);

        await next;
    }

    [Fact]
    public void WhatIsHereAlready_Counts()
    {
        _budget.Take(101);

        _budget.IsExceeded.ShouldBeTrue();
    }
}
