using Gateway.Inbox;
using Gateway.Links;
using Gateway.Store;

namespace Gateway.Management;

/// <summary>The ways out of the queues: shut while an operator works on a queue, or has paused it. Owned by the loop.</summary>
internal sealed class QueueGates(IReadOnlyDictionary<string, OutgoingLink> links, Inboxes inboxes)
{
    /// <summary>Nothing leaves the queue until it was opened as often.</summary>
    public void Shut(QueueId queue)
    {
        if (queue.Kind == QueueKind.Inbound) inboxes.Hold(queue);
        else LinkOf(queue)?.Hold(queue);
    }

    public void Open(QueueId queue)
    {
        if (queue.Kind == QueueKind.Inbound) inboxes.LetGo(queue);
        else LinkOf(queue)?.LetGo(queue);
    }

    /// <summary>
    /// The message may be elsewhere too: with a consumer, or, sent and not acknowledged, at the peer. Only the latter can be taken all the
    /// same.
    /// </summary>
    public bool IsOut(QueueId queue, long number, bool includeInDoubt)
    {
        if (queue.Kind == QueueKind.Inbound) return inboxes.IsLeased(queue, number);
        return !includeInDoubt && LinkOf(queue) is { } link && number <= link.InDoubtUpTo(queue);
    }

    /// <summary>These have left a queue that was shut.</summary>
    public void OnTaken(QueueId queue, IReadOnlyCollection<long> numbers)
    {
        if (queue.Kind == QueueKind.Inbound) inboxes.OnTaken(queue, numbers);
    }

    /// <summary>Null for a peer that was taken out of the configuration: nothing is sent to it anyway.</summary>
    private OutgoingLink? LinkOf(QueueId queue) => links.GetValueOrDefault(queue.Peer);
}
