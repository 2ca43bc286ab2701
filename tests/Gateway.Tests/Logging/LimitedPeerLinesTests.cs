using Gateway.Logging;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using Shouldly;
using Xunit;

namespace Gateway.Tests.Logging;

/// <summary>What goes wrong with a peer does so again at each attempt: the log tells it some times, and then how often.</summary>
public sealed class LimitedPeerLinesTests
{
    private static readonly EventId _refused = new(3102, "LogRefused");

    private readonly FakeTimeProvider _time = new();
    private readonly List<string> _lines = [];
    private readonly LimitedLogger _logger;

    public LimitedPeerLinesTests() => _logger = new LimitedLogger(new Lines(_lines), _time);

    [Fact]
    public void LinesAboutOnePeer_ForAnHour_AreFew_AndTheirCountIsTold()
    {
        for (var second = 0; second < 3600; second++)
        {
            Refuse("shop");
            _time.Advance(TimeSpan.FromSeconds(1));
        }

        _lines.Count.ShouldBeLessThan(LimitedLogger.PeerLinesMax + 6);
        _lines[LimitedLogger.PeerLinesMax].ShouldBe("LogRefused: again, 10 times in 10 s; the last: shop");
        _lines[LimitedLogger.PeerLinesMax + 1].ShouldBe("LogRefused: again, 300 times in 5 min; the last: shop");
    }

    [Fact]
    public void AnotherPeer_IsNotHeldBack()
    {
        for (var i = 0; i < 100; i++) Refuse("shop");
        Refuse("billing");

        _lines[^1].ShouldBe("billing");
    }

    [Fact]
    public void ManyPeersAtOnce_AsAfterARestart_AreAllTold()
    {
        for (var i = 0; i < 500; i++) Refuse($"peer-{i}");

        _lines.Count.ShouldBe(500);
    }

    [Fact]
    public void PeersOfLongAgo_MakeRoomForOthers()
    {
        for (var i = 0; i < 5000; i++) Refuse($"old-{i}");
        _time.Advance(LimitedLogger.Lull);
        _lines.Clear();

        for (var i = 0; i < 500; i++) Refuse($"peer-{i}");

        _lines.Count.ShouldBe(500);
    }

    private void Refuse(string peer) => _logger.Log<IReadOnlyList<KeyValuePair<string, object?>>>(
        LogLevel.Warning, _refused, [new("Peer", peer)], null, (state, _) => $"{state[0].Value}");

    private sealed class Lines(List<string> lines) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception,
            Func<TState, Exception?, string> formatter) => lines.Add(formatter(state, exception));
    }
}
