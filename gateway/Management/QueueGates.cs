using Gateway.Inbox;
using Gateway.Links;
using Gateway.Store.Messages;

namespace Gateway.Management;

/// <summary>Stops delivery from queues while an operator works on them or has paused them. Owned by the loop.</summary>
internal sealed class QueueGates(IReadOnlyDictionary<string, OutgoingLink> links, Inboxes inboxes)
{
    /// <summary>Stops delivery from the queue until it is opened as often.</summary>
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
    /// The message may also be elsewhere: with a consumer, or, sent and unacknowledged, at the peer. Only the latter can be included.
    /// </summary>
    public bool IsOut(QueueId queue, long number, bool includeInDoubt)
    {
        if (queue.Kind == QueueKind.Inbound) return inboxes.IsLeased(queue, number);
        return !includeInDoubt && LinkOf(queue) is { } link && number <= link.UnderWay.InDoubtUpTo(queue);
    }

    /// <summary>The highest of the numbers whose messages may be at the peer although unacknowledged; 0 if there is none.</summary>
    public long LastInDoubt(QueueId queue, IEnumerable<long> numbers)
    {
        if (queue.Kind == QueueKind.Inbound) return 0;
        // How far a queue was sent to a peer that is no longer configured is not known here.
        var upTo = LinkOf(queue)?.UnderWay.InDoubtUpTo(queue) ?? long.MaxValue;
        return numbers.Where(number => number <= upTo).DefaultIfEmpty().Max();
    }

    /// <summary>These messages have left a shut queue.</summary>
    public void OnTaken(QueueId queue, IReadOnlyCollection<long> numbers)
    {
        if (queue.Kind == QueueKind.Inbound) inboxes.OnTaken(queue, numbers);
    }

    /// <summary>Null for a peer that is no longer configured: nothing is sent to it anyway.</summary>
    private OutgoingLink? LinkOf(QueueId queue) => links.GetValueOrDefault(queue.Peer);
}
