using Gateway.Client;

namespace Gateway.Store.Commands;

/// <summary>A message on its way in, with the hash of destination and body by which a repetition is told from a conflict.</summary>
internal readonly record struct IncomingMessage(Message Message, ulong Fingerprint);

/// <summary>A message that has got its place.</summary>
internal readonly record struct Placed(QueueId Queue, StoredMessage Message);

/// <summary>Accepts messages of an application into each of the target queues, all or none; those accepted before are left as they are.</summary>
internal sealed class EnqueueCommand(
    IReadOnlyList<QueueId> targets,
    IReadOnlyList<IncomingMessage> messages,
    long nowUnixMs,
    Action<EnqueueCommand> done) : StoreCommand
{
    private readonly List<Placed> _placed = [];

    /// <summary>The id that was accepted before with something else; then nothing was accepted.</summary>
    public MessageId? Conflict { get; private set; }

    /// <summary>The messages that are new, each with each of its queues.</summary>
    public IReadOnlyList<Placed> Placed => _placed;

    public IReadOnlyList<IncomingMessage> Messages => messages;

    public override int SizeBytes { get; } = messages.Sum(incoming => MessageCodec.SizeBytes(incoming.Message)) * targets.Count;

    /// <summary>Why there is no room for them; then nothing was accepted.</summary>
    public string? Full { get; private set; }

    public override void Apply(StoreJournal journal, StoreReader reader)
    {
        Conflict = FindConflict(journal.State.Accepted);
        if (Conflict is not null) return;
        Full = FindFull(journal);
        if (Full is not null) return;

        foreach (var (message, fingerprint) in messages)
        {
            if (journal.State.Accepted.TryGet(message.Id, out _)) continue;
            journal.Accept(new IdAccepted(message.Id.Value, fingerprint, nowUnixMs));
            foreach (var target in targets)
            {
                var number = journal.Store(journal.QueueOf(target), message);
                _placed.Add(new Placed(target, new StoredMessage(number, message)));
            }
        }
    }

    public override void Complete() => done(this);

    private string? FindFull(StoreJournal journal)
    {
        var isNew = messages.Any(incoming => !journal.State.Accepted.TryGet(incoming.Message.Id, out _));
        return isNew ? targets.Select(target => journal.Limits.Find(target, messages.Count, SizeBytes / targets.Count)).FirstOrDefault(full => full is not null) : null;
    }

    private MessageId? FindConflict(AcceptedIds accepted)
    {
        // Most requests bring one message, which cannot be in conflict with itself.
        var inBatch = messages.Count > 1 ? new Dictionary<MessageId, ulong>(messages.Count) : null;
        foreach (var (message, fingerprint) in messages)
        {
            if (accepted.TryGet(message.Id, out var known) && known != fingerprint) return message.Id;
            if (inBatch is not null && !inBatch.TryAdd(message.Id, fingerprint) && inBatch[message.Id] != fingerprint) return message.Id;
        }

        return null;
    }
}
