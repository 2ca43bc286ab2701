using Gateway.Transport;
using NetMQ;
using Shouldly;
using Xunit;

namespace Gateway.Tests.Transport;

public sealed class LoopQueueTests
{
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(30);

    [Fact]
    public void Post_FromManyThreads_EachRunsOnce_InTheOrderOfItsThread()
    {
        const int Threads = 4;
        const int Each = 20_000;
        var seen = new List<(int Thread, int Number)>();
        using var poller = new NetMQPoller();
        using var queue = new LoopQueue(action => action(), new LoopTurns(TimeProvider.System));
        poller.Add(queue.Pollable);
        var posting = Enumerable.Range(0, Threads).Select(thread => new Thread(() =>
        {
            for (var i = 0; i < Each; i++)
            {
                var number = i;
                queue.Post(() =>
                {
                    seen.Add((thread, number));
                    if (seen.Count == Threads * Each) poller.Stop();
                });
            }
        })).ToList();
        foreach (var thread in posting) thread.Start();

        RunUntilStopped(poller);

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
        using var poller = new NetMQPoller();
        using var queue = new LoopQueue(action => action(), new LoopTurns(TimeProvider.System));
        using var turn = new SemaphoreSlim(1);
        poller.Add(queue.Pollable);
        var posting = new Thread(() =>
        {
            for (var i = 0; i < Rounds && turn.Wait(_patience); i++)
            {
                queue.Post(() =>
                {
                    turn.Release();
                    if (++done == Rounds) poller.Stop();
                });
            }
        });
        posting.Start();

        RunUntilStopped(poller);

        posting.Join();
        done.ShouldBe(Rounds);
    }

    private static void RunUntilStopped(NetMQPoller poller)
    {
        var timer = new NetMQTimer(_patience);
        timer.Elapsed += (_, _) => poller.Stop();
        poller.Add(timer);
        poller.Run();
        poller.Remove(timer);
    }
}
