using Gateway.Client.Wire;
using Gateway.Links;
using Gateway.Store;
using Gateway.Store.Commands;

namespace Gateway.Kernel;

/// <summary>
/// Receives the events on a message's way, for metrics and traces. The state machines only report; the outcome does not affect them. Every
/// member is called on the loop unless it says otherwise, returns at once, throws nothing, and allocates nothing for an untraced message.
/// </summary>
internal interface ITelemetry
{
    /// <summary>An application's messages are durable, each in each of its queues.</summary>
    void Accepted(IReadOnlyList<Placed> placed);

    /// <summary>An application's Enqueue was refused.</summary>
    void Refused(WireCode code);

    /// <summary>A batch was handed to the connection with a peer.</summary>
    /// <param name="sentBefore">Messages up to this number were sent before, by this run or an earlier one that has noted it, and are sent
    /// again.</param>
    void Sent(QueueId queue, IReadOnlyList<NumberedMessage> messages, long sentBefore);

    /// <summary>The peer has stored a batch.</summary>
    /// <param name="upTo">The number of its last message.</param>
    /// <param name="after">The time since it was sent.</param>
    void Acknowledged(QueueId queue, long upTo, int messages, TimeSpan after);

    /// <summary>Sending resumes after the number given by the peer; anything sent above it was lost.</summary>
    /// <param name="isOnDisk">The peer has stored everything up to the number; if not, that is still to be acknowledged.</param>
    void StartsAfter(QueueId queue, long number, bool isOnDisk);

    /// <summary>The history of a link has a new entry.</summary>
    void LinkChanged(string peer, LinkChange change);

    /// <summary>A peer's messages are durable in their inbound queue.</summary>
    /// <param name="receivedAt">The time of their arrival.</param>
    void Arrived(string peer, IReadOnlyList<Placed> placed, DateTimeOffset receivedAt);

    /// <summary>A consumer got a message.</summary>
    /// <param name="deliveries">The number of deliveries, including this one.</param>
    void Delivered(QueueId queue, StoredMessage message, int deliveries);

    /// <summary>A delivery has ended.</summary>
    void Settled(QueueId queue, long number, Settlement how);

    /// <summary>On the store's thread: a group is on disk.</summary>
    /// <param name="commands">The number of commands in the group; 0 for housekeeping.</param>
    void Committed(int commands, long bytes, TimeSpan took);

    /// <summary>On the store's thread: a message becomes a dead letter.</summary>
    void DeadLettered(QueueId queue, DeadLetterReason reason);
}
