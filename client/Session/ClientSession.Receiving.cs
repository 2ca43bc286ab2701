using Gateway.Client.Wire;

namespace Gateway.Client.Session;

/// <summary>Receiving: replies by phase, and the messages of subscriptions.</summary>
internal sealed partial class ClientSession
{
    private void Receive(Reply reply, TimeSpan now)
    {
        _liveness.Hear(now);
        if (Phase == SessionPhase.Greeting)
            ReceiveGreeting(reply, now);
        else if (Phase == SessionPhase.Live)
            ReceiveLive(reply, now);
    }

    private void ReceiveGreeting(Reply reply, TimeSpan now)
    {
        switch (reply)
        {
            case Reply.Welcome { Version: Version } welcome: GoLive(welcome, now); break;
            case Reply.Welcome welcome:
                RefuseAll(WireCode.UnsupportedVersion, $"The gateway speaks version {welcome.Version}.", now);
                break;
            case Reply.Error error when !WireCodes.IsTransient(error.Code): RefuseAll(error.Code, error.Text, now); break;
            case Reply.Error error: EndConnection($"the gateway answered {error.Code}: {error.Text}", now); break;
            case Reply.Goodbye: EndConnection("the gateway is stopping", now); break;
            default: EndConnection($"{reply.GetType().Name} came before WELCOME", now); break;
        }
    }

    private void ReceiveLive(Reply reply, TimeSpan now)
    {
        switch (reply)
        {
            case Reply.Accepted r: Answer(r.Id, r, now); break;
            case Reply.Delivery r: Deliver(r, now); break;
            case Reply.Settled r: Answer(r.Id, r, now); break;
            case Reply.Rejected r: Refuse(r, now); break;
            case Reply.Peeked r: Answer(r.Id, r, now); break;
            case Reply.Ready r: Answer(r.Id, r, now); break;
            case Reply.Depth r: Answer(r.Id, r, now); break;
            case Reply.Pong or Reply.Stopped: break;
            case Reply.Peer r: PeerNews.Enqueue(r); break;
            case Reply.Goodbye: EndConnection("the gateway is stopping", now); break;
            case Reply.Error error: EndConnection($"the gateway answered {error.Code}: {error.Text}", now); break;
            default: EndConnection($"{reply.GetType().Name} came out of turn", now); break;
        }
    }

    /// <summary>Fails every waiting call: the gateway refuses this client permanently.</summary>
    private void RefuseAll(WireCode code, string text, TimeSpan now)
    {
        foreach (var call in _calls.Open())
        {
            call.Fail(CallFailure.Rejected(call, code, text));
            _calls.GiveUp(call);
        }

        _subscriptions.EndAll(new GatewayException(GatewayException.ReasonOf(code), $"The gateway answered {code}: {text}"));
        EndConnection($"the gateway answered {code}: {text}", now);
    }

    private void Subscribe(Subscription subscription)
    {
        if (Phase == SessionPhase.Closed)
        {
            subscription.End(CallFailure.Disposed());
            return;
        }

        _subscriptions.Add(subscription);
        if (Phase == SessionPhase.Live)
            Send(Open(subscription));
    }

    private Request.Receive Open(Subscription subscription) =>
        subscription.Open(Connection, _limits.CreditMax, TimeSpan.FromMilliseconds(_limits.LeaseMs));

    private void TopUp(SessionEvent.Taken taken)
    {
        if (Phase == SessionPhase.Live && taken.Subscription.Grant(taken.Connection, taken.Count) is { } receive)
            Send(receive);
    }

    private void Unsubscribe(Subscription subscription, TimeSpan now)
    {
        if (!_subscriptions.Remove(subscription))
            return;
        if (Phase == SessionPhase.Live)
            Send(new Request.Stop(subscription.Id));
        Release(subscription.Lose(), now);
    }

    private void RefuseSubscription(Subscription subscription, Reply.Rejected rejected, TimeSpan now)
    {
        _subscriptions.Remove(subscription);
        Send(new Request.Stop(subscription.Id));
        if (IsRetried(rejected.Code))
        {
            Release(subscription.Postpone(_ids.Next(), _retry.Next(subscription.LastWait), now), now);
            _subscriptions.Add(subscription);
        }
        else
        {
            Release(subscription.Lose(), now);
            subscription.End(new GatewayException(
                GatewayException.ReasonOf(rejected.Code), $"The gateway answered {rejected.Code}: {rejected.Text}"));
        }
    }

    private void Deliver(Reply.Delivery delivery, TimeSpan now)
    {
        if (_subscriptions.Find(delivery.Subscription) is not { } subscription)
            Release(delivery.Token, now);
        else if (subscription.Buffer(delivery.Token, delivery.Message, now) is not { } held)
            EndConnection("the gateway sent more messages than it was given credit for", now);
        else if (subscription.LeaseRenewalMax > TimeSpan.Zero)
            _held.Add(held, now);
    }

    private void Release(List<HeldDelivery> deliveries, TimeSpan now)
    {
        foreach (var delivery in deliveries.Where(delivery => delivery.Connection == Connection && !delivery.IsLost))
            Release(delivery.Token, now);
    }

    /// <summary>
    /// Releases a delivery without waiting for the answer; if it is lost, the end of the lease or connection has the same effect.
    /// </summary>
    private void Release(DeliveryToken token, TimeSpan now)
    {
        var id = _ids.Next();
        Submit(new Call(id, new Request.Release(id, token), TimeSpan.MaxValue, Connection), now);
    }
}
