using Gateway.Client.Wire;

namespace Gateway.Client.Session;

/// <summary>
/// The calls of a session: sent in order within the gateway's window, and retried after transient refusals and on the next connection.
/// Owned by the session.
/// </summary>
internal sealed class SessionCalls(SessionConnection connection, LeaseRenewals leases, RetryWaits retries)
{
    private readonly CallTable _calls = new();

    public void Submit(Call call, TimeSpan now)
    {
        if (connection.Phase == SessionPhase.Closed)
            call.Fail(CallFailure.Disposed(call));
        else if (call.Connection != 0 && (!connection.IsLive || call.Connection != connection.Number))
            call.Fail(CallFailure.LeaseLost(call));
        else
        {
            leases.OnSubmitted(call, now);
            _calls.Add(call);
            Pump();
        }
    }

    /// <summary>Sends the waiting calls for which the window has room.</summary>
    public void Pump()
    {
        while (connection.IsLive && _calls.TakeNext(connection.Limits.PendingRequestsMax) is { } call)
        {
            if (FindTooLarge(call) is { } text)
            {
                call.Fail(CallFailure.Rejected(call, WireCode.TooLarge, text));
                _calls.Remove(call);
            }
            else
                connection.Send(call);
        }
    }

    /// <summary>A reply has come. Returns why the connection must end: the reply does not answer the request; null if it does.</summary>
    public string? Answer(RequestId id, Reply reply)
    {
        if (_calls.FindInFlight(id) is not { } call)
            return null;
        if (!call.IsAnsweredBy(reply))
            return $"{reply.GetType().Name} does not answer {call.Request.GetType().Name}";
        _calls.Remove(call);
        leases.OnAnswered(call);
        if (!call.IsDone)
            call.Succeed(reply);
        Pump();
        return null;
    }

    /// <summary>A refusal has come; false if no call in flight has its id.</summary>
    public bool TryRefuse(Reply.Rejected rejected, TimeSpan now)
    {
        if (_calls.FindInFlight(rejected.Id) is not { } call)
            return false;
        if (retries.After(rejected.Code, call.LastWait) is { } wait)
            _calls.Postpone(call, wait, now);
        else
        {
            _calls.Remove(call);
            leases.OnRefused(call, rejected.Code);
            if (!call.IsDone)
                call.Fail(CallFailure.Rejected(call, rejected.Code, rejected.Text));
        }

        Pump();
        return true;
    }

    public void Cancel(Call call, CancellationToken token)
    {
        if (call.IsDone)
            return;
        call.Cancel(token);
        _calls.GiveUp(call);
    }

    /// <summary>Fails the calls whose time is over.</summary>
    public void Expire(TimeSpan now)
    {
        foreach (var call in _calls.Expired(now))
        {
            call.Fail(CallFailure.Expired(call, connection.IsLive, connection.Refusal));
            _calls.GiveUp(call);
        }
    }

    /// <summary>Sends again the refused calls whose wait is over.</summary>
    public void Resume(TimeSpan now)
    {
        _calls.ResumePostponed(now);
        Pump();
    }

    /// <summary>The connection has ended: calls bound to it fail, the others wait for the next one.</summary>
    public void OnConnectionEnded()
    {
        foreach (var call in _calls.Open().Where(call => call.Connection != 0))
            call.Fail(CallFailure.LeaseLost(call));
        _calls.Rewind();
    }

    public void FailAll(Func<Call, GatewayException> failure)
    {
        foreach (var call in _calls.Open())
        {
            call.Fail(failure(call));
            _calls.GiveUp(call);
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
        var limits = connection.Limits;
        if (enqueue.Items.Count > limits.BatchMessagesMax)
            return $"{enqueue.Items.Count} messages in one request, allowed are {limits.BatchMessagesMax}.";
        var total = 0L;
        foreach (var item in enqueue.Items)
        {
            if (item.Body.Length > limits.BodyBytesMax)
                return $"A body of {item.Body.Length} bytes, allowed are {limits.BodyBytesMax}.";
            if (item.Headers.Length > limits.HeadersBytesMax)
                return $"Headers of {item.Headers.Length} bytes, allowed are {limits.HeadersBytesMax}.";
            total += item.Body.Length + item.Headers.Length;
        }

        return total > limits.BatchBytesMax ? $"{total} bytes in one request, allowed are {limits.BatchBytesMax}." : null;
    }
}
