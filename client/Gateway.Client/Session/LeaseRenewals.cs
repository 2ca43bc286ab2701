using Gateway.Client.Wire;

namespace Gateway.Client.Session;

/// <summary>
/// Renews the leases of held messages, all that are due at once, until the messages are settled or held for too long. Owned by the session.
/// </summary>
internal sealed class LeaseRenewals(SessionConnection connection, RequestIds ids)
{
    private readonly HeldDeliveries _held = new();

    /// <summary>A delivery has arrived whose lease is to be renewed.</summary>
    public void Add(HeldDelivery delivery, TimeSpan now) => _held.Add(delivery, now);

    /// <summary>The renewals to submit now.</summary>
    public IEnumerable<Call> Due(TimeSpan now)
    {
        foreach (var delivery in _held.Due(now))
        {
            var id = ids.Next();
            yield return new Call(id, new Request.Renew(id, delivery.Token, delivery.Lease), now + delivery.Lease, connection.Number);
        }
    }

    /// <summary>A call is submitted: a settlement ends the renewals of its delivery, a renewal postpones the next one.</summary>
    public void OnSubmitted(Call call, TimeSpan now)
    {
        call.SubmittedAt = now;
        switch (call.Request)
        {
            case Request.Complete r: _held.Remove(r.Token); break;
            case Request.Abandon r: _held.Remove(r.Token); break;
            case Request.Reject r: _held.Remove(r.Token); break;
            case Request.Release r: _held.Remove(r.Token); break;
            case Request.Renew r when _held.Find(r.Token) is { } delivery:
                delivery.RenewedAt = now;
                _held.LookAfter(LeaseOf(r), now);
                break;
        }
    }

    /// <summary>The gateway has accepted a call: if it is a renewal, the lease is longer.</summary>
    public void OnAnswered(Call call)
    {
        if (call.Request is not Request.Renew request || _held.Find(request.Token) is not { } delivery)
            return;
        delivery.RenewedAt = null;
        // The gateway counts the lease from the arrival of the request, which was no earlier.
        delivery.Extend(call.SubmittedAt + LeaseOf(request));
    }

    /// <summary>The gateway has refused a call for good: if it is a renewal, the delivery may be lost.</summary>
    public void OnRefused(Call call, WireCode code)
    {
        if (call.Request is not Request.Renew request || _held.Find(request.Token) is not { } delivery)
            return;
        delivery.RenewedAt = null;
        if (code == WireCode.LeaseLost)
            _held.Lose(delivery);
    }

    /// <summary>The connection has ended, and with it every token.</summary>
    public void LoseAll() => _held.LoseAll();

    private TimeSpan LeaseOf(Request.Renew request) => request.Lease ?? TimeSpan.FromMilliseconds(connection.Limits.LeaseMs);
}
