using Gateway.Client;
using Gateway.Client.Wire;
using Gateway.Links.Causes;
using Gateway.Links.Sending;
using Gateway.Store;
using Gateway.Store.Commands;
using Gateway.Store.Messages;

namespace Gateway.Links;

/// <summary>
/// Lists in the history, message by message where known, the messages that a restored peer has lost. This store has dropped them on
/// acknowledgement and knows their ids only while it still has the groups that held them. Owned by its link.
/// </summary>
internal sealed class LostMessages(IStoreInput store, LinkStanding standing)
{
    /// <summary>Ranges of numbers listed in the evidence.</summary>
    public const int RangesMax = 20;

    /// <summary>Ids in one change of the history.</summary>
    private const int IdsAtOnce = 20;

    /// <summary>The limits of one attempt: the ids reported over all queues, and the groups read for them.</summary>
    private const int IdsMax = 400;
    private const int PiecesMax = 512;

    private readonly HashSet<(string Queue, long Position, long Acknowledged)> _listed = [];
    private readonly List<string> _tolerated = [];

    /// <summary>In words, the numbers lost by a peer that stands at the position.</summary>
    public static string RangeOf(OutgoingQueue queue, long position) => $"{position + 1} to {queue.Acknowledged} of queue {queue.Name}";

    /// <summary>Lists lost messages once: the attempts continue, but nothing is reported twice.</summary>
    public void List(OutgoingQueue queue, long position)
    {
        if (_listed.Count >= RangesMax || !_listed.Add((queue.Name, position, queue.Acknowledged))) return;
        Find(queue.Id, position, queue.Acknowledged, long.MaxValue, new SortedDictionary<long, MessageId>(), PiecesMax);
    }

    /// <summary>An operator has accepted the losses: later ones are new.</summary>
    public void Clear() => _listed.Clear();

    /// <summary>A new store of the peer, or one accepted as it stands, is without messages that it had acknowledged.</summary>
    public void Tolerate(OutgoingQueue queue, long position)
    {
        if (_tolerated.Count < RangesMax) _tolerated.Add(RangeOf(queue, position));
    }

    /// <summary>Records what was tolerated on this connection.</summary>
    public void TellTolerated()
    {
        if (_tolerated.Count == 0) return;
        standing.Note(WireText.Cut(
            $"acknowledged and gone at the peer are the numbers {string.Join(", ", _tolerated)}", LinkStanding.EvidenceBytesMax));
        _tolerated.Clear();
    }

    /// <summary>The connection is lost.</summary>
    public void ForgetTolerated() => _tolerated.Clear();

    private void Find(QueueId queue, long position, long acknowledged, long below, SortedDictionary<long, MessageId> found, int pieces) =>
        store.Submit(new FindIdsCommand(queue, position, acknowledged, below, done =>
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
            standing.Tell($"acknowledged and gone at the peer, of queue {queue}: "
                + string.Join(", ", chunk.Select(message => $"{message.Key} {message.Value}")));
        }

        if (found.Count < numbers)
            standing.Tell($"acknowledged and gone at the peer, of queue {queue}: the ids of {(found.Count > 0 ? "the other" : "these")} "
                + $"{numbers - found.Count} numbers, as far as there were messages, are not known here any more");
    }
}
