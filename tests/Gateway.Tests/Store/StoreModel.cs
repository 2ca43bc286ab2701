using System.Globalization;
using System.IO.Hashing;
using Gateway.Store;
using Gateway.Store.Commands;
using Gateway.Store.Messages;
using Gateway.Store.Records;

namespace Gateway.Tests.Store;

/// <summary>A message in a queue of the model.</summary>
internal sealed record ModelMessage(long Number, Message Message, int? Deliveries = null, long NotBeforeUnixMs = 0);

/// <summary>A queue of the model.</summary>
internal sealed record ModelQueue(QueueId Id, long LastNumber, long DeliveredUpTo, IReadOnlyList<ModelMessage> Messages)
{
    /// <summary>
    /// The last number given before the group that is being built; what came later cannot be read yet, and so does not expire.
    /// </summary>
    public long LastCommitted { get; init; }
}

/// <summary>A dead letter of the model.</summary>
internal sealed record ModelLetter(QueueId Queue, Message Message, string Line);

/// <summary>
/// The promises of the store, in the plainest form: lists that are copied at each step. Each operation gives its result as a text, to be
/// compared with what the store's command said; <see cref="View"/> is everything that can be seen.
/// </summary>
internal sealed class StoreModel(int acceptedMax, TimeSpan acceptedAge, bool forgetsEmpty = false)
{
    private long _numbersAfter;

    public IReadOnlyList<ModelQueue> Queues { get; private set; } = [];

    public IReadOnlyList<IdAccepted> Accepted { get; private set; } = [];

    public IReadOnlyDictionary<(Guid Store, string Queue), long> Positions { get; private set; } = new Dictionary<(Guid, string), long>();

    /// <summary>The messages at these positions.</summary>
    private IReadOnlyDictionary<(Guid Store, string Queue), uint> Checks { get; set; } = new Dictionary<(Guid, string), uint>();

    /// <summary>Each as it is seen, with where it was; null for one that was removed.</summary>
    public IReadOnlyList<ModelLetter?> Letters { get; private set; } = [];

    public IReadOnlyDictionary<string, string> Marks { get; private set; } = new Dictionary<string, string>();

    public StoreModel Copy() => new(acceptedMax, acceptedAge, forgetsEmpty)
    {
        _numbersAfter = _numbersAfter,
        Queues = Queues,
        Accepted = Accepted,
        Positions = Positions,
        Checks = Checks,
        Letters = Letters,
        Marks = Marks
    };

    public void BeginGroup() => Queues = Queues.Select(queue => queue with { LastCommitted = queue.LastNumber }).ToList();

    /// <summary>Forgets all that is empty and of which no dead letter is kept, if the store does so at the end of each group.</summary>
    public void EndGroup()
    {
        if (!forgetsEmpty) return;
        var forgotten = Queues.Where(queue => queue.Messages.Count == 0 && Letters.All(letter => letter?.Queue != queue.Id)).ToList();
        _numbersAfter = forgotten.Select(queue => queue.LastNumber).Append(_numbersAfter).Max();
        Queues = Queues.Except(forgotten).ToList();
    }

    public ModelQueue? Find(QueueId id) => Queues.SingleOrDefault(queue => queue.Id == id);

    public string Enqueue(IReadOnlyList<QueueId> targets, IReadOnlyList<IncomingMessage> messages, long nowUnixMs)
    {
        for (var index = 0; index < messages.Count; index++)
        {
            var (message, fingerprint) = messages[index];
            var before = Accepted.Select(accepted => (accepted.Id, accepted.Fingerprint))
                .Concat(messages.Take(index).Select(earlier => (earlier.Message.Id.Value, earlier.Fingerprint)));
            if (before.Any(known => known.Item1 == message.Id.Value && known.Fingerprint != fingerprint)) return $"conflict {message.Id}";
        }

        var placed = new List<string>();
        foreach (var (message, fingerprint) in messages)
        {
            if (Accepted.Any(accepted => accepted.Id == message.Id.Value)) continue;
            Accept(new IdAccepted(message.Id.Value, fingerprint, nowUnixMs));
            placed.AddRange(targets.Select(target => Placed(target, Store(target, message))));
        }

        return string.Join(", ", placed);
    }

