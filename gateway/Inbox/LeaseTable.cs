using Gateway.Client.Wire;

namespace Gateway.Inbox;

/// <summary>All leases of this gateway, by token, by connection and by deadline. Owned by the loop.</summary>
internal sealed class LeaseTable(LoopClock clock)
{
    private readonly Dictionary<DeliveryToken, Lease> _byToken = [];
    private readonly Dictionary<string, HashSet<Lease>> _byConnection = [];
    private readonly PriorityQueue<Lease, DateTimeOffset> _byDeadline = new();
    private long _lastToken;

    public Lease Grant(HeldMessage held, Subscription subscription)
    {
        var lease = new Lease(new DeliveryToken(++_lastToken), held, subscription.Connection, subscription.Queue);
        _byToken.Add(lease.Token, lease);
        if (!_byConnection.TryGetValue(lease.Connection, out var ofConnection)) _byConnection[lease.Connection] = ofConnection = [];
        ofConnection.Add(lease);
        Renew(lease, subscription.Lease);
        return lease;
    }

    /// <summary>The lease, if that connection holds it.</summary>
    public Lease? Find(DeliveryToken token, string connection) =>
        _byToken.TryGetValue(token, out var lease) && lease.Connection == connection ? lease : null;

    public IReadOnlyList<Lease> Of(string connection) => _byConnection.TryGetValue(connection, out var leases) ? leases.OrderBy(lease => lease.Token.Value).ToList() : [];

    public void Renew(Lease lease, TimeSpan length)
    {
        lease.Deadline = clock.Now + length;
        _byDeadline.Enqueue(lease, lease.Deadline);
    }

    public void End(Lease lease)
    {
        Invariant.Require(_byToken.Remove(lease.Token), "a lease ends once");
        var ofConnection = _byConnection[lease.Connection];
        ofConnection.Remove(lease);
        if (ofConnection.Count == 0) _byConnection.Remove(lease.Connection);
    }

    /// <summary>A lease whose time is over, or null.</summary>
    public Lease? NextOverdue()
    {
        while (_byDeadline.TryPeek(out var lease, out var deadline))
        {
            var isStale = !_byToken.ContainsKey(lease.Token) || lease.Deadline != deadline;
            if (!isStale && deadline > clock.Now) return null;
            _byDeadline.Dequeue();
            if (!isStale) return lease;
        }

        return null;
    }
}
