using Gateway.Client.Wire;

namespace Gateway.Client.Session;

/// <summary>
/// Numbers the requests and subscriptions of one client, from any thread. One row for both, because a REJECTED names either.
/// </summary>
internal sealed class RequestIds
{
    private long _last;

    public RequestId Next() => RequestId.FromNumber(Interlocked.Increment(ref _last));
}
