using Gateway.Client.Wire;

namespace Gateway.Client.Testing.Memory;

/// <summary>
/// What the gateway keeps through its restarts: messages, dead letters, and the ids that it has accepted. A plain state without a clock,
/// owned by the gateway.
/// </summary>
internal sealed class MemoryStore(InMemoryGatewayOptions options)
{
    private readonly Dictionary<string, MemoryQueue> _queues = [];

    /// <summary>What each id was accepted with.</summary>
    private readonly Dictionary<MessageId, (string Destination, ReadOnlyMemory<byte> Body)> _accepted = [];
    private readonly List<StoredMessage> _expiring = [];
    private readonly List<(string Queue, TaskCompletionSource<bool> Emptied)> _waiters = [];
    private long _lastToken;

    public string Name { get; } = options.Name;

    /// <summary>Why no message is accepted, for people; empty if messages are.</summary>
    public string Obstacle { get; set; } = "";

    public List<DeadLetter> DeadLetters { get; } = [];

    public List<EnqueuedMessage> Enqueued { get; } = [];

    /// <summary>Names a delivery; no two have the same token, whatever restarts lie between them.</summary>
    public DeliveryToken NextToken() => new(++_lastToken);

    /// <summary>The queue, if it ever held a message. Its own name as the peer means a local queue.</summary>
    public MemoryQueue? Find(string name) => _queues.GetValueOrDefault(Local(name));

    /// <summary>Takes all messages, in order, or none.</summary>
    /// <param name="request">The request.</param>
    /// <param name="nowUnixMs">The time of acceptance.</param>
    /// <param name="ids">The ids of the messages, if they were accepted, now or before.</param>
    /// <param name="filled">The queues that have more messages now.</param>
    /// <returns>Why nothing was taken; null otherwise.</returns>
    public (WireCode Code, string Text)? Take(
        Request.Enqueue request, long nowUnixMs, out List<MessageId> ids, out IReadOnlyList<MemoryQueue> filled)
    {
        ids = [];
        filled = [];
        if (MemoryChecks.FindTargets(request.Destination, options, out var targets) is { } noTarget)
            return noTarget;
        if (MemoryChecks.FindFault(request.Items) is { } fault)
            return fault;
        if (Obstacle.Length > 0)
            return (WireCode.StoreFull, $"there is no room: {Obstacle}");
        List<MemoryQueue> queues = [.. targets.Select(target => QueueOf(Local(target)))];
        if (queues.Find(queue => queue.Count > options.QueueMessagesMax - request.Items.Count) is { } full)
            return (WireCode.StoreFull, $"there is no room: the queue {full.Name} has {full.Count} messages");

        var taken = new Dictionary<MessageId, (string Destination, ReadOnlyMemory<byte> Body)>();
        List<DeliveredMessage> messages = [];
        foreach (var item in request.Items)
        {
            var id = item.Id ?? MessageId.New(DateTimeOffset.FromUnixTimeMilliseconds(nowUnixMs));
            ids.Add(id);
            if (!_accepted.TryGetValue(id, out var before) && !taken.TryGetValue(id, out before))
            {
                taken.Add(id, (request.Destination, item.Body));
                messages.Add(new DeliveredMessage(id, 0, item.Headers, nowUnixMs, item.ExpiresUnixMs, Name, item.Body));
            }
            else if (before.Destination != request.Destination || !before.Body.Span.SequenceEqual(item.Body.Span))
                return (WireCode.IdConflict, $"message id {id} was accepted before with another destination or body");
        }

        foreach (var (id, what) in taken)
            _accepted.Add(id, what);
        foreach (var message in messages)
            Place(request.Destination, message, queues);
        filled = queues;
        return null;
    }

    /// <summary>Removes a message for good.</summary>
    public void Remove(StoredMessage stored)
    {
        stored.Queue.Remove(stored);
        _expiring.Remove(stored);
        if (stored.Queue.Count > 0)
            return;
        foreach (var (_, emptied) in _waiters.Where(waiter => waiter.Queue == stored.Queue.Name))
            emptied.TrySetResult(true);
        _waiters.RemoveAll(waiter => waiter.Emptied.Task.IsCompleted);
    }

    /// <summary>Completes the task when the queue is empty, or at once if it is.</summary>
    public void TellWhenEmpty(string name, TaskCompletionSource<bool> emptied)
    {
        if (Find(name) is { Count: > 0 } queue)
            _waiters.Add((queue.Name, emptied));
        else
            emptied.TrySetResult(true);
    }

    public void Bury(StoredMessage stored, DeadLetterReason reason, string text)
    {
        Remove(stored);
        DeadLetters.Add(new DeadLetter(stored.Queue.Name, reason, text, stored.ToBrowsed()));
    }

    /// <summary>A delivery has failed: the message comes again after the delay, or is a dead letter after too many deliveries.</summary>
    public void Return(StoredMessage stored, TimeSpan delay, TimeSpan now)
    {
        if (stored.Deliveries >= options.DeliveriesMax)
            Bury(stored, DeadLetterReason.TooManyDeliveries, $"it was delivered {stored.Deliveries} times and never completed");
        else
            stored.Queue.Return(stored, now + delay, now);
    }

    /// <summary>Makes messages available whose delay is over, and dead letters of those that have expired.</summary>
    public void Tick(TimeSpan now, long nowUnixMs)
    {
        foreach (var queue in _queues.Values)
            queue.EndDelays(now);
        foreach (var expired in _expiring.Where(stored => !stored.IsLeased && stored.IsExpired(nowUnixMs)).ToList())
            Bury(expired, DeadLetterReason.Expired, "its expiry passed before it was delivered");
    }

    private void Place(string destination, DeliveredMessage message, List<MemoryQueue> queues)
    {
        foreach (var queue in queues)
        {
            var stored = queue.Add(message);
            if (message.ExpiresUnixMs != 0)
                _expiring.Add(stored);
            if (queue == queues[0])
            {
                var seen = stored.ToBrowsed();
                Enqueued.Add(new EnqueuedMessage(destination, seen.Id, seen.Headers, seen.Body, seen.EnqueuedAt, seen.ExpiresAt));
            }
        }
    }

    private MemoryQueue QueueOf(string name)
    {
        if (!_queues.TryGetValue(name, out var queue))
            _queues[name] = queue = new MemoryQueue(name);
        return queue;
    }

    private string Local(string name) =>
        name.EndsWith($"@{Name}", StringComparison.Ordinal) ? name[..^(Name.Length + 1)] : name;
}
