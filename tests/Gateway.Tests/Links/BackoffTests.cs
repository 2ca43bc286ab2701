using CsCheck;
using Gateway.Links;
using Shouldly;
using Xunit;

namespace Gateway.Tests.Links;

public sealed class BackoffTests
{
    private static readonly TimeSpan _min = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan _max = TimeSpan.FromSeconds(1);

    [Fact]
    public void Next_AnySeed_StaysBetweenMinimumAndMaximumAndThreeTimesTheLast() => Gen.Int.Sample(seed =>
    {
        var backoff = new Backoff(_min, _max, new Random(seed));
        var last = _min;
        for (var i = 0; i < 30; i++)
        {
            var next = backoff.Next();
            next.ShouldBeGreaterThanOrEqualTo(_min);
            next.ShouldBeLessThanOrEqualTo(_max);
            next.ShouldBeLessThanOrEqualTo((3 * last) + TimeSpan.FromTicks(1));
            last = next;
        }
    });

    [Fact]
    public void Next_AgainAndAgain_GrowsToTheOrderOfTheMaximum()
    {
        var backoff = new Backoff(_min, _max, new Random(1));

        Enumerable.Range(0, 50).Max(_ => backoff.Next()).ShouldBeGreaterThan(_max / 2);
    }

    [Fact]
    public void Reset_StartsWithShortTimesAgain()
    {
        var backoff = new Backoff(_min, _max, new Random(1));
        for (var i = 0; i < 50; i++) backoff.Next();
        backoff.Reset();

        backoff.Next().ShouldBeLessThanOrEqualTo(3 * _min);
    }

    [Fact]
    public void Next_MinimumEqualToMaximum_IsThat() => new Backoff(_max, _max, new Random(1)).Next().ShouldBe(_max);
}
