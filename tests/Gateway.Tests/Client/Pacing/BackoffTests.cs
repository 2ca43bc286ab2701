using CsCheck;
using Gateway.Client.Pacing;
using Shouldly;
using Xunit;

namespace Gateway.Tests.Client.Pacing;

public sealed class BackoffTests
{
    private static readonly TimeSpan _min = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan _max = TimeSpan.FromSeconds(1);

    [Fact]
    public void Next_AnySeed_StaysBetweenMinimumAndMaximumAndThreeTimesTheLast() => Gen.Int.Sample(seed =>
    {
        var backoff = new Backoff(_min, _max, new Random(seed));
        var last = TimeSpan.Zero;
        for (var i = 0; i < 30; i++)
        {
            var next = backoff.Next(last);
            next.ShouldBeGreaterThanOrEqualTo(_min);
            next.ShouldBeLessThanOrEqualTo(_max);
            next.ShouldBeLessThanOrEqualTo((3 * (last > _min ? last : _min)) + TimeSpan.FromTicks(1));
            last = next;
        }
    });

    [Fact]
    public void Next_AgainAndAgain_GrowsToTheOrderOfTheMaximum()
    {
        var backoff = new Backoff(_min, _max, new Random(1));
        var last = TimeSpan.Zero;

        Enumerable.Range(0, 50).Max(_ => last = backoff.Next(last)).ShouldBeGreaterThan(_max / 2);
    }

    [Fact]
    public void Next_AfterNoWait_IsShort() =>
        new Backoff(_min, _max, new Random(1)).Next(TimeSpan.Zero).ShouldBeLessThanOrEqualTo(3 * _min);

    [Fact]
    public void Next_WithAnotherMaximum_GoesBeyondTheUsualOne()
    {
        var backoff = new Backoff(_min, _max, new Random(1));
        var last = TimeSpan.Zero;

        Enumerable.Range(0, 50).Max(_ => last = backoff.Next(last, 10 * _max)).ShouldBeGreaterThan(_max);
    }

    [Fact]
    public void Next_MinimumEqualToMaximum_IsThat() => new Backoff(_max, _max, new Random(1)).Next(TimeSpan.Zero).ShouldBe(_max);
}
