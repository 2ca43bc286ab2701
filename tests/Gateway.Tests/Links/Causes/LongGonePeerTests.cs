using Gateway.Links;
using Gateway.Links.Causes;
using Gateway.Links.Protocol;
using Gateway.Links.Receiving;
using Gateway.Store.Messages;
using Gateway.Store.State;
using Gateway.Telemetry;
using Gateway.Tests.Store;
using Microsoft.Extensions.Logging.Abstractions;
using Shouldly;
using Xunit;

namespace Gateway.Tests.Links.Causes;

/// <summary>How often a peer is tried that has been gone for long.</summary>
public sealed class LongGonePeerTests
{
    private static readonly TimeSpan _gone = TimeSpan.FromMinutes(10);

    private readonly LinkBench _bench = new();

    [Fact]
    public void APeerThatDialsThisGateway_IsTriedLessOften_TheLongerItIsGone()
    {
        _bench.Up();
        _bench.Link.OnPeerSeen(LinkBench.There);

        var early = AttemptsWithin(20 * _bench.Settings.BackoffMax);
        AttemptsWithin(_gone);
        var late = AttemptsWithin(20 * _bench.Settings.BackoffMax);

        early.ShouldBeGreaterThanOrEqualTo(20);
        late.ShouldBeInRange(2, early / 3);
    }

    [Fact]
    public void APeerThatDialsThisGateway_IsTriedAtOnce_WhenItIsSeenAgain()
    {
        _bench.Up();
        _bench.Link.OnPeerSeen(LinkBench.There);
        AttemptsWithin(_gone);
        _bench.After(_bench.Settings.BackoffMin);
        var before = _bench.Dials;

        _bench.Link.OnPeerSeen(LinkBench.ThereAgain);

        _bench.Dials.ShouldBe(before + 1);
    }

    [Fact]
    public void APeerThatWasNeverSeen_IsTriedLessOften_TheLongerThisGatewayRuns()
    {
        _bench.Link.Start();

        var first = AttemptsWithin(5 * _bench.Settings.BackoffMax);
        AttemptsWithin(TimeSpan.FromSeconds(15));
        var later = AttemptsWithin(TimeSpan.FromSeconds(30));
        AttemptsWithin(_gone);
        var late = AttemptsWithin(TimeSpan.FromMinutes(1));

        first.ShouldBeGreaterThanOrEqualTo(5);
        later.ShouldBeInRange(3, 10);
        late.ShouldBeInRange(6, 12);
    }

    [Fact]
    public void APeerThatAnswersAndHasNeverDialedThisGateway_IsTriedAsOftenAsEver()
    {
        _bench.Up();

        AttemptsWithin(_gone);

        AttemptsWithin(20 * _bench.Settings.BackoffMax).ShouldBeGreaterThanOrEqualTo(20);
    }

    [Theory]
    [InlineData("there", 0, 25)]
    [InlineData("elsewhere", 25, 400)]
    public void APeerThatHasDialedAFormerRun_IsTriedLessOften(string dialed, int attemptsMin, int attemptsMax)
    {
        var links = new PeerLinks(new Dictionary<string, OutgoingLink> { ["there"] = _bench.Link }, _bench.Settings, _bench.Self,
            _bench.Clock, _bench.Store, new StoredMessages(), new OwnPast(), NoTelemetry.Instance, NullLogger<IncomingLink>.Instance);
        links.Restore(new Dictionary<string, string>
        {
            [MarkNames.OfStore(LinkBench.There.StoreId)] = new KnownRun(1, LinkBench.There.Incarnation, dialed).ToNote(),
        });
        _bench.Link.History.Restore(new LinkChange(_bench.Clock.Now, LinkState.Up, LinkCause.None, "")
        { Incarnation = LinkBench.There.Incarnation });
        links.Start();

        AttemptsWithin(_gone);

        AttemptsWithin(20 * _bench.Settings.BackoffMax * 5).ShouldBeInRange(attemptsMin, attemptsMax);
    }

    [Fact]
    public void APeerThatHasNeverDialed_IsTriedAtOnce_WhenItIsSeen()
    {
        _bench.Link.Start();
        AttemptsWithin(_gone);
        _bench.Link.OnLost(LinkCause.Refused, "refused");
        _bench.Clock.Advance(_bench.Clock.Now + _bench.Settings.BackoffMin);
        var before = _bench.Dials;

        _bench.Link.OnPeerSeen(LinkBench.There);

        _bench.Dials.ShouldBe(before + 1);
    }

    /// <summary>Each attempt is refused.</summary>
    private int AttemptsWithin(TimeSpan time)
    {
        var before = _bench.Dials;
        for (var step = _bench.Settings.BackoffMin / 2; time > TimeSpan.Zero; time -= step)
        {
            if (_bench.Link.Status.State != LinkState.Down) _bench.Link.OnLost(LinkCause.Refused, "refused");
            _bench.After(step);
        }

        return _bench.Dials - before;
    }
}
