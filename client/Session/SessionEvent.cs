using Gateway.Client.Wire;

namespace Gateway.Client.Session;

/// <summary>What can happen to a session.</summary>
internal abstract record SessionEvent
{
    /// <summary>Time has passed; comes every few tens of milliseconds.</summary>
    public sealed record Ticked : SessionEvent;

    public sealed record Received(Reply Reply) : SessionEvent;

    /// <summary>The socket says that the connection is over, or what came over it was not understood.</summary>
    public sealed record ConnectionEnded(string Reason) : SessionEvent;

    public sealed record Submitted(Call Call) : SessionEvent;

    public sealed record Cancelled(Call Call, CancellationToken Token) : SessionEvent;

    public sealed record Subscribed(Subscription Subscription) : SessionEvent;

    /// <summary>The application took so many messages of that connection out of the buffer.</summary>
    public sealed record Taken(Subscription Subscription, int Connection, int Count) : SessionEvent;

    public sealed record Unsubscribed(Subscription Subscription) : SessionEvent;

    /// <summary>Somebody wants to hear of the gateway's peers, from now on.</summary>
    public sealed record Watched : SessionEvent;

    public sealed record Closed : SessionEvent;
}
