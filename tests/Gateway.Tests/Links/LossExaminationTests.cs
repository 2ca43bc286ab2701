using Gateway.Links;
using Gateway.Links.Causes;
using Gateway.Links.Protocol;
using Gateway.Links.Sending;
using Gateway.Store.Messages;
using Gateway.Store.State;
using Shouldly;
using Xunit;

namespace Gateway.Tests.Links;

/// <summary>A peer that was put back is asked for all queues, in pieces: what it has lost is found in whichever queue it was.</summary>
public sealed class LossExaminationTests
{
    private const int Many = 1000;

    private readonly LinkBench _bench = new() { IsSlowToAnswer = true };

    [Fact]
    public void LossesAreFoundInTheLastOfManyQueues()
    {
        Begin(Many, ("q998", 3), ("q999", 4));
        AnswerAll().ShouldBe(Many);

        _bench.Link.Status.Cause.ShouldBe(LinkCause.PeerWentBack);
        _bench.Link.Status.Evidence.ShouldContain("gone there are the numbers 4 to 7 of queue q998, 5 to 7 of queue q999");
        _bench.IsHungUp.ShouldBeTrue();
    }

    [Fact]
    public void ManyLosses_AreListedInPart_AndCountedInWhole()
    {
        Begin(Many, [.. Enumerable.Range(0, Many).Select(number => ($"q{number}", 1L))]);
        AnswerAll();

        _bench.Link.Status.Evidence.ShouldContain("2 to 7 of queue q0, ");
        _bench.Link.Status.Evidence.ShouldEndWith($"and those of {Many - LostMessages.RangesMax} more queues");
    }

    [Fact]
    public void NothingLost_IsSaidOnlyAfterTheLastQueue()
    {
        Begin(Many, [.. Enumerable.Range(0, Many).Select(number => ($"q{number}", 7L))]);
        while (_bench.Asked.Count > 0)
        {
            _bench.Link.Status.State.ShouldBe(LinkState.Connecting);
            _bench.Answer();
        }

        _bench.Link.Status.Evidence.ShouldEndWith("which messages it had acknowledged since then is not known here any more");
    }

    [Fact]
    public void QueuesWithoutAnAcknowledgement_AreLookedAtSomeAtATime()
    {
        for (var number = 0; number < 3 * QueueWalk.AtOnce; number++)
            _bench.Link.AddKnownQueue(QueueId.Outgoing($"new{number}", "there"), 9, sent: null);
        Begin(1, ("q0", 3));

        var ticks = 0;
        for (; _bench.Asked.Count == 0; ticks++)
        {
            _bench.Link.NextTick.ShouldBe(_bench.Clock.Uptime);
            _bench.Link.Tick();
        }

        ticks.ShouldBe(3);
        AnswerAll();
        _bench.Link.Status.Evidence.ShouldContain("4 to 7 of queue q0");
    }

    [Fact]
    public void APeerThatAnswersSlowly_HasTimeForEachQuestion()
    {
        Begin(Many, ("q999", 3));
        while (_bench.Asked.Count > 0)
        {
            _bench.After(_bench.Settings.HandshakeTimeout * 0.9);
            _bench.Answer();
        }

        _bench.Link.Status.Evidence.ShouldContain("4 to 7 of queue q999");
    }

    [Fact]
    public void AConnectionThatEndsBetween_LeavesWhatWasFound()
    {
        Begin(Many, [.. Enumerable.Range(0, Many).Select(number => ($"q{number}", number == 5 ? 3L : 7L))]);
        _bench.Answer();
        _bench.Link.OnLost(LinkCause.ResetByPeer, "reset");

        _bench.Link.Status.Cause.ShouldBe(LinkCause.PeerWentBack);
        _bench.Link.Status.Evidence.ShouldContain("4 to 7 of queue q5; of more queues it did not tell");
    }

    [Fact]
    public void TheQuestionsEndAtTheirBound_AndSayThatTheyDid()
    {
        Begin(LossExamination.AskedMax + 1, [.. Enumerable.Range(0, LossExamination.AskedMax + 1).Select(number => ($"q{number}", 7L))]);

        AnswerAll().ShouldBe(LossExamination.AskedMax);
        _bench.Link.Status.Evidence.ShouldEndWith("it was asked for 100,000 queues, and not for the others");
    }

    /// <summary>The peer welcomes a link that knows of as many queues, each acknowledged up to 7, and was put back.</summary>
    private void Begin(int queues, params (string Queue, long Number)[] positions)
    {
        for (var number = 0; number < queues; number++)
            _bench.Link.AddKnownQueue(QueueId.Outgoing($"q{number}", "there"), 9, sent: null, acknowledged: 7);
        _bench.Link.RestoreKnown(
            new HistoryPoint(LinkBench.There.StoreId, 5, Guid.NewGuid(), 5) { Of = _bench.Self.StoreId }.ToNote(), accepted: null);
        _bench.Link.Start();
        _bench.Link.OnConnected();
        var known = Enumerable.Range(0, queues).ToDictionary(number => $"q{number}", _ => 7L);
        foreach (var (queue, number) in positions) known[queue] = number;
        _bench.Welcome(LinkBench.There, PastVerdict.Foreign, known);
    }

    /// <returns>The number of queues asked for.</returns>
    private int AnswerAll()
    {
        var asked = new HashSet<string>();
        while (_bench.Asked.Count > 0)
        {
            _bench.Asked.ShouldHaveSingleItem().Queues.Count.ShouldBeLessThanOrEqualTo(LinkCodec.AskQueuesMax);
            foreach (var queue in _bench.Asked.First().Queues) asked.Add(queue).ShouldBeTrue(queue);
            _bench.Answer();
        }

        return asked.Count;
    }
}
