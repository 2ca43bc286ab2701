using Gateway.Client.Wire;

namespace Gateway.Client.Session;

/// <summary>
/// The calls that are not answered, and which of them may be sent: in order, and not more at once than the gateway's window. A call that
/// its caller gave up while it was in flight keeps its place until the gateway's answer, so that the window stays true.
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

    /// <summary>The next call to send, which counts as in flight from here on; null when there is none or the window is full.</summary>
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

    /// <summary>The gateway answered it, finally.</summary>
    public void Remove(Call call)
    {
        Land(call);
        _calls.Remove(call.Id);
    }

    /// <summary>Its caller has been told; nothing more will be sent of it.</summary>
    public void GiveUp(Call call)
    {
        if (!call.InFlight)
            _calls.Remove(call.Id);
    }

    /// <summary>The gateway answered that it should be tried again.</summary>
    public void Postpone(Call call, TimeSpan retryAt)
    {
        Land(call);
        if (call.IsDone)
        {
            _calls.Remove(call.Id);
            return;
        }

        call.Refusals++;
        call.RetryAt = retryAt;
        _postponed.Add(call);
    }

    public void ResumePostponed(TimeSpan now)
    {
        foreach (var call in _postponed.Where(call => call.RetryAt <= now))
            _waiting.Enqueue(call);
        _postponed.RemoveAll(call => call.RetryAt <= now);
    }

    /// <summary>All calls whose caller still waits, as they are now; the table may be changed while they are walked.</summary>
    public Call[] Open() => [.. _calls.Values.Where(call => !call.IsDone)];

    /// <summary>Those of them whose time is over.</summary>
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

    /// <summary>The connection is over: what still has a caller waits in its original order to be sent on the next one.</summary>
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