    public string StoreInbound(Guid sender, string queue, long previous, IReadOnlyList<NumberedMessage> messages)
    {
        var position = Positions.GetValueOrDefault((sender, queue));
        var gap = false;
        var placed = new List<string>();
        var check = Checks.GetValueOrDefault((sender, queue));
        if (messages.Any(item => item.Number == position && MessageCheck.Of(item.Message) != check)) return Inbound(position, gap, placed);
        foreach (var (number, message) in messages)
        {
            if (number > position)
            {
                check = MessageCheck.Of(message);
                gap = previous != position;
                if (gap) break;
                placed.Add(Placed(QueueId.Inbound(queue), Store(QueueId.Inbound(queue), message)));
                position = number;
            }

            previous = number;
        }

        if (placed.Count == 0) return Inbound(position, gap, placed);
        Positions = new Dictionary<(Guid, string), long>(Positions) { [(sender, queue)] = position };
        Checks = new Dictionary<(Guid, string), uint>(Checks) { [(sender, queue)] = check };
        return Inbound(position, gap, placed);
    }

    public void Acknowledge(QueueId id, long upTo) => Change(id, queue => queue.Messages.Count == 0 ? queue : queue with
    {
        DeliveredUpTo = Math.Max(queue.DeliveredUpTo, upTo),
        Messages = queue.Messages.Where(message => message.Number > upTo).ToList(),
    });

    public void Complete(QueueId id, long number) => Change(id, queue => Without(queue, number));

    public void Return(QueueId id, long number, int deliveries, long notBeforeUnixMs) => Change(id, queue => queue with
    {
        Messages = queue.Messages.Select(message => message.Number == number ? message with
        { Deliveries = deliveries, NotBeforeUnixMs = notBeforeUnixMs } : message).ToList(),
    });

    public void Deliver(QueueId id, long upTo) => Change(id, queue => queue with { DeliveredUpTo = Math.Max(queue.DeliveredUpTo, upTo) });

    public void DeadLetter(QueueId id, long number, DeadLetterReason reason, long atUnixMs, string text)
    {
        if (Find(id)?.Messages.FirstOrDefault(message => message.Number == number) is not { } buried) return;
        Letters = [.. Letters, new ModelLetter(id, buried.Message, DeadLetterLine(Letters.Count + 1, id, number, reason, atUnixMs, text))];
        Change(id, queue => Without(queue, number));
    }

    /// <summary>Removes messages, or moves them; gives what was changed and placed.</summary>
    /// <param name="target">The new queue of a message; null if the message is removed.</param>
    public string Take(QueueId? id, IReadOnlyList<long> numbers, Func<QueueId, QueueId?> target, DateTimeOffset now)
    {
        var changed = new List<long>();
        var placed = new List<string>();
        foreach (var number in numbers)
        {
            if (TakeOut(id, number) is not var (from, message)) continue;
            changed.Add(number);
            if (target(from) is { } place)
                placed.Add(Placed(place, Store(place, message.IsExpired(now) ? message with { ExpiresUnixMs = 0 } : message)));
        }

        return Taken(changed, placed);
    }

    public static string Taken(IEnumerable<long> changed, IEnumerable<string> placed) =>
        $"{string.Join(' ', changed)}: {string.Join(", ", placed)}";

    public void Mark(string name, string note) => Marks = Marks.Where(mark => mark.Key != name)
        .Concat(note.Length > 0 ? [new KeyValuePair<string, string>(name, note)] : []).ToDictionary();

    private (QueueId From, Message Message)? TakeOut(QueueId? id, long number)
    {
        if (id is { } queue)
        {
            if (Find(queue)?.Messages.FirstOrDefault(message => message.Number == number) is not { } found) return null;
            Complete(queue, number);
            return (queue, found.Message);
        }

        if (number < 1 || number > Letters.Count || Letters[(int)number - 1] is not { } letter) return null;
        Letters = [.. Letters.Select((other, index) => index == number - 1 ? null : other)];
        return (letter.Queue, letter.Message);
    }

    public string Expire(DateTimeOffset now, IReadOnlyDictionary<QueueId, long> protectedUpTo)
    {
        var due = Queues.SelectMany(queue => queue.Messages
                .Where(message => message.Message.IsExpired(now)
                    && message.Number > protectedUpTo.GetValueOrDefault(queue.Id) && message.Number <= queue.LastCommitted)
                .Select(message => (queue.Id, message.Number)))
            .ToList();
        foreach (var (id, number) in due)
            DeadLetter(id, number, DeadLetterReason.Expired, now.ToUnixTimeMilliseconds(), "its expiry passed before it was delivered");
        return Expired(due.Count);
    }

