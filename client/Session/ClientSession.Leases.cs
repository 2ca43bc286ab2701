using Gateway.Client.Wire;

namespace Gateway.Client.Session;

/// <summary>Leases: held messages are renewed, all that are due at once, until they are settled or held for too long.</summary>
internal sealed partial class ClientSession
{
    private void RenewLeases(TimeSpan now)
    {
        foreach (var delivery in _held.Due(now))
        {
            var id = _ids.Next();
            Submit(new Call(id, new Request.Renew(id, delivery.Token, delivery.Lease), now + delivery.Lease, Connection), now);
        }
    }

    /// <summary>Follows a request about a delivery: a settlement ends the renewals, a renewal postpones the next one.</summary>
    private void FollowLease(Call call, TimeSpan now)
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

    private void OnRenewed(Call call, Request.Renew request)
    {
        if (_held.Find(request.Token) is not { } delivery)
            return;
        delivery.RenewedAt = null;
        // The gateway counts the lease from the arrival of the request, which was no earlier.
        delivery.Extend(call.SubmittedAt + LeaseOf(request));
    }

    private void OnNotRenewed(Request.Renew request, WireCode code)
    {
        if (_held.Find(request.Token) is not { } delivery)
            return;
        delivery.RenewedAt = null;
        if (code == WireCode.LeaseLost)
            _held.Lose(delivery);
    }

    private TimeSpan LeaseOf(Request.Renew request) => request.Lease ?? TimeSpan.FromMilliseconds(_limits.LeaseMs);
}
