using Gateway.Store.State;

namespace Gateway.Store.Commands;

/// <summary>
/// Keeps an event beyond this run. It becomes durable with the next group; losing the last ones in a crash loses no message.
/// </summary>
internal sealed class AppendEventCommand(StoredEvent entry) : StoreCommand
{
    public override bool IsLazy => true;

    public override void Apply(StoreJournal journal, StoreReader reader) => journal.State.Events.Append(entry);
}

/// <summary>Reads all events kept, in order.</summary>
internal sealed class ReadEventsCommand(Action<IReadOnlyList<StoredEvent>> done) : StoreCommand
{
    private IReadOnlyList<StoredEvent> _found = [];

    public override bool NeedsRoom => false;

    public override void Read(StoreReader reader) => _found = reader.State.Events.All.ToList();

    public override void Complete() => done(_found);
}
