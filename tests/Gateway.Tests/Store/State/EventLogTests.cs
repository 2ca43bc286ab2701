using System.Text;
using Gateway.Store.Commands;
using Gateway.Store.Records;
using Gateway.Store.State;
using Shouldly;
using Xunit;
using static Gateway.Tests.Store.StoreCommands;

namespace Gateway.Tests.Store.State;

public sealed class EventLogTests
{
    [Theory]
    [MemberData(nameof(StoreCases.Engines), MemberType = typeof(StoreCases))]
    public void TheLastEventsOfEachTopic_SurviveAKill_InOrder(StoreEngine engine)
    {
        using var store = new TestStore(engine);
        for (var i = 0; i < EventLog.TopicEventsMax + 20; i++)
            store.Store.Execute([Event("link/a", i), Event(i % 50 == 0 ? "link/b" : "link/a", i + 1000)]);

        Texts(store, "link/b").ShouldBe(["1000", "1050", "1100", "1150", "1200", "1250"]);
        store.Reopen(StoreEnd.Killed);

        Texts(store, "link/a").Count.ShouldBe(EventLog.TopicEventsMax);
        Texts(store, "link/a")[^1].ShouldBe((EventLog.TopicEventsMax + 19 + 1000).ToString());
        Texts(store, "link/b").Count.ShouldBe(6);
        store.Blocks.ReadFrom(BlockKind.Event, 0).Count().ShouldBe(EventLog.TopicEventsMax + 6, "what is forgotten is deleted");
    }

    [Fact]
    public void Events_AreReadByACommand()
    {
        using var store = new TestStore(StoreEngine.Memory);
        IReadOnlyList<StoredEvent> found = [];
        var read = new ReadEventsCommand(events => found = events);

        store.Store.Execute([Event("link/a", 1), read]);
        read.Complete();

        found.ShouldHaveSingleItem().AtUnixMs.ShouldBe(Noon + 1);
    }

    private static AppendEventCommand Event(string topic, int number) =>
        new(new StoredEvent(topic, Noon + number, Encoding.UTF8.GetBytes($"{number}")));

    private static List<string> Texts(TestStore store, string topic) =>
        store.State.Events.All.Where(entry => entry.Topic == topic).Select(entry => Encoding.UTF8.GetString(entry.Payload.Span)).ToList();
}
