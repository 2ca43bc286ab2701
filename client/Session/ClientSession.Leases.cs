using Gateway.Client.Wire;

namespace Gateway.Client.Session;

/// <summary>Leases: what is held is renewed, in one go for all that is due, until it is settled or has been held for too long.</summary>
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

    /// <summary>
    /// A request about a delivery is on its way: one that settles it ends the renewals, one that renews it puts them off.
    /// </summary>
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
        // The gateway counts from when the request came there, which was no earlier.
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
