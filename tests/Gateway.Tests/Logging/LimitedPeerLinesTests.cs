using Gateway.Logging;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using Shouldly;
using Xunit;

namespace Gateway.Tests.Logging;

/// <summary>A fault of a peer recurs at each attempt: the log reports it some times, and then how often it recurred.</summary>
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
}
