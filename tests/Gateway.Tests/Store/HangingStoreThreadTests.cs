using System.Collections.Concurrent;
using Gateway.Store;
using Gateway.Store.Blocks;
using Gateway.Store.Disk.Log;
using Gateway.Store.Messages;
using Gateway.Store.Records;
using Gateway.Tests.Store.Disk;
using Microsoft.Extensions.Logging.Abstractions;
using Shouldly;
using Xunit;
using static Gateway.Tests.Store.StoreCommands;

namespace Gateway.Tests.Store;

/// <summary>The thread that owns the store, while its disk does not answer.</summary>
public sealed class HangingStoreThreadTests : IStoreOpener, IStoreOwner, IDisposable
{
    private static readonly TimeSpan _limit = TimeSpan.FromMilliseconds(50);

    private readonly ManualResetEventSlim _hangs = new();
    private readonly ManualResetEventSlim _answers = new();
    private readonly BlockingCollection<IReadOnlyList<StoreCommand>> _executed = [];
    private readonly SimulatedDisk _disk = new();
    private readonly StoreThread _thread;

    public HangingStoreThreadTests() => _thread = new StoreThread(this, this, NullLogger<StoreThread>.Instance);

    bool IStoreOpener.MayWait => false;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _answers.Set();
        _thread.Stop(Timeout.InfiniteTimeSpan);
        _hangs.Dispose();
        _answers.Dispose();
        _executed.Dispose();
    }

    MessageStore IStoreOpener.Open(IStandby standby) =>
        MessageStore.Open(new LiteBlockStore(_disk, NullLoggerFactory.Instance, 0), new StoreSettings(), TestStore.FirstId);

    void IStoreOwner.OnExecuted(IReadOnlyList<StoreCommand> commands) => _executed.Add(commands);

    void IStoreOwner.OnFailed(StoreFailedException failure)
    {
        // The tests see the commands that are left.
    }

    [Fact]
    public async Task Stop_WhileAFlushHangs_ReturnsAtItsLimit_AndCountsWhatIsLeft()
    {
        await _thread.StartAsync();
        _disk.BeforeFlush = Hang;
        _thread.Submit(Enqueue(Orders, Message(1)));
        _hangs.Wait(Cancel);
        _thread.Submit(Enqueue(Orders, Message(2)));
        _thread.Submit(Enqueue(Orders, Message(3)));

        _thread.Stop(_limit).ShouldBeFalse();

        _thread.Left.ShouldBe(3);
        _executed.ShouldBeEmpty();
    }

    [Fact]
    public async Task Stop_WhileTheStoreCloses_ReturnsAtItsLimit()
    {
        await _thread.StartAsync();
        _thread.Submit(Enqueue(Orders, Message(1)));
        _executed.Take(Cancel);
        _disk.BeforeFlush = Hang;

        _thread.Stop(_limit).ShouldBeFalse();

        _thread.Left.ShouldBe(0);
    }

    [Fact]
    public void Stop_WhileTheStoreOpens_ReturnsAtItsLimit()
    {
        _disk.BeforeFlush = Hang;
        var opening = _thread.StartAsync();
        _hangs.Wait(Cancel);

        _thread.Stop(_limit).ShouldBeFalse();

        opening.IsCompleted.ShouldBeFalse();
    }

    [Fact]
    public async Task ADiskThatAnswersAgain_LetsTheStoppedThreadDoTheRest()
    {
        await _thread.StartAsync();
        _disk.BeforeFlush = Hang;
        _thread.Submit(Enqueue(Orders, Message(1)));
        _hangs.Wait(Cancel);
        _thread.Stop(_limit).ShouldBeFalse();

        _answers.Set();

        _thread.Stop(Timeout.InfiniteTimeSpan).ShouldBeTrue();
        _executed.Count.ShouldBe(1);
        _thread.Left.ShouldBe(0);
    }

    private void Hang()
    {
        _hangs.Set();
        _answers.Wait(Cancel);
    }
}
