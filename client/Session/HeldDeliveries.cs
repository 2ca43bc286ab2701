using Gateway.Client.Wire;

namespace Gateway.Client.Session;

/// <summary>
/// What this client holds on its present connection and renews, by token. Looked through now and then, not at each tick: an eighth of the
/// shortest lease apart, so that what is due at the half is renewed with more than a third left. Owned by the session.
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

    /// <summary>It is settled, or given back: what comes of it is the gateway's.</summary>
    public void Remove(DeliveryToken token) => _held.Remove(token);

    /// <summary>Those that are to be renewed now. What has run out is found lost.</summary>
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

    /// <summary>Something is to be looked at before that lease ends.</summary>
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

    /// <summary>The connection is over, and every token with it.</summary>
    public void LoseAll()
    {
        foreach (var delivery in _held.Values)
            delivery.Lose();
        _held.Clear();
        _nextLook = TimeSpan.MaxValue;
    }
}
