namespace Gateway.Store.Commands;

/// <summary>
/// Notes how far an outgoing queue may have been sent while there is no connection, or takes the note away before anything is sent. A queue
/// that the store has forgotten needs no note.
/// </summary>
/// <param name="note">Null to take the note away.</param>
/// <param name="done">Called on the loop when it is durable; null when nobody waits for that.</param>
internal sealed class NoteSentCommand(QueueId queue, SentNote? note, Action? done) : StoreCommand
{
    public override bool IsLazy => done is null;

    public override void Apply(StoreJournal journal, StoreReader reader)
    {
        var name = MarkNames.SentUpTo + queue.Name;
        var text = note?.ToNote() ?? "";
        if (journal.State.Find(queue) is not null && journal.State.Marks.GetValueOrDefault(name, "") != text)
            journal.Mark(new Marked(name, text));
    }

    public override void Complete() => done?.Invoke();
}
