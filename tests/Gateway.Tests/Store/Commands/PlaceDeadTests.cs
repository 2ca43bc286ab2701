using Gateway.Store.Commands;
using Gateway.Store.Messages;
using Shouldly;
using Xunit;
using static Gateway.Tests.Store.StoreCommands;

namespace Gateway.Tests.Store.Commands;

/// <summary>A message that is a dead letter from the beginning.</summary>
public sealed class PlaceDeadTests
{
    private const string Why = "the connection ended within it";

    [Theory]
    [MemberData(nameof(StoreCases.Ends), MemberType = typeof(StoreCases))]
    public void TheMessage_IsADeadLetterOfEachTarget_AndIsNeverRead(StoreEngine engine, StoreEnd end)
    {
        using var store = new TestStore(engine);
        store.Execute(Enqueue(Orders, Message(1)), Place([Orders, Jobs], Message(2)), Enqueue(Orders, Message(3)));

        store.Reopen(end);

        Numbers(store.Store, Orders).ShouldBe([1, 3]);
        Numbers(store.Store, Jobs).ShouldBeEmpty();
        store.State.DeadLetters.Select(letter => (letter.Queue, letter.MessageNumber, letter.Reason, letter.AtUnixMs, letter.Text))
            .ShouldBe([(Orders, 2, DeadLetterReason.Incomplete, Noon, Why), (Jobs, 1, DeadLetterReason.Incomplete, Noon, Why)]);
    }

    [Fact]
    public void WithoutRoom_InOneOfItsTargets_NothingIsStored()
    {
        using var store = new TestStore(StoreEngine.Memory, new StoreSettings { QueueMessagesMax = 1 });
        store.Execute(Enqueue(Jobs, Message(1)));
        var place = Place([Orders, Jobs], Message(2));

        store.Execute(place);

        place.Refusal.ShouldNotBeNull().IsOfQueue.ShouldBeTrue();
        store.State.DeadLetters.ShouldBeEmpty();
    }

    private static PlaceDeadCommand Place(IReadOnlyList<QueueId> targets, Message message) =>
        new(targets, message, DeadLetterReason.Incomplete, Noon, Why, _ => { });
}
