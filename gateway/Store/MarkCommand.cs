namespace Gateway.Store;

/// <summary>Keeps a short note under a name, or takes it away when it is empty.</summary>
/// <param name="done">Called on the loop when it is durable; null when nobody waits for that.</param>
internal sealed class MarkCommand(string name, string note, Action? done) : StoreCommand
{
    public override bool IsLazy => done is null;

    public override void Apply(StoreJournal journal, StoreReader reader)
    {
        if (journal.State.Marks.GetValueOrDefault(name, "") != note) journal.Mark(new Marked(name, note));
    }

    public override void Complete() => done?.Invoke();
}
