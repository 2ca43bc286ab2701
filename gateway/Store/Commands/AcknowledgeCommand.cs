using Gateway.Store.Messages;

namespace Gateway.Store.Commands;

/// <summary>
/// Drops everything of an outgoing queue up to a number, which the peer has stored. Losing this in a crash costs a resend that the peer
/// recognises.
/// </summary>
internal sealed class AcknowledgeCommand(QueueId queue, long upTo) : StoreCommand
{
    public override bool IsLazy => true;

    public override void Apply(StoreJournal journal, StoreReader reader)
    {
        if (journal.State.Find(queue) is { Messages: > 0 } found) journal.RemoveUpTo(found, upTo);
    }
}
