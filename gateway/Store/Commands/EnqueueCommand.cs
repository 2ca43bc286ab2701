using Gateway.Client;
using Gateway.Store.Messages;
using Gateway.Store.Records;
using Gateway.Store.State;

namespace Gateway.Store.Commands;

/// <summary>An incoming message with the hash of its destination and body, which distinguishes a repetition from a conflict.</summary>
internal readonly record struct IncomingMessage(Message Message, ulong Fingerprint);

/// <summary>A message that has got its place.</summary>
internal readonly record struct Placed(QueueId Queue, StoredMessage Message);

/// <summary>
/// Accepts an application's messages into each target queue, or each into one of them, all or none; those accepted before are left as they
/// are, wherever a new one would go by now.
/// </summary>
/// <param name="atMs">The total running time of gateways on the store; never less than in an earlier command.</param>
internal sealed class EnqueueCommand(
    IReadOnlyList<QueueId> targets,
    IReadOnlyList<IncomingMessage> messages,
    long atMs,
    Action<EnqueueCommand> done) : StoreCommand
{
    private readonly List<Placed> _placed = new(messages.Count);
    private readonly int _messagesBytes = SizeOf(messages);

    /// <summary>The place of each message among the targets; null if each target gets a copy.</summary>
    private int[]? _places;

    /// <summary>
    /// The application whose rights apply; empty if applications have no tokens. Each may create a limited number of queues.
    /// </summary>
    public string Application { get; init; } = "";

    /// <summary>Chooses one of the targets, which are its queues, for each message; null to store a copy in each.</summary>
    public Spread? Spread { get; init; }

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

    public override int SizeBytes => _messagesBytes * (Spread is null ? targets.Count : 1);

    /// <summary>Why there is no room for them; nothing was accepted then.</summary>
    public string? Full => Refusal?.Why;

    /// <summary>The same, with the kind of reason.</summary>
    public StoreRefusal? Refusal { get; private set; }

    /// <summary>The queues that have no room.</summary>
    public IReadOnlyList<QueueId> FullQueues { get; private set; } = [];

    /// <summary>A new message without the key by which the targets are chosen; nothing was accepted then.</summary>
    public MessageId? Keyless { get; private set; }

    public override bool NeedsRoom => false;

    public override void Apply(StoreJournal journal, StoreReader reader)
    {
        Conflict = FindConflict(journal.State.Accepted);
        if (Conflict is not null) return;
        if (Spread is { } spread) Plan(new SpreadPlan(spread, journal, Application), journal);
        else Refusal = FindFull(journal);
        if (Refusal is not null || Keyless is not null) return;

        // By index: most requests carry one message for one queue, and an enumerator each would be a tenth of their allocations.
        for (var i = 0; i < messages.Count; i++)
        {
            var (message, fingerprint) = messages[i];
            if (_hasRepetition && journal.State.Accepted.TryGet(message.Id, out _)) continue;
            journal.Accept(new IdAccepted(message.Id.Value, fingerprint, atMs));
            if (_places is not null)
            {
                Store(targets[_places[i]], message, journal);
                continue;
            }

            for (var j = 0; j < targets.Count; j++) Store(targets[j], message, journal);
        }
    }

    public override void Complete() => done(this);

    private void Store(QueueId target, Message message, StoreJournal journal)
    {
        var queue = journal.QueueOf(target);
        var isFilled = queue.IsForgettable;
        var number = journal.Store(queue, message);
        if (isFilled) journal.State.Origins.OnFilled(queue, Application);
        _placed.Add(new Placed(target, new StoredMessage(number, message) { Group = journal.OpenGroup }));
    }

    /// <summary>
    /// A message that was accepted before needs no place: it has one, which may be elsewhere, since the route or the state of its
    /// destinations may have changed in between.
    /// </summary>
    private void Plan(SpreadPlan plan, StoreJournal journal)
    {
        _places = new int[messages.Count];
        for (var i = 0; i < messages.Count; i++)
        {
            var message = messages[i].Message;
            if (_hasRepetition && journal.State.Accepted.TryGet(message.Id, out _)) continue;
            if (plan.Next(message) is { } place)
            {
                _places[i] = place;
                continue;
            }

            if (plan.LacksKey) Keyless = message.Id;
            else (Refusal, FullQueues) = (plan.Refusal, plan.Full);
            return;
        }
    }

    private StoreRefusal? FindFull(StoreJournal journal)
    {
        if (_hasRepetition && !HasNew(journal.State.Accepted)) return null;
        var filled = 0;
        for (var i = 0; i < targets.Count; i++)
        {
            var full = journal.Limits.Find(targets[i], messages.Count, _messagesBytes, application: Application, filled: filled);
            if (full is not null)
            {
                FullQueues = targets;
                return full;
            }

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
