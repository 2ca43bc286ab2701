using Gateway.Dashboard.Live;
using Gateway.Tests.Management;
using Shouldly;
using Xunit;

namespace Gateway.Tests.Dashboard;

public sealed class SampleHistoryTests
{
    private static readonly DateTimeOffset _now = new(2030, 5, 4, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Samples_AreOneASecond_AndNotMoreThanTheirMaximum()
    {
        var history = new SampleHistory();
        for (var i = 0; i < 2 * SampleHistory.SamplesMax; i++)
        {
            history.Add(GlanceStates.At(_now) with { Now = _now.AddSeconds(i) });
            history.Add(GlanceStates.At(_now) with { Now = _now.AddSeconds(i + 0.1) });
        }

        history.Samples.Count.ShouldBe(SampleHistory.SamplesMax);
        history.Samples[^1].At.ShouldBe(_now.AddSeconds((2 * SampleHistory.SamplesMax) - 1));
    }

    [Fact]
    public void Samples_BeginAnew_WhenTheClockWasSetBack()
    {
        var history = new SampleHistory();
        history.Add(GlanceStates.At(_now) with { Now = _now.AddHours(2) });
        history.Add(GlanceStates.At(_now) with { Now = _now });
        history.Add(GlanceStates.At(_now) with { Now = _now.AddSeconds(1) });

        history.Samples.Select(sample => sample.At).ShouldBe([_now, _now.AddSeconds(1)]);
    }
}
