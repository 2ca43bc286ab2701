using Gateway.Client;
using Gateway.Store.Commands;
using Gateway.Store.Messages;

namespace Gateway.Tests.Simulation;

/// <summary>
/// The events of each copy of each message, as applications saw them and as the stores made them durable. Events that can be judged at once
/// are judged when they are entered.
/// </summary>
internal sealed partial class Ledger(SimulationProfile profile, Occurrences occurrences)
{
    private readonly Dictionary<(MessageId Id, Destination To), Entry> _entries = [];
    private readonly Dictionary<MessageId, List<Entry>> _copies = [];
    private readonly Dictionary<Destination, List<Entry>> _heldAt = [];
    private readonly Dictionary<(string Gateway, QueueId Queue, long Number), MessageId> _placed = [];
    private readonly Dictionary<(string From, Destination To), long> _lastStored = [];
    private readonly Dictionary<Destination, long> _lastFirstDelivery = [];

    public IReadOnlyCollection<Entry> Entries => _entries.Values;

    /// <summary>The queues out of which an operator has taken something.</summary>
    public HashSet<(string Gateway, QueueId Queue)> RemovedAt { get; } = [];

    public void Sent(MessageId id, bool expires, IEnumerable<Destination> destinations)
    {
        foreach (var to in destinations) Add(new Entry(id, to) { Expires = expires });
    }

    public void Accepted(MessageId id)
    {
        foreach (var entry in CopiesOf(id).Where(entry => !entry.IsRedirected))
        {
            if (entry is { IsStored: false }) throw new SimulationException($"{entry} has its receipt, and is on no disk");
            entry.IsAccepted = true;
        }
    }

    /// <summary>Its producer has repeated a message without a receipt for as long as it may, and gives it up.</summary>
    public void GivenUp(MessageId id)
    {
        if (_spread.TryGetValue(id, out var message)) _spread[id] = message with { IsGivenUp = true };
        foreach (var entry in _copies.GetValueOrDefault(id) ?? []) entry.IsGivenUp = true;
    }

    /// <summary>A store has made a message durable at a place.</summary>
    public void Placed(string gateway, Placed placed)
    {
        var (queue, stored) = placed;
        if (!_placed.TryAdd((gateway, queue, stored.Number), stored.Message.Id))
            throw new SimulationException($"number {stored.Number} of {queue} at {gateway} was given twice");
        var to = DestinationOf(gateway, queue);
        var entry = Find(stored.Message.Id, to);
        entry.IsStored = true;
        if (queue.Kind == QueueKind.Outgoing)
        {
            if (entry.OutgoingNumber != 0) throw new SimulationException($"{entry} was stored twice in {queue} at {gateway}");
            (entry.OutgoingNumber, entry.OutgoingAt) = (stored.Number, gateway);
            entry.IsThereAgain();
            return;
        }

        if (entry.InboundNumber != 0 && ++entry.CameAgain > entry.Again)
            throw new SimulationException($"{entry} was stored twice in {queue} at {gateway}");
        entry.InboundNumber = stored.Number;
        if (entry.OutgoingAt is not { } sender || entry.HasOtherHistories)
        {
            entry.IsThereAgain();
            return;
        }

        var from = (sender, to);
        if (entry.OutgoingNumber <= _lastStored.GetValueOrDefault(from)) throw new SimulationException(
            $"{entry}, number {entry.OutgoingNumber} at {sender}, was stored after number {_lastStored[from]}");
        _lastStored[from] = entry.OutgoingNumber;
    }

    /// <summary>A message of the number at that place; for what stores say by number only.</summary>
    public Entry EntryAt(string gateway, QueueId queue, long number)
    {
        var to = DestinationOf(gateway, queue);
        return Find(_placed[(gateway, queue, number)], to);
    }

    /// <summary>An operator has removed a message, by its number in a queue.</summary>
    public void Removed(string gateway, QueueId queue, long number)
    {
        var entry = EntryAt(gateway, queue, number);
        if (++entry.Removed > 1) throw new SimulationException($"{entry} was removed twice");
        if (queue.Kind == QueueKind.Outgoing && entry.InboundNumber != 0)
            throw new SimulationException($"{entry} was removed from {queue} at {gateway}, but it had arrived");
        RemovedAt.Add((gateway, queue));
        occurrences.Count("operator took out");
    }

    /// <summary>An operator has moved a message to another destination: there it goes on as another copy.</summary>
    public void Redirected(string gateway, QueueId queue, long number, Placed placed)
    {
        Removed(gateway, queue, number);
        occurrences.Count("operator redirected");
        var entry = EntryAt(gateway, queue, number);
        var to = DestinationOf(gateway, placed.Queue);
        if (_entries.ContainsKey((entry.Id, to))) throw new SimulationException($"{entry} was redirected to {to} twice");
        Add(new Entry(entry.Id, to) { IsRedirected = true, Expires = entry.Expires });
        Placed(gateway, placed);
    }

    /// <summary>A dead letter has gone back to its queue.</summary>
    public void Returned(string gateway, QueueId queue, long number, Placed placed)
    {
        var entry = EntryAt(gateway, queue, number);
        occurrences.Count("operator returned a dead letter");
        if (queue.Kind == QueueKind.Outgoing) (entry.OutgoingNumber, entry.OutgoingAt) = (0, null);
        else (entry.InboundNumber, entry.Deliveries, entry.OutgoingAt) = (0, 0, null);
        Placed(gateway, placed);
    }

