using Gateway.Store.Commands;
using Gateway.Store.Messages;

namespace Gateway.Links.Causes;

/// <summary>
/// Observes the messages on the links and the links' states, on the loop. Each method returns at once, throws nothing, and allocates
/// nothing for a message that is not traced.
/// </summary>
internal interface ILinkTelemetry
{
    /// <summary>A batch was given to the connection with a peer.</summary>
    /// <param name="sentBefore">
    /// Messages up to this number were sent before, by this run or by an earlier one that recorded it, and are now resent.
    /// </param>
    void Sent(QueueId queue, IReadOnlyList<NumberedMessage> messages, long sentBefore);

    /// <summary>The peer has stored a batch.</summary>
    /// <param name="upTo">The number of its last message.</param>
    /// <param name="after">The time since it was sent.</param>
    void Acknowledged(QueueId queue, long upTo, int messages, TimeSpan after);

    /// <summary>Sending continues after a number given by the peer: everything sent above it was sent in vain.</summary>
    /// <param name="isOnDisk">The peer has stored everything up to the number; otherwise that is still to be acknowledged.</param>
    void StartsAfter(QueueId queue, long number, bool isOnDisk);

    /// <summary>A peer's messages are durable in their inbound queue.</summary>
    /// <param name="receivedAt">The time of their arrival.</param>
    void Arrived(string peer, IReadOnlyList<Placed> placed, DateTimeOffset receivedAt);

    /// <summary>The history of a link has a new entry.</summary>
    void LinkChanged(string peer, LinkChange change);
}
