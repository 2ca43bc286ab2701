using Gateway.Client;
using Gateway.Store;
using Gateway.Store.Commands;

namespace Gateway.Links;

/// <summary>
/// Lists in the history, message by message where known, the messages that a restored peer has lost. This store has dropped them on
/// acknowledgement and knows their ids only while it still has the groups that held them.
/// </summary>
internal sealed partial class OutgoingLink
{
    /// <summary>Ids in one change of the history.</summary>
    private const int IdsAtOnce = 20;

    /// <summary>The limits of one attempt: the ids reported over all queues, and the groups read for them.</summary>
    private const int IdsMax = 400;
    private const int PiecesMax = 512;

    private readonly HashSet<(string Queue, long Position, long Acknowledged)> _listed = [];

    /// <summary>Lists lost messages once: the attempts continue, but nothing is reported twice.</summary>
    private void ListLost(OutgoingQueue queue, long position)
    {
        if (_listed.Count >= RangesMax || !_listed.Add((queue.Name, position, queue.Acknowledged))) return;
        Find(queue.Id, position, queue.Acknowledged, long.MaxValue, new SortedDictionary<long, MessageId>(), PiecesMax);
    }

    private void Find(QueueId queue, long position, long acknowledged, long below, SortedDictionary<long, MessageId> found, int pieces) =>
        _store.Submit(new FindIdsCommand(queue, position, acknowledged, below, done =>
        {
            foreach (var (number, id) in done.Found) found[number] = id;
            if (done.Below > 0 && pieces > 1 && found.Count < IdsMax)
                Find(queue, position, acknowledged, done.Below, found, pieces - 1);
            else TellIds(queue.LocalName, acknowledged - position, found);
        }));

    private void TellIds(string queue, long numbers, SortedDictionary<long, MessageId> found)
    {
        foreach (var chunk in found.Chunk(IdsAtOnce))
        {
            Tell($"acknowledged and gone at the peer, of queue {queue}: "
                + string.Join(", ", chunk.Select(message => $"{message.Key} {message.Value}")));
        }

        if (found.Count < numbers)
            Tell($"acknowledged and gone at the peer, of queue {queue}: the ids of {(found.Count > 0 ? "the other" : "these")} "
                + $"{numbers - found.Count} numbers, as far as there were messages, are not known here any more");
    }

    private void Tell(string evidence)
    {
        History.Add(new LinkChange(_clock.Now, Status.State, Status.Cause, evidence));
        LogCompared(PeerName, evidence);
    }
}
