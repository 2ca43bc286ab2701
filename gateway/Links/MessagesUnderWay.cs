using Gateway.Links.Causes;
using Gateway.Links.Sending;
using Gateway.Store.Messages;

namespace Gateway.Links;

/// <summary>
/// The progress of the messages of a link's queues on their way to the peer, for the parts of the gateway that judge or show them. Reads
/// the queues of the link; keeps nothing.
/// </summary>
internal sealed class MessagesUnderWay(OutgoingQueues queues, LinkStanding standing)
{
    /// <summary>Messages sent on an ended connection while it is unknown whether they arrived; a limited number of queues.</summary>
    public IReadOnlyList<InDoubt> Doubts =>
        queues.Doubtful.Take(PositionQuestions.InDoubtQueuesMax).Select(queue => queue.Doubt).OfType<InDoubt>().ToList();

    /// <summary>The number of queues held in memory.</summary>
    public int Remembered => queues.Count;

    /// <summary>No message is unacknowledged.</summary>
    public bool IsDrained => queues.OutstandingMessages == 0;

    /// <summary>
    /// Messages of the queue up to this number may be at the peer although unacknowledged, and must not expire here; 0 if none is.
    /// </summary>
    public long InDoubtUpTo(QueueId queue) => queues.Find(queue.LocalName)?.InDoubtUpTo ?? 0;

    /// <summary>The number up to which the queue was sent on this connection; 0 without a connection.</summary>
    public long SentUpTo(QueueId queue) => standing.IsUp ? queues.Find(queue.LocalName)?.Sent ?? 0 : 0;

    /// <summary>The number of times a message of the queue was given to a connection since the gateway started.</summary>
    public int TimesSent(QueueId queue, long number) => queues.Find(queue.LocalName)?.TimesSent(number) ?? 0;
}
