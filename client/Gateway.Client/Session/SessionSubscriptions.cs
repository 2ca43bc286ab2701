using Gateway.Client.Wire;

namespace Gateway.Client.Session;

/// <summary>
/// The subscriptions of a session: opened on each connection, and given the messages that arrive for them. Owned by the session.
/// </summary>
internal sealed class SessionSubscriptions(
    SessionConnection connection, SessionCalls calls, LeaseRenewals leases, RetryWaits retries, RequestIds ids)
{
    private readonly SubscriptionTable _subscriptions = new();

    public void Add(Subscription subscription)
    {
        if (connection.Phase == SessionPhase.Closed)
        {
            subscription.End(CallFailure.Disposed());
            return;
        }

        _subscriptions.Add(subscription);
        if (connection.IsLive)
            Open(subscription);
    }

    public void Remove(Subscription subscription, TimeSpan now)
    {
        if (!_subscriptions.Remove(subscription))
            return;
        if (connection.IsLive)
            connection.Send(new Request.Stop(subscription.Id));
        Release(subscription.Lose(), now);
    }

    /// <summary>The application took messages of a connection from the buffer: grants credit for as many.</summary>
    public void TopUp(SessionEvent.Taken taken)
    {
        if (connection.IsLive && taken.Subscription.Grant(taken.Connection, taken.Count) is { } receive)
            connection.Send(receive);
    }

    /// <summary>The connection is live: opens all subscriptions on it.</summary>
    public void OpenAll()
    {
        foreach (var subscription in _subscriptions.All)
            Open(subscription);
    }

    /// <summary>Opens again the refused subscriptions whose wait is over.</summary>
    public void Reopen(TimeSpan now)
    {
        foreach (var subscription in _subscriptions.Due(now))
            Open(subscription);
    }

    /// <summary>A message has come. Returns why the connection must end: there was no credit for it; null if there was.</summary>
    public string? Deliver(Reply.Delivery delivery, TimeSpan now)
    {
        if (_subscriptions.Find(delivery.Subscription) is not { } subscription)
            Release(delivery.Token, now);
        else if (subscription.Buffer(delivery.Token, delivery.Message, now) is not { } held)
            return "the gateway sent more messages than it was given credit for";
        else if (subscription.LeaseRenewalMax > TimeSpan.Zero)
            leases.Add(held, now);
        return null;
    }

    /// <summary>A refusal has come that concerns no call; one of an unknown subscription is ignored.</summary>
    public void Refuse(Reply.Rejected rejected, TimeSpan now)
    {
        if (_subscriptions.Find(rejected.Id) is not { } subscription)
            return;
        _subscriptions.Remove(subscription);
        connection.Send(new Request.Stop(subscription.Id));
        if (retries.After(rejected.Code, subscription.LastWait) is { } wait)
        {
            Release(subscription.Postpone(ids.Next(), wait, now), now);
            _subscriptions.Add(subscription);
        }
        else
        {
            Release(subscription.Lose(), now);
            subscription.End(new GatewayException(
                GatewayException.ReasonOf(rejected.Code), $"The gateway answered {rejected.Code}: {rejected.Text}"));
        }
    }

    /// <summary>The connection has ended; buffered messages are redelivered.</summary>
    public void LoseAll() => _subscriptions.LoseAll();

    public void EndAll(GatewayException exception) => _subscriptions.EndAll(exception);

    private void Open(Subscription subscription) => connection.Send(
        subscription.Open(connection.Number, connection.Limits.CreditMax, TimeSpan.FromMilliseconds(connection.Limits.LeaseMs)));

    private void Release(List<HeldDelivery> deliveries, TimeSpan now)
    {
        foreach (var delivery in deliveries.Where(delivery => delivery.Connection == connection.Number && !delivery.IsLost))
            Release(delivery.Token, now);
    }

    /// <summary>
    /// Releases a delivery without waiting for the answer; if it is lost, the end of the lease or connection has the same effect.
    /// </summary>
    private void Release(DeliveryToken token, TimeSpan now)
    {
        var id = ids.Next();
        calls.Submit(new Call(id, new Request.Release(id, token), TimeSpan.MaxValue, connection.Number), now);
    }
}
