using Gateway.Store.Records;

namespace Gateway.Store;

/// <summary>Stores a short note under a name; an empty note removes it.</summary>
/// <param name="done">Called on the loop once durable; null if no caller waits.</param>
internal sealed class MarkCommand(string name, string note, Action? done) : StoreCommand
{
    public override bool IsLazy => done is null;

    public override void Apply(StoreJournal journal, StoreReader reader)
    {
        if (journal.State.Marks.GetValueOrDefault(name, "") != note) journal.Mark(new Marked(name, note));
    }

    public override void Complete() => done?.Invoke();
}
