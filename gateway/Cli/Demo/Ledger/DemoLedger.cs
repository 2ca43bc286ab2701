namespace Gateway.Cli.Demo.Ledger;

/// <summary>
/// The double-entry book of a demo: the producer's receipts on one side, the consumers' deliveries on the other. Pure: events go in in
/// order of occurrence, and <see cref="Close"/> draws the balance. Owned by one loop.
/// </summary>
internal sealed class DemoLedger(long expected)
{
    private readonly HashSet<long> _accepted = [];
    private readonly Dictionary<long, List<Delivery>> _deliveries = [];
    private readonly Dictionary<long, Delivery> _held = [];
    private readonly Dictionary<long, int> _sentAgain = [];
    private readonly List<PeerReturn> _returns = [];
    private int _consumerRun;
    private int _gatewayRun;
    private long _highest;
    private long _completed;
    private long _outOfOrder;
    private long _corrupt;

    public DemoCounts Counts => new(_accepted.Count, _deliveries.Count, _completed);

    /// <summary>The producer has the receipt for this sequence number.</summary>
    public void Accepted(long sequence) => _accepted.Add(sequence);

    /// <summary>The producer sends a message once more as a new one, since it had no answer: it may be delivered once more.</summary>
    public void SentAgain(long sequence) => _sentAgain[sequence] = _sentAgain.GetValueOrDefault(sequence) + 1;

    /// <summary>A consumer process starts; its predecessor holds no messages any more.</summary>
    public void ConsumerStarted()
    {
        _consumerRun++;
        _held.Clear();
    }

    /// <summary>The killed receiving gateway is about to be restarted: later deliveries may belong to its new run.</summary>
    public void ReceivingGatewayRestarted() => _gatewayRun++;

    /// <summary>
    /// A killed gateway was started again; the first message after <paramref name="sequence"/> that comes through ends its absence.
    /// </summary>
    /// <param name="from">What happened at the time, in words.</param>
    public void PeerStarted(string peer, TimeSpan at, long sequence, string from = "start") =>
        _returns.Add(new PeerReturn(peer, sequence, at) { From = from });

    /// <summary>The gateway restarted last accepts connections of its peers.</summary>
    public void PeerListening(TimeSpan at) => _returns[^1] = _returns[^1] with { Listening = at };

    /// <summary>The consumer was given a message. <paramref name="delivery"/> is its own count of what it was given.</summary>
    public void Delivered(long delivery, long sequence, bool intact, TimeSpan at)
    {
        var entry = new Delivery(_consumerRun, _gatewayRun);
        _held[delivery] = entry;
        if (!intact)
        {
            _corrupt++;
            return;
        }

        if (_deliveries.TryGetValue(sequence, out var before))
        {
            before.Add(entry);
            return;
        }

        _deliveries[sequence] = [entry];
        NoteFirst(sequence, at);
    }

    /// <summary>The gateway confirmed the completion to the consumer.</summary>
    public void Completed(long delivery)
    {
        if (_held.Remove(delivery, out var entry))
        {
            entry.Outcome = Outcome.Completed;
            _completed++;
        }
    }

    /// <summary>The consumer requested completion and got no confirmation.</summary>
    public void CompletionInDoubt(long delivery)
    {
        if (_held.Remove(delivery, out var entry))
            entry.Outcome = Outcome.InDoubt;
    }

    public DemoVerdict Close()
    {
        var again = new SortedDictionary<RedeliveryReason, long>();
        foreach (var (sequence, deliveries) in _deliveries)
        {
            foreach (var reason in Reasons(deliveries, _sentAgain.GetValueOrDefault(sequence)))
                again[reason] = again.GetValueOrDefault(reason) + 1;
        }

        return new DemoVerdict
        {
            Expected = expected,
            Accepted = _accepted.Count,
            Delivered = _deliveries.Count,
            Completed = _completed,
            Lost = _accepted.Count(sequence => !_deliveries.ContainsKey(sequence)),
            DeliveredAgain = again,
            OutOfOrder = _outOfOrder,
            Corrupt = _corrupt,
            Returns = [.. _returns],
        };
    }

    private void NoteFirst(long sequence, TimeSpan at)
    {
        if (sequence < _highest)
            _outOfOrder++;
        _highest = Math.Max(_highest, sequence);

        for (var i = 0; i < _returns.Count; i++)
        {
            if (_returns[i].FirstReplayed is null && sequence > _returns[i].After)
                _returns[i] = _returns[i] with { FirstReplayed = at };
        }
    }

    /// <summary>
    /// Returns one reason per redelivery. An earlier confirmed completion counts against the gateway, regardless of other kills.
    /// </summary>
    /// <param name="sentAgain">How often the producer sent it again.</param>
    private static IEnumerable<RedeliveryReason> Reasons(List<Delivery> deliveries, int sentAgain)
    {
        var completed = false;
        for (var i = 1; i < deliveries.Count; i++)
        {
            var before = deliveries[i - 1];
            completed |= before.Outcome == Outcome.Completed;
            yield return completed ? RedeliveryReason.AlreadyCompleted
                : before.ConsumerRun != deliveries[i].ConsumerRun ? RedeliveryReason.ConsumerKilled
                : before.GatewayRun != deliveries[i].GatewayRun ? RedeliveryReason.GatewayKilled
                : sentAgain-- > 0 ? RedeliveryReason.SentAgain
                : before.Outcome == Outcome.InDoubt ? RedeliveryReason.CompletionInDoubt
                : RedeliveryReason.Unexplained;
        }
    }

    private enum Outcome
    {
        Open,
        Completed,
        InDoubt,
    }

    private sealed class Delivery(int consumerRun, int gatewayRun)
    {
        public int ConsumerRun { get; } = consumerRun;

        public int GatewayRun { get; } = gatewayRun;

        public Outcome Outcome { get; set; } = Outcome.Open;
    }
}