    /// <summary>Everything that can be seen, a line each.</summary>
    public IReadOnlyList<string> View() =>
    [
        .. Queues.Select(queue => QueueLine(queue.Id, queue.LastNumber, queue.DeliveredUpTo, queue.Messages.Count)),
        .. Queues.SelectMany(queue => queue.Messages, (queue, message) => MessageLine(queue.Id, new StoredMessage(
            message.Number,
            message.Message,
            message.Deliveries ?? (message.Number <= queue.DeliveredUpTo ? 1 : 0),
            message.NotBeforeUnixMs))),
        .. Positions.Select(position => $"position {position.Key.Store} {position.Key.Queue} {position.Value}")
            .Order(StringComparer.Ordinal),
        .. Letters.OfType<ModelLetter>().Select(letter => letter.Line),
        .. Marks.Select(mark => $"mark {mark.Key} {mark.Value}").Order(StringComparer.Ordinal),
        .. Accepted.Select(accepted => accepted.ToString()),
    ];

    /// <summary>The same of a store, read with its commands in windows of the given size.</summary>
    public static IReadOnlyList<string> ViewOf(MessageStore store, int messagesMax, int bytesMax) =>
    [
        .. store.State.Queues.Select(queue => QueueLine(queue.Id, queue.LastNumber, queue.DeliveredUpTo, queue.Messages)),
        .. store.State.Queues.SelectMany(queue => StoreCommands.ReadAll(store, queue.Id, messagesMax, bytesMax), (queue, message) =>
            MessageLine(queue.Id, message)),
        .. store.State.Positions.Select(position => $"position {position.Key.SenderStore} {position.Key.Queue} {position.Value.Number}")
            .Order(StringComparer.Ordinal),
        .. store.State.DeadLetters.Select(
            letter => DeadLetterLine(letter.Number, letter.Queue, letter.MessageNumber, letter.Reason, letter.AtUnixMs, letter.Text)),
        .. store.State.Marks.Select(mark => $"mark {mark.Key} {mark.Value}").Order(StringComparer.Ordinal),
        .. store.State.Accepted.Last(long.MaxValue).Select(accepted => accepted.ToString()),
    ];

    public static string Placed(QueueId queue, long number) => $"{queue} {number}";

    public static string Inbound(long position, bool gap, IEnumerable<string> placed) =>
        $"at {position}{(gap ? " with a gap" : "")}: {string.Join(", ", placed)}";

    public static string Expired(int count) => $"{count} expired";

    private static string QueueLine(QueueId id, long last, long deliveredUpTo, long messages) =>
        $"{id}: {messages} messages, last {last}, delivered up to {deliveredUpTo}";

    private static string MessageLine(QueueId queue, StoredMessage stored)
    {
        var (number, message, deliveries, notBefore) = stored;
        var content = Crc32.HashToUInt32([.. message.Headers.Span, .. message.Body.Span]);
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{queue} {number}: {message.Id} {message.EnqueuedUnixMs} {message.ExpiresUnixMs} {message.Source} {message.Headers.Length} "
                + $"{message.Body.Length} {content:x8}, delivered {deliveries}, not before {notBefore}");
    }

    private static string DeadLetterLine(
        long deadNumber, QueueId queue, long number, DeadLetterReason reason, long atUnixMs, string text) =>
        $"dead letter {deadNumber}: {queue} {number} {reason} {atUnixMs} {text}";

    private static ModelQueue Without(ModelQueue queue, long number) =>
        queue with { Messages = queue.Messages.Where(message => message.Number != number).ToList() };

    private void Change(QueueId id, Func<ModelQueue, ModelQueue> change) =>
        Queues = Queues.Select(queue => queue.Id == id ? change(queue) : queue).ToList();

    private long Store(QueueId id, Message message)
    {
        if (Find(id) is null) Queues = [.. Queues, new ModelQueue(id, _numbersAfter, 0, [])];
        Change(id, queue => queue with
        { LastNumber = queue.LastNumber + 1, Messages = [.. queue.Messages, new ModelMessage(queue.LastNumber + 1, message)] });
        return Find(id)!.LastNumber;
    }

    private void Accept(IdAccepted accepted) => Accepted = [.. Accepted.Append(accepted).TakeLast(acceptedMax)
        .SkipWhile(known => known.AtMs <= accepted.AtMs - (long)acceptedAge.TotalMilliseconds)];
}