    /// <param name="isLate">By a process that does not hold the store any more, and does not know that yet.</param>
    public void Delivered(
        MessageId id, Destination at, int deliveries, SimulatedConsumer consumer, DateTimeOffset now, bool isLate = false)
    {
        var entry = Find(id, at);
        if (entry.InboundNumber == 0) throw new SimulationException($"{entry} was delivered before it was durable");
        if (entry.Removed > 0) throw new SimulationException($"{entry} was delivered after an operator had removed it");
        entry.Deliveries++;
        if (isLate) occurrences.Count("deliveries of a process that was displaced");
        if (entry.Again > 0 || isLate) return;
        if (entry.Completed > 0) throw new SimulationException($"{entry} was delivered again after its completion was confirmed");
        if (entry.Holder is { } holder && entry.HeldUntil > now)
            throw new SimulationException($"{entry} was delivered to {consumer.Name} while {holder.Name} held it");
        if (deliveries < 1 || deliveries > entry.Deliveries + entry.Unheard)
            throw new SimulationException($"{entry} was delivered as delivery {deliveries}, it was its {entry.Deliveries}th");
        if (entry.Deliveries == 1 && !entry.HasOtherHistories && entry.Unheard == 0)
        {
            // One that had expired by a clock that was set back since then has not, if a crash came before it was buried.
            var mayBeLate = entry.Expires && profile.HasClockJumps;
            if (!mayBeLate && entry.InboundNumber <= _lastFirstDelivery.GetValueOrDefault(at)) throw new SimulationException(
                $"{entry}, number {entry.InboundNumber}, was first delivered after number {_lastFirstDelivery[at]}");
            _lastFirstDelivery[at] = Math.Max(entry.InboundNumber, _lastFirstDelivery.GetValueOrDefault(at));
        }

        occurrences.Count(entry.Deliveries == 1 ? "deliveries" : "deliveries again");
        entry.Holder = consumer;
        if (!_heldAt.TryGetValue(at, out var held)) _heldAt[at] = held = [];
        held.RemoveAll(other => other == entry || other.Holder is null || other.HeldUntil <= now);
        held.Add(entry);
        if (held.Count > profile.Inbox.HeldMessagesMax)
            throw new SimulationException($"consumers of {at} hold {held.Count} messages, of {profile.Inbox.HeldMessagesMax}");
    }

    /// <summary>A message was sent to a consumer that is gone.</summary>
    public void DeliveredInVain(MessageId id, Destination at) => Find(id, at).WasDeliveredInVain();

    public void CompletionAnswered(MessageId id, Destination at, bool isConfirmed)
    {
        var entry = Find(id, at);
        entry.UnansweredCompletions--;
        if (isConfirmed && ++entry.Completed > 1 + entry.Again) throw new SimulationException($"{entry} was completed twice");
    }

    /// <summary>Another process has opened a gateway's store: leases that were given before are over.</summary>
    public void TakenOver(string gateway)
    {
        foreach (var entry in _entries.Values.Where(entry => entry.To.Gateway == gateway)) entry.Holder = null;
        foreach (var queue in _heldAt.Keys.Where(queue => queue.Gateway == gateway).ToList()) _heldAt.Remove(queue);
    }

    /// <summary>The consumer holds nothing any more.</summary>
    public void LetGo(SimulatedConsumer consumer)
    {
        foreach (var entry in _entries.Values.Where(entry => entry.Holder == consumer)) entry.Holder = null;
    }

    public Entry Find(MessageId id, Destination to) =>
        _entries.TryGetValue((id, to), out var entry) ? entry : throw new SimulationException(
            $"message {id} turned up in {to}, for which it was not meant");

    private static Destination DestinationOf(string gateway, QueueId queue) => queue.Kind == QueueKind.Inbound
        ? new Destination(queue.Name, gateway) : new Destination(queue.LocalName, queue.Peer);

    private List<Entry> CopiesOf(MessageId id) => _copies.TryGetValue(id, out var copies)
        ? copies : throw new SimulationException($"message {id} has its receipt, and is on no disk");

    private void Add(Entry entry)
    {
        _entries.Add((entry.Id, entry.To), entry);
        if (!_copies.TryGetValue(entry.Id, out var copies)) _copies[entry.Id] = copies = [];
        copies.Add(entry);
    }

    /// <summary>One copy of one message.</summary>
    internal sealed partial class Entry(MessageId id, Destination to)
    {
        public MessageId Id => id;

        public Destination To => to;

        /// <summary>The producer has the receipt.</summary>
        public bool IsAccepted { get; set; }

        /// <summary>The producer does not know whether it is stored, or was refused to the last, and does not try any more.</summary>
        public bool IsGivenUp { get; set; }

        public bool Expires { get; init; }

        /// <summary>A store has made it durable, somewhere.</summary>
        public bool IsStored { get; set; }

        /// <summary>It is here because an operator sent it here; its producer waits for the receipt of another.</summary>
        public bool IsRedirected { get; init; }

        /// <summary>An operator has taken it away.</summary>
        public int Removed { get; set; }

        public long OutgoingNumber { get; set; }

        /// <summary>The gateway of that number.</summary>
        public string? OutgoingAt { get; set; }

        public long InboundNumber { get; set; }

        public int Deliveries { get; set; }

        public SimulatedConsumer? Holder { get; set; }

        public DateTimeOffset HeldUntil { get; set; }

        /// <summary>COMPLETEs whose answer is not known, perhaps for ever.</summary>
        public int UnansweredCompletions { get; set; }

        /// <summary>How many completions were confirmed.</summary>
        public int Completed { get; set; }

        public override string ToString() => $"message {id} for {to}";
    }
}
