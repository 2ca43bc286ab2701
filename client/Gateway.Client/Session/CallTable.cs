using Gateway.Client.Wire;

namespace Gateway.Client.Session;

/// <summary>
/// The unanswered calls, sent in order and within the gateway's window. A call abandoned by its caller while in flight keeps its place
/// until the gateway answers, so that the window stays accurate.
/// </summary>
internal sealed class CallTable
{
    private readonly Dictionary<RequestId, Call> _calls = [];
    private readonly Queue<Call> _waiting = new();
    private readonly List<Call> _postponed = [];
    private long _lastOrder;
    private int _inFlight;

    public int Count => _calls.Count;

    public void Add(Call call)
    {
        call.Order = ++_lastOrder;
        _calls.Add(call.Id, call);
        _waiting.Enqueue(call);
    }

    public Call? FindInFlight(RequestId id) => _calls.TryGetValue(id, out var call) && call.InFlight ? call : null;

    /// <summary>Takes the next call to send and counts it as in flight. Null when there is none or the window is full.</summary>
    public Call? TakeNext(int window)
    {
        while (_inFlight < window && _waiting.TryDequeue(out var call))
        {
            if (call.IsDone)
                continue;
            call.InFlight = true;
            _inFlight++;
            return call;
        }

        return null;
    }

    /// <summary>Removes a call that has its final answer.</summary>
    public void Remove(Call call)
    {
        Land(call);
        _calls.Remove(call.Id);
    }

    /// <summary>Marks a call whose caller was answered; it is not sent again.</summary>
    public void GiveUp(Call call)
    {
        if (!call.InFlight)
            _calls.Remove(call.Id);
    }

    /// <summary>Schedules a retry after a transient refusal.</summary>
    public void Postpone(Call call, TimeSpan wait, TimeSpan now)
    {
        Land(call);
        if (call.IsDone)
        {
            _calls.Remove(call.Id);
            return;
        }

        call.LastWait = wait;
        call.RetryAt = now + wait;
        _postponed.Add(call);
    }

    public void ResumePostponed(TimeSpan now)
    {
        foreach (var call in _postponed.Where(call => call.RetryAt <= now))
            _waiting.Enqueue(call);
        _postponed.RemoveAll(call => call.RetryAt <= now);
    }

    /// <summary>A snapshot of all calls whose callers still wait; the table may change during enumeration.</summary>
    public Call[] Open() => [.. _calls.Values.Where(call => !call.IsDone)];

    /// <summary>The open calls whose deadline has passed.</summary>
    public List<Call> Expired(TimeSpan now)
    {
        var expired = new List<Call>();
        foreach (var call in _calls.Values)
        {
            if (!call.IsDone && call.Deadline <= now)
                expired.Add(call);
        }

        return expired;
    }

    /// <summary>Prepares for a new connection: calls that still have a caller are queued again in their original order.</summary>
    public void Rewind()
    {
        var open = Open();
        _calls.Clear();
        _waiting.Clear();
        _postponed.Clear();
        _inFlight = 0;
        foreach (var call in open.OrderBy(call => call.Order))
        {
            call.LostOnce |= call.InFlight;
            call.InFlight = false;
            _calls.Add(call.Id, call);
            _waiting.Enqueue(call);
        }
    }

    private void Land(Call call)
    {
        call.InFlight = false;
        _inFlight--;
    }
}
