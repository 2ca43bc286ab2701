using Gateway.Client.Wire;

namespace Gateway.Client.Session;

/// <summary>
/// The deliveries that this client holds on its present connection and renews, by token. Scanned at intervals of an eighth of the shortest
/// lease rather than at each tick, so that a renewal due at half the lease is sent with more than a third left. Owned by the session.
/// </summary>
internal sealed class HeldDeliveries
{
    private const int LooksPerLease = 8;

    private readonly Dictionary<DeliveryToken, HeldDelivery> _held = [];
    private readonly List<HeldDelivery> _over = [];
    private TimeSpan _nextLook = TimeSpan.MaxValue;

    public int Count => _held.Count;

    public void Add(HeldDelivery delivery, TimeSpan now)
    {
        _held[delivery.Token] = delivery;
        LookAfter(delivery.Lease, now);
    }

    public HeldDelivery? Find(DeliveryToken token) => _held.GetValueOrDefault(token);

    /// <summary>Removes a delivery that was settled or given back; its outcome is up to the gateway.</summary>
    public void Remove(DeliveryToken token) => _held.Remove(token);

    /// <summary>Returns the deliveries to renew now and marks expired ones as lost.</summary>
    public List<HeldDelivery> Due(TimeSpan now)
    {
        var due = new List<HeldDelivery>();
        if (now < _nextLook)
            return due;
        _nextLook = TimeSpan.MaxValue;
        foreach (var delivery in _held.Values)
        {
            if (delivery.IsOver(now))
                _over.Add(delivery);
            else if (delivery.IsRenewalDue(now))
                due.Add(delivery);
            LookAfter(delivery.Lease, now);
        }

        foreach (var delivery in _over)
            Lose(delivery);
        _over.Clear();
        return due;
    }

    /// <summary>Makes sure that a scan takes place before the lease ends.</summary>
    public void LookAfter(TimeSpan lease, TimeSpan now)
    {
        var look = now + (lease / LooksPerLease);
        if (look < _nextLook)
            _nextLook = look;
    }

    public void Lose(HeldDelivery delivery)
    {
        delivery.Lose();
        _held.Remove(delivery.Token);
    }

    /// <summary>Marks all deliveries as lost: the connection is over, and with it every token.</summary>
    public void LoseAll()
    {
        foreach (var delivery in _held.Values)
            delivery.Lose();
        _held.Clear();
        _nextLook = TimeSpan.MaxValue;
    }
}
