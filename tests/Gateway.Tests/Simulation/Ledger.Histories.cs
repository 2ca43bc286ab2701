using Gateway.Client;
using Gateway.Store.Messages;

namespace Gateway.Tests.Simulation;

/// <summary>
/// The effects of copied stores on messages. A store that is put back has what it had, and the ledger goes back with it; what only its lost
/// history had may be lost, and what that history had sent may come again. Everything else is judged as always.
/// </summary>
internal sealed partial class Ledger
{
    /// <summary>The ledger's knowledge of a gateway's store.</summary>
    public LedgerCopy Copy(string gateway) => new(
        _placed.Where(place => place.Key.Gateway == gateway)
            .ToDictionary(place => (place.Key.Queue, place.Key.Number), place => place.Value),
        Entries.Where(entry => entry.OutgoingAt == gateway).ToDictionary(entry => entry, entry => entry.Departure),
        Entries.Where(entry => entry.To.Gateway == gateway && entry.InboundNumber != 0)
            .ToDictionary(entry => entry, entry => entry.Arrival));

    /// <param name="mustTell">Whether a sender must say what it had been acknowledged and is gone.</param>
    /// <param name="isWithinRun">The copy was made while the gateway ran.</param>
    public void PutBack(string gateway, LedgerCopy copy, Predicate<string> mustTell, bool isWithinRun)
    {
        Place(gateway, copy);
        foreach (var entry in Entries)
        {
            if (copy.Outgoing.TryGetValue(entry, out var departure)) entry.GoBackTo(gateway, departure);
            else if (entry.OutgoingAt == gateway) entry.WasOnlySentSince();

            if (entry.LostAt?.From == gateway) entry.LostAt = null;
            if (entry.To.Gateway != gateway) continue;
            if (copy.Inbound.TryGetValue(entry, out var arrival)) entry.GoBackTo(arrival);
            else if (entry.InboundNumber != 0) entry.WasOnlyStoredSince(mustTell, isWithinRun);
        }

        foreach (var way in _lastStored.Keys.Where(way => way.From == gateway || way.To.Gateway == gateway).ToList())
            _lastStored.Remove(way);
        foreach (var queue in _lastFirstDelivery.Keys.Where(queue => queue.Gateway == gateway).ToList()) _lastFirstDelivery.Remove(queue);
        foreach (var queue in _heldAt.Keys.Where(queue => queue.Gateway == gateway).ToList()) _heldAt.Remove(queue);
    }

    /// <summary>A second gateway begins with a copy of a store: it has to deliver what waits in it, whatever the original does.</summary>
    public void Clone(string gateway, LedgerCopy copy)
    {
        Place(gateway, copy);
        foreach (var entry in copy.Outgoing.Keys) entry.MayComeAgain();
    }

    /// <summary>
    /// A store gets a new identity, and lists these of the messages that wait in it as perhaps sent; the others were not.
    /// </summary>
    public void Renewed(string gateway, QueueId queue, long first, long perhapsSentUpTo)
    {
        for (var number = first; number <= perhapsSentUpTo; number++)
        {
            if (_placed.ContainsKey((gateway, queue, number))) EntryAt(gateway, queue, number).MayComeAgain();
        }
    }

    /// <summary>A gateway says that the peer has lost what it had acknowledged.</summary>
    public void Told(string from, string to) => Forgive(entry => entry.LostAt == (from, to));

    /// <summary>A gateway is killed, and with it goes what it had not written down yet.</summary>
    public void Killed(string gateway) => Forgive(entry => entry.LostAt?.From == gateway && entry.IsLostWithinARun);

    private void Forgive(Predicate<Entry> isForgiven)
    {
        if (!profile.HasCopies) return;
        foreach (var entry in Entries.Where(entry => isForgiven(entry))) entry.LostAt = null;
    }

    private void Place(string gateway, LedgerCopy copy)
    {
        foreach (var place in _placed.Keys.Where(place => place.Gateway == gateway).ToList()) _placed.Remove(place);
        foreach (var ((queue, number), id) in copy.Placed) _placed.Add((gateway, queue, number), id);
    }

