using Gateway.Transport;
using Microsoft.Extensions.Time.Testing;
using Shouldly;
using Xunit;

namespace Gateway.Tests.Transport;

public sealed class PatientTimeTests
{
    private static readonly TimeSpan _every = TimeSpan.FromSeconds(1);

    private readonly FakeTimeProvider _time = new();
    private readonly PatientTime _patient;

    public PatientTimeTests()
    {
        _patient = new PatientTime(_time, _every);
        _patient.Begin();
    }

    [Theory]
    [InlineData(1000, 1000)]
    [InlineData(1250, 1250)]
    [InlineData(300, 300)]
    [InlineData(1251, 1000)]
    [InlineData(90_000, 1000)]
    public void ARoundThatComesLater_ThanItMay_IsCountedAsOneInTime(int afterMs, int countedMs)
    {
        var before = _patient.Now;

        _time.Advance(TimeSpan.FromMilliseconds(afterMs));
        _patient.OnRound();

        TimeSpan.FromTicks(_patient.Now - before).TotalMilliseconds.ShouldBe(countedMs);
    }

    [Fact]
    public void EachStandstill_IsLeftOut()
    {
        var before = _patient.Now;
        for (var i = 0; i < 5; i++)
        {
            _time.Advance(TimeSpan.FromMinutes(1));
            _patient.OnRound();
            _time.Advance(_every);
            _patient.OnRound();
        }

        TimeSpan.FromTicks(_patient.Now - before).ShouldBe(TimeSpan.FromSeconds(10));
    }

    [Fact]
    public void TimeWithoutRounds_IsNoStandstill()
    {
        var before = _patient.Now;
        _time.Advance(TimeSpan.FromHours(1));
        _patient.Begin();
        _time.Advance(_every);
        _patient.OnRound();

        TimeSpan.FromTicks(_patient.Now - before).ShouldBe(TimeSpan.FromHours(1) + _every);
    }

    [Fact]
    public void ItIsNeverZero() => new PatientTime(_time, _every).Now.ShouldBePositive();
}
