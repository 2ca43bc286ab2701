using Gateway.Transport;
using Shouldly;
using Xunit;

namespace Gateway.Tests.Transport;

public sealed class LoopQueueTests
{
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(30);

    private readonly LoopQueue _queue = new();
    private readonly LoopTurns _turns = new(TimeProvider.System);
    private bool _isOver;

    [Fact]
    public void Post_FromManyThreads_EachRunsOnce_InTheOrderOfItsThread()
    {
        const int Threads = 4;
        const int Each = 20_000;
        var seen = new List<(int Thread, int Number)>();
        var posting = Enumerable.Range(0, Threads).Select(thread => new Thread(() =>
        {
            for (var i = 0; i < Each; i++)
            {
                var number = i;
                _queue.Post(() =>
                {
                    seen.Add((thread, number));
                    _isOver = seen.Count == Threads * Each;
                });
            }
        })).ToList();
        foreach (var thread in posting) thread.Start();

        RunUntilOver();

        foreach (var thread in posting) thread.Join();
        seen.Count.ShouldBe(Threads * Each);
        foreach (var group in seen.GroupBy(entry => entry.Thread)) group.Select(entry => entry.Number).ShouldBeInOrder();
    }

    [Fact]
    public void Post_OneAtATime_NoneWaitsForTheNext()
    {
        // The moment after the queue was found empty is the one in which a wake-up could be lost.
        const int Rounds = 30_000;
        var done = 0;
        using var turn = new SemaphoreSlim(1);
        var posting = new Thread(() =>
        {
            for (var i = 0; i < Rounds && turn.Wait(_patience); i++)
            {
                _queue.Post(() =>
                {
                    turn.Release();
                    _isOver = ++done == Rounds;
                });
            }
        });
        posting.Start();

        RunUntilOver();

        posting.Join();
        done.ShouldBe(Rounds);
    }

    [Fact]
    public void Wait_EndsWhenItsTimeIsOver()
    {
        _queue.Wait(TimeSpan.FromMilliseconds(1));
        _queue.Wait(TimeSpan.Zero);

        _queue.Drain(action => action(), _turns);
    }

    private void RunUntilOver()
    {
        var began = TimeProvider.System.GetTimestamp();
        while (!_isOver)
        {
            _queue.Wait(_patience);
            _queue.Drain(action => action(), _turns);
            TimeProvider.System.GetElapsedTime(began).ShouldBeLessThan(_patience, "a wake-up was lost");
        }
    }
}
