using Gateway.Store.Messages;
using Gateway.Store.Records;
using Gateway.Store.State;

namespace Gateway.Store.Commands;

/// <summary>
/// Records how far an outgoing queue may have been sent, while there is no connection, or removes the record before anything is sent. A
/// queue forgotten by the store needs no record.
/// </summary>
/// <param name="note">Null to remove the record.</param>
/// <param name="done">Called on the loop once durable; null if no caller waits.</param>
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
