using Gateway.Client.Wire;
using Gateway.Store.Messages;

namespace Gateway.Inbox;

/// <summary>All leases of this gateway, by token, connection and deadline. Owned by the loop.</summary>
internal sealed class LeaseTable(LoopClock clock)
{
    private readonly Dictionary<DeliveryToken, Lease> _byToken = [];
    private readonly Dictionary<string, HashSet<Lease>> _byConnection = [];
    private readonly HashSet<(QueueId Queue, long Number)> _held = [];
    private readonly SortedSet<Lease> _byDeadline =
        new(Comparer<Lease>.Create((left, right) => (left.Deadline, left.Token.Value).CompareTo((right.Deadline, right.Token.Value))));
    private long _lastToken;

    public int Count => _byDeadline.Count;

    /// <summary>Begins the tokens of a run: a token of an earlier run matches no lease, rather than that of another message.</summary>
    public void Begin(Guid incarnation) => _lastToken = RunNumbers.BeginOf(incarnation);

    public Lease Grant(HeldMessage held, Subscription subscription)
    {
        var lease = new Lease(new DeliveryToken(++_lastToken), held, subscription.Connection, subscription.Queue)
        { Batch = subscription.Batch };
        _byToken.Add(lease.Token, lease);
        _held.Add((lease.Queue.Id, held.Stored.Number));
        if (!_byConnection.TryGetValue(lease.Connection, out var ofConnection)) _byConnection[lease.Connection] = ofConnection = [];
        ofConnection.Add(lease);
        lease.Batch?.Add(lease);
        Renew(lease, subscription.Lease);
        return lease;
    }

    /// <summary>Returns the lease if this connection holds it.</summary>
    public Lease? Find(DeliveryToken token, string connection) =>
        _byToken.TryGetValue(token, out var lease) && lease.Connection == connection ? lease : null;

    /// <summary>Whether a consumer holds this message.</summary>
    public bool IsHeld(QueueId queue, long number) => _held.Contains((queue, number));

    public IReadOnlyList<Lease> Of(string connection) =>
        _byConnection.TryGetValue(connection, out var leases) ? leases.OrderBy(lease => lease.Token.Value).ToList() : [];

    public void Renew(Lease lease, TimeSpan length)
    {
        _byDeadline.Remove(lease);
        lease.Deadline = length == Subscription.Endless ? TimeSpan.MaxValue : clock.Uptime + length;
        _byDeadline.Add(lease);
    }

    /// <summary>The holder of the batch is at work: each lease now lasts at least its whole length from now.</summary>
    public void Renew(LeaseBatch batch)
    {
        var until = clock.Uptime + batch.Length;
        foreach (var lease in batch.Leases)
        {
            if (lease.Deadline < until) Renew(lease, batch.Length);
        }
    }

    public void End(Lease lease)
    {
        Invariant.Require(_byToken.Remove(lease.Token), "a lease ends once");
        _byDeadline.Remove(lease);
        _held.Remove((lease.Queue.Id, lease.Held.Stored.Number));
        lease.Batch?.Remove(lease);
        var ofConnection = _byConnection[lease.Connection];
        ofConnection.Remove(lease);
        if (ofConnection.Count == 0) _byConnection.Remove(lease.Connection);
    }

    /// <summary>The deadline of the lease that ends first.</summary>
    public TimeSpan NextDeadline => _byDeadline.Min?.Deadline ?? TimeSpan.MaxValue;

    /// <summary>Returns a lease that is over, or null.</summary>
    public Lease? NextOverdue()
    {
        while (_byDeadline.Min is { } first && first.Deadline <= clock.Uptime)
        {
            if (first.Batch is not { Settling: > 0 } batch) return first;
            Renew(batch);
        }

        return null;
    }
}
