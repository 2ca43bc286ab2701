using System.Collections.Concurrent;
using Gateway.Store;
using Gateway.Store.Commands;
using Gateway.Store.Disk.Files;
using Gateway.Store.Disk.Log;
using Gateway.Store.Disk.Pages;
using Gateway.Store.Messages;
using Gateway.Store.Records;
using Microsoft.Extensions.Logging.Abstractions;
using Shouldly;
using Xunit;
using static Gateway.Tests.Store.StoreCommands;

namespace Gateway.Tests.Store;

/// <summary>The thread that owns the store, on blocks in memory. Each wait is for an event that must come.</summary>
public sealed class StoreThreadTests : IStoreOwner, IDisposable
{
    private readonly ObservedBlockStore _blocks = new();
    private readonly BlockingCollection<IReadOnlyList<StoreCommand>> _executed = [];
    private readonly TaskCompletionSource<StoreFailedException> _failed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly StoreThread _thread;

    public StoreThreadTests() => _thread = NewThread(() => MessageStore.Open(_blocks, new StoreSettings(), TestStore.FirstId));

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _thread.Stop(Timeout.InfiniteTimeSpan);
        _executed.Dispose();
    }

    void IStoreOwner.OnExecuted(IReadOnlyList<StoreCommand> commands) => _executed.Add(commands);

    void IStoreOwner.OnFailed(StoreFailedException failure) => _failed.SetResult(failure);

    [Fact]
    public async Task Start_GivesTheStoreId()
    {
        (await _thread.StartAsync()).ShouldBe(TestStore.FirstId);
    }

    [Fact]
    public async Task Start_OfAStoreThatCannotBeOpened_Throws()
    {
        var thread = NewThread(() => throw new StoreFormatException("not ours"));

        await Should.ThrowAsync<StoreFormatException>(thread.StartAsync());
        thread.Stop(Timeout.InfiniteTimeSpan);
    }

    [Fact]
    public async Task Commands_ThatWaitTogether_AreCommittedTogether()
    {
        await _thread.StartAsync();
        using var gate = new Gate();
        _thread.Submit(gate);
        gate.AwaitEntered();
        var commands = Enumerable.Range(1, 50).Select(seed => Enqueue(Orders, Message(seed))).ToList();
        foreach (var command in commands) _thread.Submit(command);
        var before = _blocks.Writes;

        gate.Open();

        _executed.Take(Cancel).ShouldBe([gate]);
        _executed.Take(Cancel).ShouldBe(commands);
        _blocks.Writes.ShouldBe(before + 1);
    }

    [Fact]
    public async Task CommandsBeyondTheSizeOfAGroup_GoIntoTheNext()
    {
        await _thread.StartAsync();
        using var gate = new Gate();
        _thread.Submit(gate);
        gate.AwaitEntered();
        var commands = Enumerable.Range(1, 6).Select(seed => Enqueue(Orders, Message(seed, 1_500_000))).ToList();
        foreach (var command in commands) _thread.Submit(command);

        gate.Open();

        _executed.Take(Cancel).ShouldBe([gate]);
        _executed.Take(Cancel).ShouldBe(commands.Take(3));
        _executed.Take(Cancel).ShouldBe(commands.Skip(3));
    }

    [Fact]
    public async Task LazyCommand_AloneIsCommittedSoon()
    {
        await _thread.StartAsync();
        var lazy = new AcknowledgeCommand(Orders, 1);

        _thread.Submit(lazy);

        _executed.Take(Cancel).ShouldBe([lazy]);
    }

    [Fact]
    public async Task LazyCommand_GoesAlongWithOneThatSomebodyWaitsFor()
    {
        await _thread.StartAsync();
        using var gate = new Gate();
        _thread.Submit(gate);
        gate.AwaitEntered();
        var (lazy, urgent) = (new AcknowledgeCommand(Orders, 1), Enqueue(Orders, Message(1)));
        _thread.Submit(lazy);
        _thread.Submit(urgent);

        gate.Open();

        _executed.Take(Cancel).ShouldBe([gate]);
        _executed.Take(Cancel).ShouldBe([lazy, urgent]);
    }

    [Fact]
    public async Task Stop_ExecutesWhatWaits_AndClosesTheStore()
    {
        await _thread.StartAsync();
        var commands = Enumerable.Range(1, 20).Select(seed => Enqueue(Orders, Message(seed, 600_000))).ToList();
        foreach (var command in commands) _thread.Submit(command);

        _thread.Stop(Timeout.InfiniteTimeSpan);

        _executed.SelectMany(group => group).ShouldBe(commands);
        _blocks.IsDisposed.ShouldBeTrue();
        _blocks.ReadFrom(BlockKind.Snapshot, 0).ShouldNotBeEmpty();
    }

    [Fact]
    public void Stop_BeforeStart_Returns() => _thread.Stop(Timeout.InfiniteTimeSpan).ShouldBeTrue();

    [Fact]
    public async Task Failure_IsReported_AndNothingCompletesAfterwards()
    {
        await _thread.StartAsync();
        _blocks.Fails = true;

        _thread.Submit(Enqueue(Orders, Message(1)));
        var failure = await _failed.Task.WaitAsync(Cancel);
        _blocks.Fails = false;
        _thread.Submit(Enqueue(Orders, Message(2)));
        _thread.Stop(Timeout.InfiniteTimeSpan);

        failure.Message.ShouldContain("as the test wants it");
        _executed.ShouldBeEmpty();
        _blocks.ReadFrom(BlockKind.Group, 0).ShouldBeEmpty();
        _blocks.IsDisposed.ShouldBeTrue();
    }

    [Fact]
    public async Task AStoreHeldByAnother_IsWaitedFor_AndItsHolderNamed()
    {
        var turns = 0;
        StoreThread? thread = null;
        var opener = new StoreOpener(standby =>
        {
            for (; turns < 3; turns++) standby.WaitFor("process 1 on alpha", TimeSpan.FromSeconds(8)).ShouldBeTrue();
            thread!.Standby.ShouldBe("The store is held by process 1 on alpha. This gateway stands by, and takes over when that process "
                + "ends or has been silent for 8 s.");
            return MessageStore.Open(_blocks, new StoreSettings(), TestStore.FirstId);
        });
        thread = new StoreThread(opener, this, NullLogger<StoreThread>.Instance);

        (await thread.StartAsync()).ShouldBe(TestStore.FirstId);

        thread.Standby.ShouldBeNull();
        thread.Stop(Timeout.InfiniteTimeSpan).ShouldBeTrue();
    }

    [Fact]
    public async Task AnEngineThatWasAway_WhileItsHolderWasWaitedFor_IsToldSo()
    {
        var asked = new List<bool>();
        var opener = new StoreOpener(standby =>
        {
            asked.Add(standby.WasCutOff);
            if (asked.Count == 1)
            {
                standby.WaitFor("process 1 on alpha", TimeSpan.FromSeconds(8));
                throw new StoreUnavailableException("it is away", new TimeoutException());
            }

            standby.WaitFor("process 1 on alpha", TimeSpan.FromSeconds(8));
            asked.Add(standby.WasCutOff);
            return MessageStore.Open(_blocks, new StoreSettings(), TestStore.FirstId);
        }, mayWait: true);
        var thread = new StoreThread(opener, this, NullLogger<StoreThread>.Instance);

        await thread.StartAsync();

        asked.ShouldBe([false, true, false]);
        thread.Stop(Timeout.InfiniteTimeSpan).ShouldBeTrue();
    }

    [Fact]
    public async Task AWaitForTheHolder_EndsWithoutAnError_WhenTheGatewayStops()
    {
        using var waits = new ManualResetEventSlim();
        var opener = new StoreOpener(standby =>
        {
            while (standby.WaitFor("process 1 on alpha", TimeSpan.FromSeconds(8))) waits.Set();
            throw new StoreInUseException("in use by process 1 on alpha");
        });
        var thread = new StoreThread(opener, this, NullLogger<StoreThread>.Instance);
        var starting = thread.StartAsync();
        waits.Wait(Cancel);

        thread.EndWaiting();

        await Should.ThrowAsync<OperationCanceledException>(starting);
    }

    [Fact]
    public async Task AStoreThatIsToBeHad_JustWhenAStopEndsTheWait_IsClosedAgain()
    {
        using var waits = new ManualResetEventSlim();
        var opener = new StoreOpener(standby =>
        {
            while (standby.WaitFor("process 1 on alpha", TimeSpan.FromSeconds(8))) waits.Set();
            return MessageStore.Open(_blocks, new StoreSettings(), TestStore.FirstId);
        });
        var thread = new StoreThread(opener, this, NullLogger<StoreThread>.Instance);
        var starting = thread.StartAsync();
        waits.Wait(Cancel);

        thread.EndWaiting();

        await Should.ThrowAsync<OperationCanceledException>(starting);
        thread.Stop(Timeout.InfiniteTimeSpan).ShouldBeTrue();
        _blocks.IsDisposed.ShouldBeTrue();
    }

    private StoreThread NewThread(Func<MessageStore> open) =>
        new(new StoreOpener(_ => open()), this, NullLogger<StoreThread>.Instance);

    /// <summary>Holds the store's thread until it is opened.</summary>
    private sealed class Gate : StoreCommand, IDisposable
    {
        private readonly ManualResetEventSlim _entered = new();
        private readonly ManualResetEventSlim _open = new();

        public override void Apply(StoreJournal journal, StoreReader reader)
        {
            _entered.Set();
            _open.Wait(Cancel);
        }

        public void AwaitEntered() => _entered.Wait(Cancel);

        public void Open() => _open.Set();

        public void Dispose()
        {
            Open();
            _entered.Dispose();
            _open.Dispose();
        }
    }
}
