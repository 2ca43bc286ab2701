using Gateway.Store;
using Gateway.Store.State;
using Shouldly;
using Xunit;

namespace Gateway.Tests.Store;

public sealed class RunCountTests : IDisposable
{
    private readonly TestStore _store = new(StoreEngine.Lite);

    [Fact]
    public void Next_OfANewStore_IsOne() => RunCount.Next(_store.Store, Guid.NewGuid()).ShouldBe(1);

    [Theory]
    [InlineData(StoreEnd.Closed)]
    [InlineData(StoreEnd.Disposed)]
    [InlineData(StoreEnd.Killed)]
    public void Next_AfterEachEnd_IsOneMore(StoreEnd end)
    {
        for (var run = 1; run <= 3; run++)
        {
            RunCount.Next(_store.Store, Guid.NewGuid()).ShouldBe(run);
            _store.Reopen(end);
        }
    }

    [Fact]
    public void Next_WithANoteThatIsNone_BeginsAgain()
    {
        _store.Execute(new MarkCommand(MarkNames.Runs, "many", done: null));

        RunCount.Next(_store.Store, Guid.NewGuid()).ShouldBe(1);
    }

    public void Dispose() => _store.Dispose();
}
