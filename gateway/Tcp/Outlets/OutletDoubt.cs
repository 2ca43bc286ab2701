using Gateway.Client;
using Gateway.Links.Causes;
using Gateway.Links.Protocol;

namespace Gateway.Tcp.Outlets;

/// <summary>
/// The messages that were sent on a connection that has ended, and not delivered: they are sent again, and the target may have had them.
/// Owned by its outlet.
/// </summary>
internal sealed class OutletDoubt(string queue, OutletCounters counters)
{
    private readonly Dictionary<MessageId, Doubted> _messages = [];

    /// <summary>The messages in doubt that were not sent again yet.</summary>
    public int Count => _messages.Count;

    /// <summary>A connection has ended.</summary>
    /// <param name="left">The messages on it that are not delivered, in the order of the queue.</param>
    /// <returns>Those in doubt, as a link's history has them.</returns>
    public IReadOnlyList<InDoubt> Add(IReadOnlyList<OutletMessage> left, TargetEnd end)
    {
        var sent = left.Where(message => message.End is not null && !message.Body.IsEmpty).ToList();
        var acknowledged = sent.Count(message => message.End <= end.Progress.Acknowledged);
        foreach (var message in sent)
        {
            _messages[message.Delivery.Stored.Message.Id] = new Doubted(
                message.End <= end.Progress.Acknowledged, end.Cause == LinkCause.ClosedByPeer ? message.OrderlyEnds : 0);
        }

        foreach (var message in left) message.End = null;
        return sent.Count == 0 ? [] : [new InDoubt(queue, sent[0].Number, sent[^1].Number, sent.Count, acknowledged, sent.Count)];
    }

    /// <summary>The message is sent, perhaps again.</summary>
    public void OnSent(OutletMessage message)
    {
        if (!_messages.Remove(message.Delivery.Stored.Message.Id, out var before)) return;
        message.OrderlyEnds = before.OrderlyEnds;
        counters.SentAgain++;
        if (before.IsAcknowledged) counters.PossiblySeenTwice++;
    }

    /// <param name="IsAcknowledged">All its bytes were acknowledged.</param>
    /// <param name="OrderlyEnds">See <see cref="OutletMessage.OrderlyEnds"/>.</param>
    private readonly record struct Doubted(bool IsAcknowledged, int OrderlyEnds);
}