    internal sealed partial class Entry
    {
        /// <summary>A store on its way was put back, or is there twice.</summary>
        public bool HasOtherHistories { get; private set; }

        /// <summary>So many times more than once it may arrive and be completed.</summary>
        public int Again { get; private set; }

        /// <summary>So many times it did arrive.</summary>
        public int CameAgain { get; set; }

        /// <summary>Only a history that is lost had it.</summary>
        public bool MayBeLost { get; private set; }

        /// <summary>Its completion was confirmed by a history that is lost.</summary>
        public bool WasCompleted { get; private set; }

        /// <summary>
        /// The sender to which it was acknowledged, and the receiver that has lost it since; null once the sender has said so, or need not.
        /// </summary>
        public (string From, string To)? LostAt { get; set; }

        /// <summary>
        /// The receiver went back within a run: the sender can tell it only by the groups of blocks, which it writes down once a second.
        /// </summary>
        public bool IsLostWithinARun { get; private set; }

        /// <summary>
        /// So many deliveries may have been written down, and have reached no consumer: each time that the store was copied, one could be
        /// on its way; and to a consumer that was gone.
        /// </summary>
        public int Unheard { get; private set; }

        public Departure Departure => new(OutgoingNumber, InboundNumber != 0 || MayBeLost);

        public Arrival Arrival => new(InboundNumber, Deliveries, Completed, UnansweredCompletions, Unheard);

        public void WasDeliveredInVain() => Unheard++;

        public void MayComeAgain()
        {
            HasOtherHistories = true;
            Again++;
        }

        public void IsThereAgain()
        {
            MayBeLost = false;
            LostAt = null;
        }

        /// <summary>
        /// Its sender has it as it did at the time of the copy. If it waited there, it does so again; it may have been sent since. If it
        /// may have left, only its receiver has it for certain, whatever other histories of the sender had it since.
        /// </summary>
        public void GoBackTo(string gateway, Departure departure)
        {
            (OutgoingAt, OutgoingNumber) = (gateway, departure.Number);
            MayBeLost = departure.MayHaveLeft && InboundNumber == 0;
            MayComeAgain();
        }

        /// <summary>Its sender has never had it; its producer may say it anew.</summary>
        public void WasOnlySentSince()
        {
            (OutgoingAt, OutgoingNumber) = (null, 0);
            MayBeLost = InboundNumber == 0;
            MayComeAgain();
        }

        public void GoBackTo(Arrival arrival)
        {
            HasOtherHistories = true;
            MayBeLost = false;
            Set(arrival with { Unheard = arrival.Unheard + 1 });
        }

        public void WasOnlyStoredSince(Predicate<string> mustTell, bool isWithinRun)
        {
            HasOtherHistories = MayBeLost = true;
            WasCompleted |= Completed > 0;
            IsLostWithinARun = isWithinRun;
            LostAt = OutgoingAt is { } sender && mustTell(sender) ? (sender, To.Gateway) : null;
            Set(default);
        }

        private void Set(Arrival arrival)
        {
            (InboundNumber, Deliveries, Completed, UnansweredCompletions, Unheard) =
                (arrival.Number, arrival.Deliveries, arrival.Completed, arrival.UnansweredCompletions, arrival.Unheard);
            Holder = null;
        }
    }
}

/// <summary>A message at the gateway where its way begins.</summary>
/// <param name="MayHaveLeft">Its receiver has had it, so that it need not wait here any more.</param>
internal readonly record struct Departure(long Number, bool MayHaveLeft);

/// <summary>The fate of a message at the gateway where its way ends.</summary>
internal readonly record struct Arrival(long Number, int Deliveries, int Completed, int UnansweredCompletions, int Unheard);

/// <summary>
/// The ledger's knowledge of one gateway's store at a moment: where messages stood in it, which it was to send, and which had arrived.
/// </summary>
internal sealed record LedgerCopy(
    IReadOnlyDictionary<(QueueId Queue, long Number), MessageId> Placed,
    IReadOnlyDictionary<Ledger.Entry, Departure> Outgoing,
    IReadOnlyDictionary<Ledger.Entry, Arrival> Inbound);
