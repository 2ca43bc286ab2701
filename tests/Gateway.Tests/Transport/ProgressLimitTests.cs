using Gateway.Transport;
using Microsoft.Extensions.Time.Testing;
using Shouldly;
using Xunit;

namespace Gateway.Tests.Transport;

public sealed class ProgressLimitTests
{
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan _every = TimeSpan.FromSeconds(1);

    private readonly FakeTimeProvider _time = new();
    private readonly PatientTime _patient;
    private readonly ProgressLimit _limit;

    public ProgressLimitTests()
    {
        _patient = new PatientTime(_time, _every);
        _patient.Begin();
        _limit = new ProgressLimit(_patience, _patient);
    }

    [Fact]
    public void Begun_ItIsOver_AfterThePatience_AndNotBefore()
    {
        _limit.IsRunning.ShouldBeFalse();
        _limit.Begin();

        Pass(30);
        (_limit.IsRunning, _limit.IsOver).ShouldBe((true, false));
        Pass(1);
        _limit.IsOver.ShouldBeTrue();
    }

    [Fact]
    public void Ended_ItIsNeverOver_AndBytesDoNotBeginItAgain()
    {
        _limit.Begin();
        _limit.End();
        _limit.OnMoved(1_000_000);

        Pass(100);

        (_limit.IsRunning, _limit.IsOver).ShouldBe((false, false));
    }

    [Fact]
    public void BytesAtTheSlowestRate_PutItOffForEver()
    {
        _limit.Begin();
        for (var second = 0; second < 600; second++)
        {
            Pass(1);
            _limit.OnMoved(ConnectionPatience.SlowestBytesPerSecond);
            _limit.IsOver.ShouldBeFalse();
        }
    }

    [Fact]
    public void AByteNowAndThen_DoesNot()
    {
        _limit.Begin();
        for (var second = 0; second < 40; second++)
        {
            Pass(1);
            _limit.OnMoved(1);
        }

        _limit.IsOver.ShouldBeTrue();
    }

    [Fact]
    public void ManyBytesAtOnce_PutItOff_ByNoMoreThanThePatienceFromThen()
    {
        _limit.Begin();
        Pass(10);
        _limit.OnMoved(1_000_000_000);

        Pass(30);
        _limit.IsOver.ShouldBeFalse();
        Pass(1);
        _limit.IsOver.ShouldBeTrue();
    }

    [Fact]
    public void BegunAnew_ItHasItsWholeTime()
    {
        _limit.Begin();
        Pass(29);
        _limit.Begin();

        Pass(29);

        _limit.IsOver.ShouldBeFalse();
    }

    [Fact]
    public void TimeInWhichThisProcessStoodStill_IsNotTheOthers()
    {
        _limit.Begin();
        Pass(10);

        // No round comes for a minute, and then one that is late.
        _time.Advance(TimeSpan.FromMinutes(1));
        _patient.OnRound();
        _limit.IsOver.ShouldBeFalse();

        Pass(22);
        _limit.IsOver.ShouldBeTrue();
    }

    [Fact]
    public void WhatTheOtherSideCouldNotUse_IsGivenBack()
    {
        _limit.Begin();
        Pass(25);
        _limit.PutOff(TimeSpan.FromSeconds(20).Ticks);

        Pass(20);
        _limit.IsOver.ShouldBeFalse();
        Pass(6);
        _limit.IsOver.ShouldBeTrue();
    }

    private void Pass(int seconds)
    {
        for (var i = 0; i < seconds; i++)
        {
            _time.Advance(_every);
            _patient.OnRound();
        }
    }
}
