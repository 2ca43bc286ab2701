using Gateway.Client;
using Gateway.Client.Processing;
using Shouldly;
using Xunit;

namespace Gateway.Tests.Client.Processing;

public sealed class VerdictTests
{
    private static readonly ExponentialRetryPolicy _policy =
        new(attemptsMax: 3, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(3), chance: () => 0);

    private static readonly Exception _failure = new InvalidOperationException("no stock");

    [Fact]
    public void After_Success_Completes() =>
        Verdict.After(null, HandlerEnd.Held, 1, _policy).ShouldBe(new Verdict(ProcessOutcome.Completed));

    [Fact]
    public void After_SettledByTheHandler_LeavesItAlone()
    {
        Verdict.After(null, HandlerEnd.Settled, 1, _policy).Outcome.ShouldBe(ProcessOutcome.Settled);
        Verdict.After(_failure, HandlerEnd.Settled, 1, _policy).Outcome.ShouldBe(ProcessOutcome.Settled);
    }

    [Fact]
    public void After_Failures_RetriesWithLongerDelaysAndRejectsWithTypeAndText()
    {
        Verdict.After(_failure, HandlerEnd.Held, 1, _policy)
            .ShouldBe(new Verdict(ProcessOutcome.Retried, Delay: TimeSpan.FromMilliseconds(500)));
        Verdict.After(_failure, HandlerEnd.Held, 2, _policy)
            .ShouldBe(new Verdict(ProcessOutcome.Retried, Delay: TimeSpan.FromSeconds(1)));
        Verdict.After(_failure, HandlerEnd.Held, 3, _policy)
            .ShouldBe(new Verdict(ProcessOutcome.Rejected, Reason: "System.InvalidOperationException: no stock"));
    }

    [Fact]
    public void After_WhatNoRepetitionChanges_RejectsAtOnce()
    {
        Verdict.After(new UnreadableMessageException("no order"), HandlerEnd.Held, 1, _policy).ShouldBe(new Verdict(
            ProcessOutcome.Rejected, Reason: "Gateway.Client.UnreadableMessageException: no order"));
        Verdict.After(new RejectMessageException("unknown customer"), HandlerEnd.Held, 1, _policy)
            .ShouldBe(new Verdict(ProcessOutcome.Rejected, Reason: "unknown customer"));
    }

    [Fact]
    public void After_CancelledByTheStop_IsReleasedAndOtherwiseAFailure()
    {
        var cancelled = new OperationCanceledException();

        Verdict.After(cancelled, HandlerEnd.Stopped, 3, _policy).Outcome.ShouldBe(ProcessOutcome.Released);
        Verdict.After(_failure, HandlerEnd.Stopped, 1, _policy).Outcome.ShouldBe(ProcessOutcome.Retried);
        Verdict.After(cancelled, HandlerEnd.Held, 1, _policy).Outcome.ShouldBe(ProcessOutcome.Retried);
    }

    [Fact]
    public void After_FailureOfALostMessage_IsLost() =>
        Verdict.After(_failure, HandlerEnd.Lost, 3, _policy).Outcome.ShouldBe(ProcessOutcome.Lost);

    [Fact]
    public void DelayAfter_AnyDelivery_IsBetweenHalfAndAllOfTheDoubledDelay()
    {
        var highest = new ExponentialRetryPolicy(int.MaxValue, TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(10), () => 0.999999999);
        var lowest = new ExponentialRetryPolicy(int.MaxValue, TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(10), () => 0);

        foreach (var (deliveries, seconds) in new[] { (1, 1), (2, 2), (3, 4), (10, 512), (11, 600), (1_000_000, 600) })
        {
            highest.DelayAfter(_failure, deliveries)!.Value.TotalSeconds.ShouldBe(seconds, 0.001);
            lowest.DelayAfter(_failure, deliveries)!.Value.TotalSeconds.ShouldBe(seconds / 2.0, 0.001);
        }
    }
}
