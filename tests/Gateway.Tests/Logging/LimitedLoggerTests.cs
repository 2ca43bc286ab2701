using Gateway.Logging;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using Shouldly;
using Xunit;

namespace Gateway.Tests.Logging;

public sealed class LimitedLoggerTests
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

        _time.Advance(LimitedLogger.Span);

        _lines.Count.ShouldBe(LimitedLogger.LinesMax + 1);
        _lines[^1].ShouldBe("40 more lines of the kind LogCut were left out within 10 s; the last: stranger 140");
    }

    [Fact]
    public void AfterTheTime_LinesGoOutAgain()
    {
        for (var i = 1; i <= LimitedLogger.LinesMax + 1; i++) Cut("stranger");
        _time.Advance(LimitedLogger.Span);

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

        _time.Advance(2 * LimitedLogger.Span);

        _lines.ShouldBe(["one"]);
    }

    private void Cut(string text) => _logger.Log(LogLevel.Warning, _cut, text, null, (line, _) => line);

    private sealed class Lines(List<string> lines) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception,
            Func<TState, Exception?, string> formatter) => lines.Add(formatter(state, exception));
    }
}
