using CsCheck;
using Gateway.Client;
using Gateway.Client.Processing;
using Shouldly;
using Xunit;

namespace Gateway.Tests.Client.Processing;

public sealed class HandScheduleTests
{
    private static readonly TimeSpan _wait = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan _delay = TimeSpan.FromSeconds(10);

    [Fact]
    public void TryStart_WithoutKeys_AsManyAtOnceAsTheLimit()
    {
        var schedule = New(handled: 2);
        var jobs = Add(schedule, (1, null), (2, null), (3, null));

        Started(schedule).ShouldBe([1, 2]);
        schedule.WantsMore.ShouldBeFalse();
        schedule.OnHandled(jobs[0]);

        Started(schedule).ShouldBe([3]);
    }

    [Fact]
    public void TryStart_OneKey_OneAfterTheOtherWhileOthersRun()
    {
        var schedule = New(handled: 4);
        var jobs = Add(schedule, (1, "a"), (2, "a"), (3, "b"), (4, null), (5, "a"));

        Started(schedule).ShouldBe([1, 3, 4]);
        schedule.OnHandled(jobs[0]);
        Started(schedule).ShouldBeEmpty();
        schedule.OnSettled(jobs[0], default);

        Started(schedule).ShouldBe([2]);
        schedule.InHand.ShouldBe(4);
    }

    [Fact]
    public void OnReturned_OfAKey_ThoseBehindItWaitUntilItIsBack()
    {
        var schedule = New(handled: 4);
        var jobs = Add(schedule, (1, "a"), (2, "a"), (3, "b"));
        Started(schedule).ShouldBe([1, 3]);

        schedule.OnHandled(jobs[0]);
        schedule.OnReturned(jobs[0], _delay, default);
        Add(schedule, (4, "a"));
        Started(schedule).ShouldBeEmpty();
        Add(schedule, (1, "a"));

        Started(schedule).ShouldBe([1]);
        schedule.Parked.ShouldBe(0);
    }

    [Fact]
    public void OnReturned_WhenItWaitsHereAlready_ParksNothing()
    {
        var schedule = New(handled: 4);
        var jobs = Add(schedule, (1, "a"), (1, "a"), (2, "a"));
        Started(schedule);

        schedule.OnHandled(jobs[0]);
        schedule.OnReturned(jobs[0], default, default);

        Started(schedule).ShouldBe([1]);
    }

    [Fact]
    public void Look_AMessageThatDoesNotComeBack_IsWaitedForALimitedTime()
    {
        var schedule = New(handled: 1);
        var jobs = Add(schedule, (1, "a"), (2, "a"));
        Started(schedule);
        schedule.OnHandled(jobs[0]);
        schedule.OnReturned(jobs[0], _delay, default);

        schedule.Look(_delay + HandSchedule<Job>.ReturnWaitMax - TimeSpan.FromTicks(1), _ => false).ShouldBeEmpty();
        Started(schedule).ShouldBeEmpty();
        schedule.Look(_delay + HandSchedule<Job>.ReturnWaitMax, _ => false).ShouldBeEmpty();

        Started(schedule).ShouldBe([2]);
    }

    [Fact]
    public void WantsMore_AFullHand_OnlyForAMessageThatIsDue()
    {
        var limits = new HandLimits(1, 1, _wait);
        var schedule = new HandSchedule<Job>(limits);
        var first = Add(schedule, (1, "a"))[0];
        Started(schedule);
        schedule.OnHandled(first);
        schedule.OnReturned(first, _delay, default);
        Add(schedule, [.. Enumerable.Range(2, limits.HandMax).Select(number => (number, (string?)"a"))]);

        schedule.IsFull.ShouldBeTrue();
        schedule.WantsMore.ShouldBeFalse();
        schedule.Look(_delay, _ => false);
        schedule.HasRoom.ShouldBeTrue();
        schedule.WantsMore.ShouldBeTrue();
        Add(schedule, (1, "a"));

        schedule.IsFull.ShouldBeTrue();
        Started(schedule).ShouldBe([1]);
    }

    [Fact]
    public void Look_WhatWaitsBehindAHandlerThatHangs_IsGivenBackAndWhatIsLostIsDropped()
    {
        var schedule = New(handled: 2);
        var jobs = Add(schedule, (1, "a"), (2, "a"), (3, "a"));
        Started(schedule);

        schedule.Look(_wait - TimeSpan.FromTicks(1), job => job == jobs[1]).ShouldBeEmpty();
        schedule.InHand.ShouldBe(2);
        schedule.Look(_wait, _ => false).ShouldBe([jobs[2]]);

        schedule.InHand.ShouldBe(1);
    }

    [Fact]
    public void TakeWaiting_LeavesOnlyWhatHandlersHave()
    {
        var schedule = New(handled: 2);
        var jobs = Add(schedule, (1, "a"), (2, "a"), (3, "b"), (4, "c"), (5, null));
        Started(schedule).ShouldBe([1, 3]);

        schedule.TakeWaiting().ShouldBe([jobs[1], jobs[3], jobs[4]], ignoreOrder: true);

        schedule.InHand.ShouldBe(2);
        schedule.OnHandled(jobs[0]);
        schedule.OnSettled(jobs[0], default);
        Add(schedule, (6, "a"), (7, "c"));
        Started(schedule).ShouldBe([6]);
    }

    /// <summary>A queue, a processor of any size, and failures: all messages are handled, those of one key in order.</summary>
    [Fact]
    public void AnyHistory_HandlesEverythingAndKeepsTheOrderOfEachKey() =>
        Gen.Select(
            Gen.Int[1, 4], Gen.Int[1, 5], Gen.Int[1, 6], Gen.Select(Gen.Int[0, 3], Gen.Int[0, 2]).Array[1, 400], Gen.Int[0, int.MaxValue])
            .Sample((handled, waiting, prefetch, messages, seed) =>
            {
                var world = new ScheduleWorld(
                    new HandLimits(handled, waiting, TimeSpan.FromDays(1)), prefetch, messages, new Random(seed));
                world.Run();
            });

    private static HandSchedule<Job> New(int handled) => new(new HandLimits(handled, WaitingMax: 10, _wait));

    private static List<Job> Add(HandSchedule<Job> schedule, params (int Number, string? Key)[] messages)
    {
        List<Job> jobs = [.. messages.Select(message => new Job(IdOf(message.Number), message.Key, default))];
        jobs.ForEach(schedule.Add);
        return jobs;
    }

    private static List<int> Started(HandSchedule<Job> schedule)
    {
        var numbers = new List<int>();
        while (schedule.TryStart(out var job))
            numbers.Add(NumberOf(job));
        return numbers;
    }

    internal static MessageId IdOf(int number) => new(new Guid(number, 0, 0, new byte[8]));

    internal static int NumberOf(Job job) => BitConverter.ToInt32(job.Id.Value.ToByteArray());
}
