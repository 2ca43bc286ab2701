using Gateway.Client.Wire;

namespace Gateway.Client.Session;

/// <summary>Calls: sent in order within the gateway's window, and retried after transient refusals.</summary>
internal sealed partial class ClientSession
{
    private void Submit(Call call, TimeSpan now)
    {
        if (Phase == SessionPhase.Closed)
            call.Fail(CallFailure.Disposed(call));
        else if (call.Connection != 0 && (Phase != SessionPhase.Live || call.Connection != Connection))
            call.Fail(CallFailure.LeaseLost(call));
        else
        {
            FollowLease(call, now);
            _calls.Add(call);
            Pump();
        }
    }

    private void Pump()
    {
        while (Phase == SessionPhase.Live && _calls.TakeNext(_limits.PendingRequestsMax) is { } call)
        {
            if (FindTooLarge(call) is { } text)
            {
                call.Fail(CallFailure.Rejected(call, WireCode.TooLarge, text));
                _calls.Remove(call);
            }
            else
                Outbox.Enqueue(call.Frames);
        }
    }

    /// <summary>
    /// Checks the limits on this side too: a gateway may close the connection over a request that is far too large, and the retry would
    /// then close the next one.
    /// </summary>
    private string? FindTooLarge(Call call)
    {
        if (call.Request is not Request.Enqueue enqueue)
            return null;
        if (enqueue.Items.Count > _limits.BatchMessagesMax)
            return $"{enqueue.Items.Count} messages in one request, allowed are {_limits.BatchMessagesMax}.";
        var total = 0L;
        foreach (var item in enqueue.Items)
        {
            if (item.Body.Length > _limits.BodyBytesMax)
                return $"A body of {item.Body.Length} bytes, allowed are {_limits.BodyBytesMax}.";
            if (item.Headers.Length > _limits.HeadersBytesMax)
                return $"Headers of {item.Headers.Length} bytes, allowed are {_limits.HeadersBytesMax}.";
            total += item.Body.Length + item.Headers.Length;
        }

        return total > _limits.BatchBytesMax ? $"{total} bytes in one request, allowed are {_limits.BatchBytesMax}." : null;
    }

    private void Answer(RequestId id, Reply reply, TimeSpan now)
    {
        if (_calls.FindInFlight(id) is not { } call)
            return;
        if (!call.IsAnsweredBy(reply))
        {
            EndConnection($"{reply.GetType().Name} does not answer {call.Request.GetType().Name}", now);
            return;
        }

        _calls.Remove(call);
        if (call.Request is Request.Renew renewed)
            OnRenewed(call, renewed);
        if (!call.IsDone)
            call.Succeed(reply);
        Pump();
    }

    private void Refuse(Reply.Rejected rejected, TimeSpan now)
    {
        if (_calls.FindInFlight(rejected.Id) is { } call)
            RefuseCall(call, rejected, now);
        else if (_subscriptions.Find(rejected.Id) is { } subscription)
            RefuseSubscription(subscription, rejected, now);
    }

    private void RefuseCall(Call call, Reply.Rejected rejected, TimeSpan now)
    {
        if (IsRetried(rejected.Code))
            _calls.Postpone(call, _retry.Next(call.LastWait), now);
        else
        {
            _calls.Remove(call);
            if (call.Request is Request.Renew refused)
                OnNotRenewed(refused, rejected.Code);
            if (!call.IsDone)
                call.Fail(CallFailure.Rejected(call, rejected.Code, rejected.Text));
        }

        Pump();
    }

    private void Cancel(SessionEvent.Cancelled cancelled)
    {
        if (cancelled.Call.IsDone)
            return;
        cancelled.Call.Cancel(cancelled.Token);
        _calls.GiveUp(cancelled.Call);
    }

    /// <summary>Of the transient codes, only StoreFull is left to the application: waiting for room may take days.</summary>
    private static bool IsRetried(WireCode code) => code is WireCode.Busy or WireCode.Stopping or WireCode.HelloRequired;
}
