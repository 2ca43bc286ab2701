using Gateway.Client.Wire;

namespace Gateway.Client.Session;

/// <summary>
/// Numbers the requests and subscriptions of one client, from any thread. Both share one sequence because a REJECTED may name either.
/// </summary>
internal sealed class RequestIds
{
    private long _last;

    public RequestId Next() => RequestId.FromNumber(Interlocked.Increment(ref _last));
}
