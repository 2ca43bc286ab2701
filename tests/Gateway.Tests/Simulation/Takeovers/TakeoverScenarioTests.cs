using Gateway.Store;
using Gateway.Store.Commands;
using Gateway.Store.Disk.Log;
using Gateway.Store.Holding;
using Gateway.Store.Messages;
using Gateway.Store.Records;
using Shouldly;
using Xunit;

namespace Gateway.Tests.Simulation.Takeovers;

/// <summary>Stories about two processes and one store, a step at a time.</summary>
public sealed class TakeoverScenarioTests
{
    private const string TakenOver = "was taken over by another gateway, two";

    private readonly ScriptedThread _thread = new();
    private readonly SimulatedDatabase _database = new(new SimulatedClock(), new Random(1));

    private SimulatedRow Row => _database.RowOf("shop");

    /// <summary>It blamed damage, and advised a repair.</summary>
    [Fact]
    public void AProcessThatIsDisplacedWhileItOpensAStore_SaysSo_WhateverItHasRead()
    {
        MessageStore.Open(Open("maker"), new StoreSettings(), Guid.NewGuid()).Close();
        var displaced = Open("one");
        TakeOver().Write([], [Identity.Id]);

        var failed = Should.Throw<StoreFailedException>(() => MessageStore.Open(displaced, new StoreSettings(), Guid.NewGuid()));

        failed.Message.ShouldContain(TakenOver);
    }

    /// <summary>It blamed the database if its question about that got no answer.</summary>
    [Theory]
    [InlineData(nameof(HoldTrouble.None))]
    [InlineData(nameof(HoldTrouble.CutBefore))]
    [InlineData(nameof(HoldTrouble.AnswerLost))]
    public void AHolderThatMissesWhatItsSuccessorHasDropped_SaysThatItWasDisplaced(string trouble)
    {
        var displaced = Begin("one");
        var successor = TakeOver();
        successor.Roll(2, [Identity]);
        successor.Drop(1);

        _thread.Befall(Enum.Parse<HoldTrouble>(trouble), afterSteps: 1);
        var failed = Should.Throw<StoreFailedException>(() => displaced.Write([Group(1)], []));

        failed.Message.ShouldContain(TakenOver);
        Row.Blocks.ReadFrom(BlockKind.Group, 0).ShouldBeEmpty();
    }

    [Theory]
    [InlineData(nameof(HoldTrouble.CutBefore))]
    [InlineData(nameof(HoldTrouble.CutWithin))]
    [InlineData(nameof(HoldTrouble.AnswerLost))]
    [InlineData(nameof(HoldTrouble.Uncertain))]
    public void ACommitOfUnknownOutcome_IsThereOnce_AndTheHolderGoesOn(string trouble)
    {
        var holder = Begin("one");

        _thread.Befall(Enum.Parse<HoldTrouble>(trouble), afterSteps: 0);
        holder.Write([Group(1)], []);
        holder.Write([Group(2)], []);

        Row.Blocks.ReadFrom(BlockKind.Group, 0).Select(block => block.Id.Number).ShouldBe([1, 2]);
        _thread.HasBefallen.ShouldBeTrue();
    }

    [Fact]
    public void AHolderThatStandsStillBeforeItsCommit_UntilAnotherHasTakenOver_WritesNothing()
    {
        var holder = Begin("one");
        holder.Write([Group(1)], []);

        _thread.Befall(HoldTrouble.PauseBefore, afterSteps: 0, () => TakeOver().Write([Group(2)], []));
        var failed = Should.Throw<StoreFailedException>(() => holder.Write([new Block(Group(2).Id, [9])], []));

        failed.Message.ShouldContain(TakenOver);
        Should.Throw<StoreFailedException>(() => holder.Write([Group(3)], []));
        Row.Blocks.ReadFrom(BlockKind.Group, 0).Select(block => block.Bytes).ShouldBe([Group(1).Bytes, Group(2).Bytes]);
    }

    /// <summary>It judged from memory what a peer knew from its successor, and called that the history of another store.</summary>
    [Fact]
    public void AProcessThatWasDisplaced_JudgesNoPeer_AndProvesNoHold()
    {
        var (one, two) = (OpenStore("one"), OpenStore("two"));
        one.Execute([new ReadPositionsCommand(Guid.NewGuid(), ["orders"], _ => { })]);

        StoreCommand[] commands = [new ReadHistoryCommand(Guid.NewGuid(), known: null, _ => { }), new ProveHoldCommand(() => { })];
        foreach (var command in commands)
        {
            Should.Throw<StoreFailedException>(() => one.Execute([command])).Message.ShouldContain(TakenOver);
            two.Execute([command]);
        }
    }

    private MessageStore OpenStore(string process)
    {
        Row.LoseLock();
        return MessageStore.Open(Open(process), new StoreSettings(), Guid.NewGuid());
    }

    private static Block Identity => new(new BlockId(BlockKind.Identity, 1), [1, 2, 3]);

    private static Block Group(byte number) => new(new BlockId(BlockKind.Group, number), [number]);

    private HeldMemoryBlocks Open(string process) => HeldMemoryBlocks.Open(new SimulatedHoldServer(
        _database, Row, new HoldSettings("shop", TimeSpan.FromSeconds(8), TimeSpan.FromSeconds(30)) { Self = process }, _thread),
        new SimulatedStandby());

    private HeldMemoryBlocks Begin(string process)
    {
        var holder = Open(process);
        holder.Roll(1, [Identity]);
        return holder;
    }

    /// <summary>The lock of the holder is gone, and its connection is not.</summary>
    private HeldMemoryBlocks TakeOver()
    {
        Row.LoseLock();
        return Open("two");
    }

    /// <summary>The threads of both processes, of which one at a time does something.</summary>
    private sealed class ScriptedThread : ISimulatedThread
    {
        private HoldTrouble _trouble;
        private Action? _meanwhile;
        private int _steps;

        public bool HasBefallen => _trouble == HoldTrouble.None;

        public void Befall(HoldTrouble trouble, int afterSteps, Action? meanwhile = null) =>
            (_trouble, _steps, _meanwhile) = (trouble, afterSteps, meanwhile);

        public HoldTrouble NextTrouble()
        {
            if (_trouble == HoldTrouble.None || _steps-- > 0) return HoldTrouble.None;
            var now = _trouble;
            _trouble = HoldTrouble.None;
            return now;
        }

        public void StandStill() => _meanwhile?.Invoke();
    }
}
