using Gateway.Links.Protocol;
using Shouldly;
using Xunit;

namespace Gateway.Tests.Links.Causes;

/// <summary>A peer whose clock is set while it is connected is warned of, and the warning ends when it is set right.</summary>
public sealed class PeerClockTests
{
    private static readonly LinkSettings _settings = new() { Limits = LinkBench.Limits };

    private readonly LinkBench _bench = new(_settings);
    private TimeSpan _peerAhead;

    [Theory]
    [InlineData(7200, "2 h ahead of")]
    [InlineData(-7200, "2 h behind")]
    [InlineData(-1_893_456_000, "behind")]
    public void ThePeersClock_SetWhileConnected_IsWarnedOf_UntilItIsSetRight(int seconds, string where)
    {
        Up();
        AnswerPings(TimeSpan.Zero);
        _bench.Link.Warning.ShouldBe("");

        _peerAhead = TimeSpan.FromSeconds(seconds);
        AnswerPings(TimeSpan.Zero);
        _bench.Link.Warning.ShouldContain(where);

        _peerAhead = TimeSpan.Zero;
        AnswerPings(TimeSpan.Zero);
        _bench.Link.Warning.ShouldBe("");
    }

    [Fact]
    public void OnALinkThatIsNeverSilent_TheClockIsAskedForAllTheSame()
    {
        Up();
        _peerAhead = TimeSpan.FromHours(1);
        var questions = 0;
        for (var i = 0; i < 60; i++)
        {
            _bench.Enqueue("orders", "m");
            _bench.Link.OnFrame(
                new LinkFrame.Ack("orders", _bench.TakeSent().OfType<LinkFrame.Batch>().ShouldHaveSingleItem().Messages[^1].Number));
            _bench.After(TimeSpan.FromSeconds(1));
            foreach (var ping in _bench.TakeSent().OfType<LinkFrame.Ping>())
            {
                questions++;
                Answer(ping);
            }
        }

        questions.ShouldBeInRange(4, 6);
        _bench.Link.Warning.ShouldContain("60 min ahead of");
    }

    [Fact]
    public void AnAnswerThatTookLong_IsNoDifferenceOfClocks()
    {
        Up();

        AnswerPings(TimeSpan.FromSeconds(50));
        AnswerPings(TimeSpan.FromSeconds(50), afterwards: true);

        _bench.Link.Warning.ShouldBe("");
    }

    [Fact]
    public void TheOwnPause_IsNoDifferenceOfClocks()
    {
        Up();
        Tick(passed: TimeSpan.FromSeconds(1));

        Tick(passed: TimeSpan.FromMinutes(2));

        _bench.Clock.PausedWithin(TimeSpan.FromMinutes(2)).ShouldBeGreaterThan(TimeSpan.FromMinutes(1));
        _bench.Link.Warning.ShouldBe("");
    }

    [Fact]
    public void ADifferenceAroundTheLimit_DoesNotComeAndGo()
    {
        Up();
        _peerAhead = TimeSpan.FromSeconds(31);
        AnswerPings(TimeSpan.Zero);
        _bench.Link.Warning.ShouldNotBe("");

        _peerAhead = TimeSpan.FromSeconds(28);
        AnswerPings(TimeSpan.Zero);
        _bench.Link.Warning.ShouldContain("28 s");

        _peerAhead = TimeSpan.FromSeconds(20);
        AnswerPings(TimeSpan.Zero);
        _bench.Link.Warning.ShouldBe("");
    }

    [Fact]
    public void AnAnswerToNothing_TellsNothing()
    {
        Up();
        _bench.Link.OnFrame(new LinkFrame.Pong(long.MaxValue, 0));
        _bench.Link.OnFrame(new LinkFrame.Pong(-1, 0));

        _bench.Link.Warning.ShouldBe("");
    }

    private void Up()
    {
        _bench.Link.Start();
        _bench.Link.OnConnected();
        _bench.Link.OnFrame(new LinkFrame.Welcome(LinkBench.There, LinkBench.Limits, _bench.Clock.NowUnixMs));
        _bench.TakeSent();
    }

    /// <summary>The next ping is answered; with a time on the way, which is that of the question, or of the answer.</summary>
    private void AnswerPings(TimeSpan onTheWay, bool afterwards = false)
    {
        _bench.After(_settings.HeartbeatInterval);
        var ping = _bench.TakeSent().OfType<LinkFrame.Ping>().ShouldHaveSingleItem();
        if (!afterwards) Pass(onTheWay);
        var shown = Shown;
        if (afterwards) Pass(onTheWay);
        _bench.Link.OnFrame(new LinkFrame.Pong(ping.Token, shown));
    }

    /// <summary>Bytes come all the time.</summary>
    private void Pass(TimeSpan time)
    {
        for (var passed = TimeSpan.Zero; passed < time; passed += TimeSpan.FromSeconds(1))
        {
            _bench.After(TimeSpan.FromSeconds(1));
            _bench.Link.OnBytes(1);
        }

        _bench.TakeSent();
    }

    private void Answer(LinkFrame.Ping ping) => _bench.Link.OnFrame(new LinkFrame.Pong(ping.Token, Shown));

    private void Tick(TimeSpan passed)
    {
        _bench.Clock.Advance(_bench.Clock.Now + passed, passed, rest: TimeSpan.FromSeconds(1));
        _bench.Link.Tick();
    }

    private long Shown => (_bench.Clock.Now + _peerAhead).ToUnixTimeMilliseconds();
}
