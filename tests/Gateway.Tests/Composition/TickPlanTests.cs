using CsCheck;
using Gateway.Composition;
using Shouldly;
using Xunit;

namespace Gateway.Tests.Composition;

/// <summary>The loop sleeps until something is due, and is not kept from it by what happens meanwhile.</summary>
public sealed class TickPlanTests
{
    private static readonly DateTimeOffset _start = new(2030, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly TimeSpan _restMax = TimeSpan.FromSeconds(1);

    private readonly LoopClock _clock = new();
    private readonly TickPlan _plan;

    public TickPlanTests()
    {
        _clock.Advance(_start, TimeSpan.Zero);
        _plan = new TickPlan(_clock);
    }

    [Fact]
    public void BeforeTheFirstEvent_NoTickIsToCome() => _plan.Rest.ShouldBeGreaterThan(TimeSpan.FromDays(1));

    [Fact]
    public void AnEvent_IsFollowedByATickSoon_WhenNobodyLooks()
    {
        _plan.OnTick(Ms(10_000));
        At(300);
        _plan.OnEvent();
        At(320);
        _plan.OnEvent();

        _plan.Next.ShouldBe(Ms(350));
    }

    [Fact]
    public void AnEvent_AfterWhichALookShowsThatNothingIsDue_IsFollowedByNoTick()
    {
        _plan.OnTick(Ms(10_000));
        At(300);
        _plan.OnEvent();
        _plan.MayLook.ShouldBeTrue();
        _plan.OnLook(Ms(10_000));

        _plan.Next.ShouldBe(Ms(1_000));
        _plan.MayLook.ShouldBeFalse("nothing has happened since");
    }

    /// <summary>Each of them once put the tick off again, for as long as they came.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(10)]
    [InlineData(25)]
    [InlineData(49)]
    [InlineData(80)]
    public void WhatIsDue_IsNotPutOff_ByEventsThatComeAllTheTime(int everyMs)
    {
        var due = Ms(437);
        _plan.OnTick(due);

        HappensUntil(900, everyMs, due);

        _clock.Uptime.ShouldBeInRange(due, due + Ms(everyMs));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(10)]
    [InlineData(49)]
    public void TheLookAtTheTime_IsNotPutOffEither_WhenNothingIsDue(int everyMs)
    {
        At(140);
        _plan.OnTick(TimeSpan.MaxValue);

        HappensUntil(5_000, everyMs, TimeSpan.MaxValue);

        _clock.Uptime.ShouldBeLessThanOrEqualTo(Ms(140) + _restMax + Ms(everyMs));
    }

    [Fact]
    public void WhatIsAlwaysDue_IsLookedAtTwentyTimesASecond()
    {
        var ticks = 0;
        _plan.OnTick(TimeSpan.Zero);
        for (var ms = 1; ms <= 1_000; ms++)
        {
            At(ms);
            if (_clock.Uptime < _plan.Next)
            {
                _plan.OnEvent();
                if (_plan.MayLook) _plan.OnLook(TimeSpan.Zero);
            }
            else
            {
                ticks++;
                _plan.OnTick(TimeSpan.Zero);
            }
        }

        ticks.ShouldBe(20);
    }

    [Fact]
    public void Looks_AreFewerThanEvents_WhenThoseComeFast()
    {
        var looks = 0;
        _plan.OnTick(TimeSpan.MaxValue);
        for (var ms = 1; ms <= 10_000; ms++)
        {
            At(ms);
            if (_clock.Uptime >= _plan.Next) _plan.OnTick(TimeSpan.MaxValue);
            _plan.OnEvent();
            if (!_plan.MayLook) continue;
            looks++;
            _plan.OnLook(TimeSpan.MaxValue);
        }

        looks.ShouldBeInRange(400, 420);
    }

    /// <summary>
    /// A tick that is due since an event, or since the last tick, comes in time, whatever happens, and whatever is due after it.
    /// </summary>
    [Fact]
    public void ATick_ComesInTime_WhateverHappens() =>
        Gen.Select(Gen.Int[1, 120], Gen.Int[-200, 2_000], Gen.Int[0, 3]).Array[1, 200].Sample(steps =>
    {
        var clock = new LoopClock();
        clock.Advance(_start, TimeSpan.Zero);
        var plan = new TickPlan(clock);
        plan.OnTick(TimeSpan.Zero);
        var (due, since, ticked) = (TimeSpan.Zero, TimeSpan.Zero, TimeSpan.Zero);
        foreach (var (afterMs, dueInMs, kind) in steps)
        {
            var now = clock.Uptime + Ms(afterMs);
            for (; plan.Next <= now; (since, ticked) = (clock.Uptime, clock.Uptime))
            {
                clock.Advance(_start + plan.Next, plan.Next > clock.Uptime ? plan.Next : clock.Uptime);
                plan.OnTick(due);
            }

            clock.Advance(_start + now, now);
            if (kind == 0) (due, since) = (now + Ms(dueInMs), now);
            plan.OnEvent();
            if (kind > 1 && plan.MayLook) plan.OnLook(due);

            plan.Next.ShouldBeLessThanOrEqualTo((due > since ? due : since) + TickPlan.Precision);
            plan.Next.ShouldBeLessThanOrEqualTo(ticked + _restMax);
            plan.Next.ShouldBeGreaterThan(ticked);
        }
    });

    private static TimeSpan Ms(int ms) => TimeSpan.FromMilliseconds(ms);

    private void At(int ms) => _clock.Advance(_start.AddMilliseconds(ms), Ms(ms));

    /// <summary>Until the tick, or so long.</summary>
    private void HappensUntil(int untilMs, int everyMs, TimeSpan due)
    {
        while (_clock.Uptime < _plan.Next && _clock.Uptime < Ms(untilMs))
        {
            _clock.Advance(_start, _clock.Uptime + Ms(everyMs));
            if (_clock.Uptime >= _plan.Next) return;
            _plan.OnEvent();
            if (_plan.MayLook) _plan.OnLook(due);
        }
    }
}
