using Gateway.Store;
using Gateway.Store.Messages;
using Shouldly;
using Xunit;
using static Gateway.Tests.Store.StoreCommands;

namespace Gateway.Tests.Store;

/// <summary>
/// Asking for an obstacle to new messages is a call of the system: it is made once for all that is committed together.
/// </summary>
public sealed class ObstacleTests
{
    private readonly ObservedBlockStore _blocks = new();
    private readonly MessageStore _store;

    public ObstacleTests() => _store = MessageStore.Open(_blocks, new StoreSettings(), Guid.NewGuid());

    [Theory]
    [InlineData(1)]
    [InlineData(500)]
    public void Obstacle_IsAskedOnceAGroup(int messages)
    {
        var asked = _blocks.ObstacleAsked;
        _store.Execute([.. Enumerable.Range(1, messages).Select(seed => Enqueue(Orders, Message(seed)))]);

        (_blocks.ObstacleAsked - asked).ShouldBe(1);
    }

    [Fact]
    public void Obstacle_IsKnownInTheNextGroup_AndItsEndToo()
    {
        Numbered(1).ShouldBe([1]);
        _blocks.Hindrance = "somebody holds the folder";
        Numbered(2).ShouldBe([1]);
        _blocks.Hindrance = null;
        Numbered(3).ShouldBe([1, 2]);
    }

    private IReadOnlyList<long> Numbered(int seed)
    {
        _store.Execute([Enqueue(Orders, Message(seed))]);
        return [.. Numbers(_store, Orders)];
    }
}
