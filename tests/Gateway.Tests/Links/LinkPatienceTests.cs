using Gateway.Links.Causes;
using Gateway.Links.Protocol;
using Gateway.Links.Sending;
using Shouldly;
using Xunit;

namespace Gateway.Tests.Links;

/// <summary>
/// How long a link waits for a peer: bytes that move are life, and what has not left this side is nothing that the peer could answer.
/// </summary>
public sealed class LinkPatienceTests
{
    private readonly LinkBench _bench = new();

    [Fact]
    public void PartsOfAFrame_KeepTheDialingSideAlive_AndTheirEndEndsIt()
    {
        _bench.Up();
        for (var i = 0; i < 30; i++)
        {
            _bench.After(_bench.Settings.DeadAfter / 2);
            _bench.Link.OnBytes(10);
        }

        _bench.Link.Status.State.ShouldBe(LinkState.Up);
        _bench.After(_bench.Settings.DeadAfter + TimeSpan.FromMilliseconds(1));
        _bench.Link.Status.Cause.ShouldBe(LinkCause.HalfOpen);
    }

    [Fact]
    public void AWelcomeThatTricklesIn_IsWaitedFor_AtTwoKilobytesASecond_AndNotAtAFewBytes()
    {
        _bench.Link.Start();
        _bench.Link.OnConnected();
        for (var second = 0; second < 120; second++)
        {
            _bench.After(TimeSpan.FromSeconds(1));
            _bench.Link.OnBytes(2_000);
        }

        _bench.Link.Status.State.ShouldBe(LinkState.Connecting);
        for (var second = 0; second < 6; second++)
        {
            _bench.After(TimeSpan.FromSeconds(1));
            _bench.Link.OnBytes(20);
        }

        _bench.Link.Status.Cause.ShouldBe(LinkCause.PeerSilent);
    }

    [Fact]
    public void AQueueWhoseBatchWaitsBehindThatOfAnother_IsNotStuck_AsLongAsThatOneFlows()
    {
        _bench.Up();
        for (var number = 1; number <= 90; number++) _bench.Enqueue("first", "1");
        _bench.Enqueue("second", "2");

        // The line takes a second for each; the batch of the second queue is behind all of the first.
        for (var number = 1; number <= 90; number++)
        {
            _bench.After(TimeSpan.FromSeconds(1));
            _bench.Link.OnFrame(new LinkFrame.Ack("first", number));
            _bench.Link.Status.State.ShouldBe(LinkState.Up);
        }

        _bench.Link.OnFrame(new LinkFrame.Ack("second", 1));
        _bench.Link.UnderWay.IsDrained.ShouldBeTrue();
    }

    [Fact]
    public void MessagesOfWhichNothingShowsThatTheyArrived_AreNoReasonToCallThePeerStuck()
    {
        _bench.Up();
        _bench.Enqueue("orders", "1");
        for (var i = 0; i < 100; i++)
        {
            // The peer takes bytes and says so; its answer to the ping behind them is still to come.
            _bench.Link.OnFrame(new LinkFrame.Ping(0));
            _bench.After(TimeSpan.FromSeconds(1));
        }

        _bench.Link.Status.State.ShouldBe(LinkState.Up);
        foreach (var ping in _bench.TakeSent().OfType<LinkFrame.Ping>())
            _bench.Link.OnFrame(new LinkFrame.Pong(ping.Token, _bench.Clock.NowUnixMs));
        for (var i = 0; i < _bench.Settings.AckTimeout.TotalSeconds + 1; i++)
        {
            _bench.Link.OnFrame(new LinkFrame.Ping(0));
            _bench.After(TimeSpan.FromSeconds(1));
        }

        _bench.Link.Status.Cause.ShouldBe(LinkCause.PeerStuck);
    }

    [Fact]
    public void AnswersToPingsThatWereNeverSent_ProveNothing()
    {
        _bench.Up();
        _bench.Enqueue("orders", "1");
        for (var i = 0; i < 100; i++)
        {
            _bench.Link.OnFrame(new LinkFrame.Pong(long.MaxValue, _bench.Clock.NowUnixMs));
            _bench.After(TimeSpan.FromSeconds(1));
        }

        _bench.Link.Status.State.ShouldBe(LinkState.Up);
    }

    [Fact]
    public void APeerThatIsHeard_IsAskedAllTheSame_WhileItHasNotShownThatWhatWasSentArrived()
    {
        _bench.Up();
        _bench.Enqueue("orders", "1");
        _bench.TakeSent();
        for (var i = 0; i < 10; i++)
        {
            _bench.Link.OnFrame(new LinkFrame.Ping(0));
            _bench.After(TimeSpan.FromSeconds(1));
        }

        _bench.TakeSent().OfType<LinkFrame.Ping>().Count().ShouldBeInRange(4, 6);
    }

    [Fact]
    public void OnANewConnection_LittleIsUnderWay_UntilItIsAcknowledged()
    {
        var bench = new LinkBench(new LinkSettings
        { Limits = new LinkLimits(BodyBytesMax: 10_000, WindowBytes: 1_000_000, WindowMessages: 1_000) });
        bench.UpWith(bench.Settings.Limits, "orders", new string('x', 1_000));
        for (var i = 1; i < 100; i++) bench.Enqueue("orders", new string('x', 1_000));

        Bytes(bench).ShouldBeInRange(LinkPace.StartBytes, LinkPace.StartBytes + 2_000);

        bench.Link.OnFrame(new LinkFrame.Ack("orders", 16));
        bench.TakeSent().ShouldNotBeEmpty();
    }

    [Fact]
    public void ABatchOnALineOfWhichNothingIsKnown_IsSmall()
    {
        var bench = new LinkBench(new LinkSettings
        { Limits = new LinkLimits(BodyBytesMax: 10_000, WindowBytes: 1_000_000, WindowMessages: 1_000) });
        for (var i = 0; i < 100; i++) bench.Enqueue("orders", new string('x', 1_000));
        bench.Up(bench.Settings.Limits);
        bench.Store.Run();

        bench.TakeSent().OfType<LinkFrame.Batch>().ShouldAllBe(batch => batch.Messages.Count <= 4);
    }

    private static int Bytes(LinkBench bench) =>
        bench.TakeSent().OfType<LinkFrame.Batch>().Sum(batch => batch.Messages.Sum(item => LinkCodec.BatchItemBytes(item.Message)));
}
