using Gateway.Store.Commands;
using Gateway.Store.Messages;
using Gateway.Tests.Store.Disk;
using Shouldly;
using Xunit;
using static Gateway.Tests.Store.StoreCommands;

namespace Gateway.Tests.Store.State;

/// <summary>A full store refuses what is new, with the figure, and nothing else; and opens again when it has drained.</summary>
public sealed class StoreLimitsTests
{
    [Theory]
    [MemberData(nameof(StoreCases.Engines), MemberType = typeof(StoreCases))]
    public void QueueAtItsMessages_RefusesMore_AndNoOtherQueueDoes(StoreEngine engine)
    {
        using var store = new TestStore(engine, new StoreSettings { QueueMessagesMax = 3 });
        store.Execute(Enqueue(Orders, Message(1), Message(2), Message(3)));

        Full(store, Enqueue(Orders, Message(4)))
            .ShouldBe("outgoing orders@billing holds 3 messages, of 3 that a queue may hold (Store:QueueMessagesMax)");
        Full(store, Enqueue(Bills, Message(5))).ShouldBeNull();
        Full(store, Enqueue(Orders, Message(1))).ShouldBeNull("what was accepted before is accepted again");
        Numbers(store.Store, Orders).ShouldBe([1, 2, 3]);
    }

    [Fact]
    public void BatchThatDoesNotFit_IsRefusedWhole()
    {
        using var store = new TestStore(StoreEngine.Memory, new StoreSettings { QueueMessagesMax = 3 });

        Full(store, Enqueue([Bills, Orders], [Message(1), Message(2), Message(3), Message(4)]))
            .ShouldBeNull("an empty queue takes what comes first");
        Full(store, Enqueue([Jobs, Orders], [Message(5)])).ShouldNotBeNull();
        Numbers(store.Store, Jobs).ShouldBeEmpty();
    }

    [Theory]
    [MemberData(nameof(StoreCases.Engines), MemberType = typeof(StoreCases))]
    public void QueueAtItsBytes_OpensAgain_WhenItHasDrained(StoreEngine engine)
    {
        using var store = new TestStore(engine, new StoreSettings { QueueBytesMax = 3_000 });
        for (var seed = 1; seed <= 2; seed++) store.Execute(Enqueue(Orders, Message(seed, 1_000)));
        Full(store, Enqueue(Orders, Message(3, 1_000))).ShouldNotBeNull().ShouldContain("Store:QueueBytesMax");
        Described(store).IsFull.ShouldBeTrue();

        store.Execute(new AcknowledgeCommand(Orders, 1));

        Described(store).IsFull.ShouldBeFalse();
        Full(store, Enqueue(Orders, Message(3, 1_000))).ShouldBeNull();
    }

    [Fact]
    public void StoreAtItsBytes_RefusesEveryQueue_AndDeadLettersCount()
    {
        using var store = new TestStore(StoreEngine.Memory, new StoreSettings { StoreBytesMax = 3_000 });
        store.Execute(Enqueue(Orders, Message(1, 1_000)), Enqueue(Bills, Message(2, 1_000)));
        store.Execute(Reject(Orders, 1));

        Full(store, Enqueue(Jobs, Message(3, 1_000))).ShouldNotBeNull().ShouldContain("Store:BytesMax");
        store.Execute(Complete(Bills, 1));
        Full(store, Enqueue(Jobs, Message(3, 1_000))).ShouldBeNull();
    }

    [Fact]
    public void DiskAtItsReserve_RefusesWhatIsNew_AndTakesSettlements()
    {
        var disk = new SimulatedDisk { FreeBytes = 1_000_000 };
        using var store = new TestStore(StoreEngine.Lite, new StoreSettings { DiskReserveBytes = 500_000 }, disk);
        Full(store, Enqueue(Jobs, Message(1))).ShouldBeNull();

        disk.FreeBytes = 499_000;
        LookAtDisk(store);

        Full(store, Enqueue(Jobs, Message(2)))
            .ShouldBe("the disk has 499000 bytes left, of which 500000 are the reserve (Store:DiskReserveBytes)");
        var inbound = Inbound(Guid.Empty, 0, 3);
        store.Execute(inbound, Complete(Jobs, 1));
        inbound.Full.ShouldNotBeNull();
        inbound.Position.ShouldBe(0);
        Numbers(store.Store, Jobs).ShouldBeEmpty();

        disk.FreeBytes = 1_000_000;
        LookAtDisk(store);
        Full(store, Enqueue(Jobs, Message(2))).ShouldBeNull();
    }

    [Fact]
    public void InboundBatchKnownAlready_IsNotRefused()
    {
        using var store = new TestStore(StoreEngine.Memory, new StoreSettings { QueueMessagesMax = 1 });
        store.Execute(Inbound(Guid.Empty, 0, 1));

        var repeated = Inbound(Guid.Empty, 0, 1);
        store.Execute(repeated);

        repeated.Full.ShouldBeNull();
        repeated.Position.ShouldBe(1);
    }

    private static QueueDescription Described(TestStore store)
    {
        QueueDescription? found = null;
        store.Execute(new FindQueueCommand(Orders, done => found = done.Queue));
        return found.ShouldNotBeNull();
    }

    private static string? Full(TestStore store, EnqueueCommand command)
    {
        store.Execute(command);
        return command.Full;
    }

    /// <summary>The store asks the disk now and then, while it keeps house.</summary>
    private static void LookAtDisk(TestStore store)
    {
        for (var step = 0; step < 50; step++) store.Store.Maintain();
    }
}
