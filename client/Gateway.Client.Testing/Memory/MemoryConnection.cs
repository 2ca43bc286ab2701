using Gateway.Client.Wire;

namespace Gateway.Client.Testing.Memory;

/// <summary>One connection of a client to the gateway, seen from the gateway. It ends for good.</summary>
/// <param name="client">The client's side.</param>
internal sealed class MemoryConnection(IMemoryClient client)
{
    /// <summary>It has been greeted.</summary>
    public bool IsKnown { get; set; }

    /// <summary>It has ended: nothing reaches the client any more.</summary>
    public bool IsOver { get; private set; }

    /// <summary>The client wants to know of the links to <see cref="Peers"/>.</summary>
    public bool IsWatching { get; set; }

    /// <summary>The peers to which it has sent something.</summary>
    public HashSet<string> Peers { get; } = new(StringComparer.Ordinal);

    public Dictionary<RequestId, MemorySubscription> Subscriptions { get; } = [];

    public void Send(Reply reply)
    {
        if (!IsOver)
            client.OnReply(this, reply);
    }

    /// <summary>The gateway knows it no more.</summary>
    public void End() => IsOver = true;

    /// <summary>The client sees that it has ended.</summary>
    public void Break() => client.OnBroken(this);
}
