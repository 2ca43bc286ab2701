using Gateway.Store.Messages;

namespace Gateway.Store.Commands;

/// <summary>
/// Stores a message that is a dead letter from the beginning: in one commit it gets its place in each target queue and becomes a dead
/// letter. No link or consumer ever sees it; its number is a hole in the queue.
/// </summary>
/// <param name="text">The explanation of the reason.</param>
/// <param name="done">Called on the loop, once it is durable or was refused.</param>
internal sealed class PlaceDeadCommand(
    IReadOnlyList<QueueId> targets,
    Message message,
    DeadLetterReason reason,
    long atUnixMs,
    string text,
    Action<PlaceDeadCommand> done) : StoreCommand
{
    public override int SizeBytes { get; } = MessageCodec.SizeBytes(message) * targets.Count;

    /// <summary>Why there is no room for it; nothing was stored then.</summary>
    public StoreRefusal? Refusal { get; private set; }

    public override bool NeedsRoom => false;

    public override void Apply(StoreJournal journal, StoreReader reader)
    {
        var bytes = SizeBytes / targets.Count;
        Refusal = targets.Select(target => journal.Limits.Find(target, 1, bytes)).FirstOrDefault(full => full is not null);
        if (Refusal is not null) return;
        foreach (var target in targets)
        {
            var queue = journal.QueueOf(target);
            journal.DeadLetter(queue, journal.Store(queue, message), reason, atUnixMs, text);
        }
    }

    public override void Complete() => done(this);
}
