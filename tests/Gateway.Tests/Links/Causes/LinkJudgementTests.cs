using Gateway.Links.Causes;
using Gateway.Links.Protocol;
using Shouldly;
using Xunit;

namespace Gateway.Tests.Links.Causes;

/// <summary>The verdicts of a link on connections that bring nothing, slow lines and its own pauses.</summary>
public sealed class LinkJudgementTests
{
    private static readonly LinkLimits _limits = new(BodyBytesMax: 10_000, WindowBytes: 1_000_000, WindowMessages: 1_000);

    private readonly LinkBench _bench = new(new LinkSettings { Limits = _limits });

    [Fact]
    public void ALinkThatComesUpAgainAndAgainForNothing_IsNotWell_UntilSomethingIsAcknowledged()
    {
        _bench.Up(_limits);
        _bench.Enqueue("orders", new string('x', 5_000));
        _bench.Link.Status.IsWell.ShouldBeTrue();
        for (var i = 1; i <= 3; i++)
        {
            EndAndReturn();
            _bench.Link.Status.State.ShouldBe(LinkState.Up);
            _bench.Link.Status.IsWell.ShouldBeFalse();
            _bench.Link.Status.Cause.ShouldBe(LinkCause.HalfOpen);
            _bench.Link.Status.Fruitless.ShouldBe(i);
            _bench.Link.Status.Advice.ShouldNotBeEmpty();
        }

        _bench.Link.Status.Evidence.ShouldStartWith("3 connections in a row ended without an acknowledgement");
        _bench.Link.OnFrame(new LinkFrame.Ack("orders", 1));
        _bench.Link.Status.IsWell.ShouldBeTrue();
        _bench.Link.Status.Advice.ShouldBeEmpty();
    }

    [Fact]
    public void ALinkThatEndsWithNothingToSend_IsWellAsSoonAsItIsUp()
    {
        _bench.Up(_limits);
        EndAndReturn();

        _bench.Link.Status.IsWell.ShouldBeTrue();
    }

    [Fact]
    public void LargeMessagesThatAreNeverAnswered_AreLargePacketsThatDoNotPass()
    {
        _bench.Up(_limits);
        _bench.Enqueue("orders", "small");
        _bench.Link.OnFrame(new LinkFrame.Ack("orders", 1));
        _bench.Enqueue("orders", new string('x', 5_000));
        Candidates().ShouldBeEmpty();
        EndAndReturn(("orders", 1));
        EndAndReturn(("orders", 1));

        var first = Candidates()[0];
        first.Cause.ShouldBe(LinkCause.LargePacketsLost);
        first.Why.ShouldContain("the last 2 connections");
    }

    [Fact]
    public void SmallMessagesThatAreNeverAnswered_SayNothingOfLargePackets()
    {
        _bench.Up(_limits);
        _bench.Enqueue("orders", "small");
        EndAndReturn();
        EndAndReturn();

        Candidates().ShouldNotContain(candidate => candidate.Cause == LinkCause.LargePacketsLost);
        _bench.Link.Status.IsWell.ShouldBeFalse();
    }

    [Fact]
    public void ALargeMessageThatPassed_AcquitsTheLine()
    {
        _bench.Up(_limits);
        _bench.Enqueue("orders", new string('x', 5_000));
        _bench.Link.OnFrame(new LinkFrame.Ack("orders", 1));
        _bench.Enqueue("orders", new string('y', 5_000));
        EndAndReturn(("orders", 1));
        EndAndReturn(("orders", 1));

        // Of the two the first had a large one that passed.
        Candidates().ShouldNotContain(candidate => candidate.Cause == LinkCause.LargePacketsLost);
    }

    [Fact]
    public void ASlowLine_IsNamedWithItsRate_WhileSomethingWaitsForIt()
    {
        _bench.UpWith(_limits, "orders", new string('x', 1_000));
        for (var i = 1; i < 30; i++) _bench.Enqueue("orders", new string('x', 1_000));
        for (var number = 1; number <= 8; number++)
        {
            _bench.After(TimeSpan.FromSeconds(0.5));
            _bench.Link.OnFrame(new LinkFrame.Ack("orders", number));
        }

        Candidates().ShouldHaveSingleItem().Why.ShouldContain("kB/s");
        Candidates()[0].Cause.ShouldBe(LinkCause.SlowLine);
        _bench.Link.OnFrame(new LinkFrame.Ack("orders", 24));
        _bench.Link.OnFrame(new LinkFrame.Ack("orders", 30));
        Candidates().ShouldBeEmpty();
    }

    [Fact]
    public void APeerThatGaveUsUpWhileWeStoodStill_IsNotBlamed()
    {
        _bench.Up(_limits);
        StandStill(TimeSpan.FromSeconds(12));
        _bench.Link.Tick();
        _bench.Link.Status.State.ShouldBe(LinkState.Up, "the time in which we stood still does not count");
        _bench.Link.OnFrame(new LinkFrame.Refused(RefusalCode.Silent, "nothing heard for 8 s"));

        _bench.Link.Status.Cause.ShouldBe(LinkCause.OwnPause);
        _bench.Link.Status.Evidence.ShouldContain("this gateway itself had stood still for 12 s");
    }

    [Fact]
    public void APeerThatGaveUsUpThoughWeRan_IsHalfOpenAsEver()
    {
        _bench.Up(_limits);
        _bench.Link.OnFrame(new LinkFrame.Refused(RefusalCode.Silent, "nothing heard for 8 s"));

        _bench.Link.Status.Cause.ShouldBe(LinkCause.HalfOpen);
    }

    [Theory]
    [InlineData(nameof(LinkCause.HalfOpen), nameof(LinkCause.OwnPause), "because the peer itself stood still")]
    [InlineData(nameof(LinkCause.OwnPause), nameof(LinkCause.HalfOpen), "because this gateway itself stood still")]
    public void APauseOfEitherSide_ClearsTheNetwork(string here, string there, string verdict)
    {
        var text = LinkDiagnosis.Compare(Enum.Parse<LinkCause>(here),
            new LinkEnd(_bench.Clock.Now, Enum.Parse<LinkCause>(there), "stood still for 12 s"));

        text.ShouldContain(verdict);
        text.ShouldContain("the network is not the cause");
    }

    private IReadOnlyList<LinkCandidate> Candidates() =>
        LinkDiagnosis.Candidates(_bench.Link.Status, _bench.Link.History.Changes, _bench.Link.SlowBytesPerSecond);

    /// <summary>The connection ends as one does on which nothing comes through, and the next one is welcomed.</summary>
    private void EndAndReturn(params (string Queue, long Number)[] positions)
    {
        _bench.Link.OnLost(LinkCause.HalfOpen, "nothing heard for 8 s");
        _bench.Link.Retry();
        _bench.Up(_limits, positions);
        _bench.Store.Run();
    }

    private void StandStill(TimeSpan time)
    {
        _bench.Clock.Advance(_bench.Clock.Now, TimeSpan.Zero, TimeSpan.Zero);
        _bench.Clock.Advance(_bench.Clock.Now + time, time, TimeSpan.Zero);
    }
}
