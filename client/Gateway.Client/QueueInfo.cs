namespace Gateway.Client;

/// <summary>The contents of one queue of the gateway.</summary>
/// <param name="Messages">The number of messages not yet completed by a consumer, or not yet acknowledged by the peer.</param>
/// <param name="Bytes">The stored size of their headers and bodies.</param>
/// <param name="Peer">The state of the link to the queue's peer; null for a local queue.</param>
public sealed record QueueInfo(long Messages, long Bytes, PeerInfo? Peer)
{
    /// <summary>
    /// When the first of the messages was accepted, by the clock of the gateway that accepted it from its application; null if there is
    /// none.
    /// </summary>
    public DateTimeOffset? OldestAt { get; init; }
}
