using Gateway.Client;
using Gateway.Store.Messages;
using Gateway.Store.Records;
using Gateway.Store.State;

namespace Gateway.Store.Commands;

/// <summary>An incoming message with the hash of its destination and body, which distinguishes a repetition from a conflict.</summary>
internal readonly record struct IncomingMessage(Message Message, ulong Fingerprint);

/// <summary>A message that has got its place.</summary>
internal readonly record struct Placed(QueueId Queue, StoredMessage Message);

/// <summary>Accepts an application's messages into each target queue, all or none; those accepted before are left as they are.</summary>
/// <param name="atMs">The total running time of gateways on the store; never less than in an earlier command.</param>
internal sealed class EnqueueCommand(
    IReadOnlyList<QueueId> targets,
    IReadOnlyList<IncomingMessage> messages,
    long atMs,
    Action<EnqueueCommand> done) : StoreCommand
{
    private readonly List<Placed> _placed = new(messages.Count * targets.Count);

    /// <summary>
    /// The application whose rights apply; empty if applications have no tokens. Each may create a limited number of queues.
    /// </summary>
    public string Application { get; init; } = "";

    /// <summary>
    /// Some of the messages were accepted before, or are in the request twice. Determined once, since each lookup in a large table is
    /// costly.
    /// </summary>
    private bool _hasRepetition;

    /// <summary>The id that was accepted before with a different message; nothing was accepted then.</summary>
    public MessageId? Conflict { get; private set; }

    /// <summary>The new messages, each with each of its queues.</summary>
    public IReadOnlyList<Placed> Placed => _placed;

    public IReadOnlyList<IncomingMessage> Messages => messages;

    public override int SizeBytes { get; } = SizeOf(messages) * targets.Count;

    /// <summary>Why there is no room for them; nothing was accepted then.</summary>
    public string? Full => Refusal?.Why;

    /// <summary>The same, with the kind of reason.</summary>
    public StoreRefusal? Refusal { get; private set; }

    public override bool NeedsRoom => false;

    public override void Apply(StoreJournal journal, StoreReader reader)
    {
        Conflict = FindConflict(journal.State.Accepted);
        if (Conflict is not null) return;
        Refusal = FindFull(journal);
        if (Refusal is not null) return;

        // By index: most requests carry one message for one queue, and an enumerator each would be a tenth of their allocations.
        for (var i = 0; i < messages.Count; i++)
        {
            var (message, fingerprint) = messages[i];
            if (_hasRepetition && journal.State.Accepted.TryGet(message.Id, out _)) continue;
            journal.Accept(new IdAccepted(message.Id.Value, fingerprint, atMs));
            for (var j = 0; j < targets.Count; j++)
            {
                var queue = journal.QueueOf(targets[j]);
                var isFilled = queue.IsForgettable;
                var number = journal.Store(queue, message);
                if (isFilled) journal.State.Origins.OnFilled(queue, Application);
                _placed.Add(new Placed(targets[j], new StoredMessage(number, message) { Group = journal.OpenGroup }));
            }
        }
    }

    public override void Complete() => done(this);

    private StoreRefusal? FindFull(StoreJournal journal)
    {
        if (_hasRepetition && !HasNew(journal.State.Accepted)) return null;
        var filled = 0;
        for (var i = 0; i < targets.Count; i++)
        {
            var bytes = SizeBytes / targets.Count;
            var full = journal.Limits.Find(targets[i], messages.Count, bytes, application: Application, filled: filled);
            if (full is not null) return full;
            if (targets.Count > 1 && journal.State.Find(targets[i]) is null or { IsForgettable: true }) filled++;
        }

        return null;
    }

    private bool HasNew(AcceptedIds accepted)
    {
        for (var i = 0; i < messages.Count; i++)
        {
            if (!accepted.TryGet(messages[i].Message.Id, out _)) return true;
        }

        return false;
    }

    private static int SizeOf(IReadOnlyList<IncomingMessage> messages)
    {
        var bytes = 0;
        for (var i = 0; i < messages.Count; i++) bytes += MessageCodec.SizeBytes(messages[i].Message);
        return bytes;
    }

    private MessageId? FindConflict(AcceptedIds accepted)
    {
        // A single message cannot conflict with itself.
        var inBatch = messages.Count > 1 ? new Dictionary<MessageId, ulong>(messages.Count) : null;
        for (var i = 0; i < messages.Count; i++)
        {
            var (message, fingerprint) = messages[i];
            if (accepted.TryGet(message.Id, out var known))
            {
                if (known != fingerprint) return message.Id;
                _hasRepetition = true;
            }

            if (inBatch is null || inBatch.TryAdd(message.Id, fingerprint)) continue;
            if (inBatch[message.Id] != fingerprint) return message.Id;
            _hasRepetition = true;
        }

        return null;
    }
}
