using Gateway.Store;
using Gateway.Store.Commands;
using Gateway.Store.Messages;
using Gateway.Store.Snapshots;
using Gateway.Store.State;
using Shouldly;
using Xunit;
using static Gateway.Tests.Store.StoreCommands;

namespace Gateway.Tests.Store.State;

/// <summary>Queues that are empty are forgotten; what must be known of them for ever is not.</summary>
public sealed class ForgottenQueueTests
{
    private const int Names = 200_000;

    private static readonly Guid _sender = new("00000000-0000-0000-0000-00000000000a");
    private static readonly StoreSettings _settings = new() { EmptyQueuesKept = 0 };

    [Theory]
    [MemberData(nameof(StoreCases.Ends), MemberType = typeof(StoreCases))]
    public void Name_UsedAgain_GivesNumbersAboveAllThatWereGiven(StoreEngine engine, StoreEnd end)
    {
        using var store = new TestStore(engine, _settings);
        store.Execute(Enqueue(Orders, Message(1), Message(2), Message(3)), Enqueue(Bills, Message(4)));
        store.Execute(new AcknowledgeCommand(Orders, 3), new AcknowledgeCommand(Bills, 1));
        store.State.Queues.ShouldBeEmpty();

        store.Reopen(end);
        var (orders, bills) = (Enqueue(Orders, Message(5)), Enqueue(Bills, Message(6)));
        store.Execute(orders, bills);

        orders.Placed[0].Message.Number.ShouldBe(4);
        bills.Placed[0].Message.Number.ShouldBe(4);
        store.Reopen(end);
        Numbers(store.Store, Bills).ShouldBe([4]);
    }

    [Theory]
    [MemberData(nameof(StoreCases.Ends), MemberType = typeof(StoreCases))]
    public void Position_OutlivesItsQueue(StoreEngine engine, StoreEnd end)
    {
        using var store = new TestStore(engine, _settings);
        store.Execute(Inbound(_sender, 0, 7));
        store.Execute(Complete(Jobs, 1));
        store.State.Queues.ShouldBeEmpty();

        store.Reopen(end);
        var again = Inbound(_sender, 0, 7);
        store.Execute(again);

        again.Placed.ShouldBeEmpty();
        again.Position.ShouldBe(7);
    }

    [Theory]
    [MemberData(nameof(StoreCases.Ends), MemberType = typeof(StoreCases))]
    public void Queue_OfADeadLetter_OrThatIsPaused_IsNotForgotten_UntilThatIsOver(StoreEngine engine, StoreEnd end)
    {
        using var store = new TestStore(engine, _settings);
        store.Execute(new MarkCommand(MarkNames.PauseOf(Bills), "{}", () => { }), Enqueue(Orders, Message(1)), Enqueue(Bills, Message(2)));
        store.Execute(Reject(Orders, 1), Complete(Bills, 1));

        store.Reopen(end);
        store.State.Queues.Select(queue => queue.Id).ShouldBe([Orders, Bills]);
        store.Execute(Purge(null, 1), new MarkCommand(MarkNames.PauseOf(Bills), "", () => { }));

        store.State.Queues.ShouldBeEmpty();
        store.Reopen(end);
        store.State.NumbersAfter.ShouldBe(1);
    }

    [Fact]
    public void NoteOfHowFarItWasSent_GoesWithTheQueue_AndDoesNotComeBack()
    {
        using var store = new TestStore(StoreEngine.Memory, _settings);
        store.Execute(Enqueue(Orders, Message(1)), new NoteSentCommand(Orders, new SentNote(1, 1), done: null));
        store.State.Marks.Count.ShouldBe(1);

        store.Execute(new AcknowledgeCommand(Orders, 1));
        store.Execute(new NoteSentCommand(Orders, new SentNote(1, 1), done: null));

        store.State.Marks.ShouldBeEmpty();
    }

    [Fact]
    public void OnlyTheLongestEmpty_IsForgotten()
    {
        using var store = new TestStore(StoreEngine.Memory, new StoreSettings { EmptyQueuesKept = 1 });
        store.Execute(Enqueue(Orders, Message(1)), Enqueue(Bills, Message(2)));
        store.Execute(new AcknowledgeCommand(Bills, 1));
        store.Execute(new AcknowledgeCommand(Orders, 1));

        store.State.Queues.Select(queue => queue.Id).ShouldBe([Orders]);
    }

    [Fact]
    public void NamesUsedOnceEach_CostTheReceiverLittleMoreThanTheirBytes_AndTheSenderNothing()
    {
        using var store = new TestStore(StoreEngine.Memory);
        for (var first = 0; first < Names; first += 1_000)
        {
            var (names, number) = (Enumerable.Range(first, 1_000).Select(name => $"reply-{name:d6}").ToList(), store.State.NumbersAfter);
            var arrived = names.Select(name => new StoreInboundCommand(_sender, name, 0, [new NumberedMessage(1, Message(1, 10))], _ => { })
            { Opens = true }).ToList();
            var sent = names.Select((name, i) => Enqueue(QueueId.Outgoing(name, "far"), Message(first + i, 10))).ToList();
            store.Execute([.. arrived, .. sent]);
            arrived.ShouldAllBe(command => command.Placed.Count == 1);
            store.Execute([.. arrived.Select(command => Complete(command.Placed[0].Queue, command.Placed[0].Message.Number)),
                .. sent.Select(command => new AcknowledgeCommand(command.Placed[0].Queue, long.MaxValue))]);
        }

        store.State.Queues.Count.ShouldBe(new StoreSettings().EmptyQueuesKept);
        store.State.Positions.Count.ShouldBe(Names);
        Snapshot.Write(store.State, store.State.LastDeadLetter).Sum(block => (long)block.Bytes.Length).ShouldBeLessThan(Names * 20L);
        store.Reopen(StoreEnd.Closed);
        store.State.Positions.Count.ShouldBe(Names);
        store.State.Position(_sender, "reply-199999").Number.ShouldBe(1);
    }

    [Fact]
    public void Bound_OfQueues_CountsThoseThatHoldSomething()
    {
        using var store = new TestStore(StoreEngine.Memory, new StoreSettings { QueuesMax = 2 });
        var third = Enqueue(Jobs, Message(3));
        store.Execute(Enqueue(Orders, Message(1)), Enqueue(Bills, Message(2)), third);
        third.Full.ShouldNotBeNull().ShouldContain("Store:QueuesMax");

        var (more, again) = (Enqueue(Orders, Message(4)), Enqueue(Jobs, Message(3)));
        store.Execute(new AcknowledgeCommand(Bills, 1), more, again);

        more.Full.ShouldBeNull();
        again.Full.ShouldBeNull();
    }
}
