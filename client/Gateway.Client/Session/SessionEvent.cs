using Gateway.Client.Wire;

namespace Gateway.Client.Session;

/// <summary>The inputs of a session.</summary>
internal abstract record SessionEvent
{
    /// <summary>Time has passed; sent every few tens of milliseconds.</summary>
    public sealed record Ticked : SessionEvent;

    public sealed record Received(Reply Reply) : SessionEvent;

    /// <summary>The socket reports that the connection ended, or it received something that it could not decode.</summary>
    public sealed record ConnectionEnded(string Reason) : SessionEvent;

    public sealed record Submitted(Call Call) : SessionEvent;

    public sealed record Cancelled(Call Call, CancellationToken Token) : SessionEvent;

    public sealed record Subscribed(Subscription Subscription) : SessionEvent;

    /// <summary>The application took this many messages of the connection from the buffer.</summary>
    public sealed record Taken(Subscription Subscription, int Connection, int Count) : SessionEvent;

    public sealed record Unsubscribed(Subscription Subscription) : SessionEvent;

    /// <summary>The application asks for reports about the gateway's peers.</summary>
    public sealed record Watched : SessionEvent;

    public sealed record Closed : SessionEvent;
}
