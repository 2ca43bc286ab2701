namespace Gateway.Tests.Crash;

/// <summary>
/// The promises for one queue, and its deliveries. Stricter than the demo's ledger: each delivery has to come to an end, and a
/// message comes again only when its completion was not confirmed. Any thread.
/// </summary>
internal sealed class Reckoning(string queue)
{
    private readonly Lock _gate = new();
    private readonly HashSet<long> _accepted = [];
    private readonly Dictionary<long, List<Delivery>> _deliveries = [];
    private readonly List<string> _faults = [];
    private long _highest;

    public enum Outcome
    {
        /// <summary>The consumer has it.</summary>
        Open,

        /// <summary>Its completion was confirmed.</summary>
        Completed,

        /// <summary>Its completion was asked for and not confirmed.</summary>
        InDoubt,

        /// <summary>The consumer was killed while it had it.</summary>
        ConsumerKilled,
    }

    public Tally AcceptedTally { get; } = new();

    /// <summary>Messages delivered for the first time.</summary>
    public Tally FirstTally { get; } = new();

    public Tally CompletedTally { get; } = new();

    /// <summary>How many are accepted and not delivered.</summary>
    public long Backlog => AcceptedTally.Count - FirstTally.Count;

    public void Accept(long sequence)
    {
        lock (_gate)
            _accepted.Add(sequence);
        AcceptedTally.Add();
    }

    public Delivery Deliver(long sequence, bool intact)
    {
        var delivery = new Delivery(sequence);
        lock (_gate)
        {
            if (!intact)
                _faults.Add($"{queue}: after message {_highest} came one with other bytes than were sent");
            if (!_deliveries.TryGetValue(sequence, out var before))
            {
                _deliveries[sequence] = [delivery];
                if (sequence < _highest)
                    _faults.Add($"{queue}: message {sequence} came for the first time after message {_highest}");
                _highest = Math.Max(_highest, sequence);
            }
            else
            {
                before.Add(delivery);
                return delivery;
            }
        }

        FirstTally.Add();
        return delivery;
    }

    public void End(Delivery delivery, Outcome outcome)
    {
        lock (_gate)
            delivery.Outcome = outcome;
        if (outcome == Outcome.Completed)
            CompletedTally.Add();
    }

    /// <summary>Everything that is not as promised. To be called when the queue is empty and its consumer has stopped.</summary>
    public IReadOnlyList<string> Faults()
    {
        lock (_gate)
        {
            return
            [
                .. _faults,
                .. _accepted.Where(sequence => !_deliveries.ContainsKey(sequence))
                    .Select(sequence => $"{queue}: message {sequence} was accepted and never delivered"),
                .. _deliveries.Keys.Where(sequence => !_accepted.Contains(sequence))
                    .Select(sequence => $"{queue}: message {sequence} was delivered and never accepted"),
                .. _deliveries.Values.SelectMany(FaultsOf),
            ];
        }
    }

    private IEnumerable<string> FaultsOf(List<Delivery> deliveries)
    {
        var outcomes = string.Join(", ", deliveries.Select(delivery => delivery.Outcome));
        if (deliveries.SkipLast(1).Any(delivery => delivery.Outcome == Outcome.Completed))
            yield return $"{queue}: message {deliveries[0].Sequence} was delivered again after its completion was confirmed ({outcomes})";
        if (deliveries.Any(delivery => delivery.Outcome == Outcome.Open))
            yield return $"{queue}: message {deliveries[0].Sequence} has a delivery without an end ({outcomes})";
    }

    internal sealed class Delivery(long sequence)
    {
        public long Sequence => sequence;

        public Outcome Outcome { get; set; } = Outcome.Open;
    }
}
