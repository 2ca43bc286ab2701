using System.Globalization;
using System.Text.RegularExpressions;
using Gateway.Logging;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using Shouldly;
using Xunit;

namespace Gateway.Tests.Logging;

public sealed partial class LimitedLoggerTests
{
    private static readonly EventId _cut = new(4001, "LogCut");

    private readonly FakeTimeProvider _time = new();
    private readonly List<string> _lines = [];
    private readonly LimitedLogger _logger;

    public LimitedLoggerTests() => _logger = new LimitedLogger(new Lines(_lines), _time);

    [Fact]
    public void OfOneKind_SoManyGoOut_AndTheRestAreSummedUp_WhenTheTimeIsOver()
    {
        for (var i = 1; i <= LimitedLogger.LinesMax + 40; i++) Cut($"stranger {i}");
        _lines.Count.ShouldBe(LimitedLogger.LinesMax);

        _time.Advance(LimitedLogger.FirstInterval);

        _lines.Count.ShouldBe(LimitedLogger.LinesMax + 1);
        _lines[^1].ShouldBe("LogCut: again, 40 times in 10 s; the last: stranger 140");
    }

    [Fact]
    public void AFlood_IsToldLessAndLessOften_AndNoneOfItIsForgotten()
    {
        const int Hours = 48;
        for (var second = 1; second <= Hours * 3600; second++)
        {
            Cut($"stranger {second}");
            _time.Advance(TimeSpan.FromSeconds(1));
        }

        _time.Advance(LimitedLogger.IntervalMax);

        _lines.Count.ShouldBeLessThan(LimitedLogger.LinesMax + Hours + 10);
        _lines[^1].ShouldEndWith($"the last: stranger {Hours * 3600}");
        _lines.Skip(LimitedLogger.LinesMax).Sum(Again)
            .ShouldBe((Hours * 3600) - LimitedLogger.LinesMax);
    }

    [Fact]
    public void ASlowStream_JustBelowAnyRate_IsCountedToo()
    {
        for (var i = 0; i < 1000; i++)
        {
            Cut("stranger");
            _time.Advance(LimitedLogger.FirstInterval);
        }

        _lines.Count.ShouldBeLessThan(LimitedLogger.LinesMax + 10);
    }

    [Fact]
    public void AfterALull_LinesGoOutAgain()
    {
        for (var i = 1; i <= LimitedLogger.LinesMax + 1; i++) Cut("stranger");
        _time.Advance(LimitedLogger.FirstInterval);
        Cut("soon");
        _lines[^1].ShouldBe("LogCut: again, once in 10 s; the last: stranger");

        _time.Advance(LimitedLogger.Lull);
        Cut("late");

        _lines[^1].ShouldBe("late");
    }

    [Fact]
    public void AnotherKind_IsNotHeldBack()
    {
        for (var i = 1; i <= LimitedLogger.LinesMax + 1; i++) Cut("stranger");

        _logger.Log(LogLevel.Error, new EventId(4005, "LogFailed"), "ours", null, (text, _) => text);

        _lines[^1].ShouldBe("ours");
    }

    [Fact]
    public void FewLines_AreNotSummedUp()
    {
        Cut("one");

        _time.Advance(2 * LimitedLogger.IntervalMax);

        _lines.ShouldBe(["one"]);
    }

    private static int Again(string line) => Count().Match(line).Groups[1].Value switch
    {
        "once" => 1,
        "twice" => 2,
        var times => int.Parse(times.Split(' ')[0], NumberStyles.AllowThousands, CultureInfo.InvariantCulture),
    };

    [GeneratedRegex("again, (once|twice|[0-9,]+ times) in ")]
    private static partial Regex Count();

    private void Cut(string text) => _logger.Log(LogLevel.Warning, _cut, text, null, (line, _) => line);
}
