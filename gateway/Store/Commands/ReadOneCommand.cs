using Gateway.Store.Messages;

namespace Gateway.Store.Commands;

/// <summary>Reads one message with its body: of a queue by its number there, or a dead letter.</summary>
/// <param name="queue">Null for a dead letter.</param>
/// <param name="number">The number in the queue, or among the dead letters.</param>
/// <param name="done">Called on the loop.</param>
internal sealed class ReadOneCommand(QueueId? queue, long number, Action<ReadOneCommand> done) : StoreCommand
{
    /// <summary>Null if it is not there or is unreadable.</summary>
    public StoredMessage? Found { get; private set; }

    /// <summary>The dead letter; null if it does not exist, or for a message of a queue.</summary>
    public DeadLetter? DeadLetter { get; private set; }

    /// <summary>It should be there, but its group is unreadable.</summary>
    public bool IsDamaged { get; private set; }

    public override bool NeedsRoom => false;

    public override void Read(StoreReader reader)
    {
        if (queue is not { } id) ReadDeadLetter(reader);
        else if (reader.State.Find(id)?.Find(number) is not null) ReadMessage(reader, id);
    }

    public override void Complete() => done(this);

    private void ReadDeadLetter(StoreReader reader)
    {
        DeadLetter = reader.State.FindDeadLetter(number);
        if (DeadLetter is null) return;
        Found = reader.Read(DeadLetter);
        IsDamaged = Found is null;
    }

    private void ReadMessage(StoreReader reader, QueueId id)
    {
        // If the message is damaged, the next one of the queue is read in its place.
        var found = reader.Read(id, number - 1, 1, 1);
        IsDamaged = found.Count == 0 || found[0].Number != number;
        Found = IsDamaged ? null : found[0];
    }
}
