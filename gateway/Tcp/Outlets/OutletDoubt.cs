using Gateway.Client;
using Gateway.Links.Causes;

namespace Gateway.Tcp.Outlets;

/// <summary>
/// The messages that were sent on a connection that has ended, and not delivered: they are sent again, and the target may have had them.
/// Owned by its outlet.
/// </summary>
internal sealed class OutletDoubt(string queue, OutletCounters counters)
{
    /// <summary>By message: whether all its bytes were acknowledged.</summary>
    private readonly Dictionary<MessageId, bool> _messages = [];

    /// <summary>The messages in doubt that were not sent again yet.</summary>
    public int Count => _messages.Count;

    /// <summary>A connection has ended.</summary>
    /// <param name="left">The messages on it that are not delivered, in the order of the queue.</param>
    /// <returns>Those in doubt, as a link's history has them.</returns>
    public IReadOnlyList<InDoubt> Add(IReadOnlyList<OutletMessage> left, long acknowledged)
    {
        var sent = left.Where(message => message.End is not null && !message.Body.IsEmpty).ToList();
        foreach (var message in sent) _messages[message.Delivery.Stored.Message.Id] = message.End <= acknowledged;
        foreach (var message in left) message.End = null;
        if (sent.Count == 0) return [];
        var acknowledgedOfThem = sent.Count(message => _messages[message.Delivery.Stored.Message.Id]);
        return [new InDoubt(queue, sent[0].Number, sent[^1].Number, sent.Count, acknowledgedOfThem, sent.Count)];
    }

    /// <summary>The message is sent, perhaps again.</summary>
    public void OnSent(OutletMessage message)
    {
        if (!_messages.Remove(message.Delivery.Stored.Message.Id, out var isAcknowledged)) return;
        counters.SentAgain++;
        if (isAcknowledged) counters.PossiblySeenTwice++;
    }

    /// <summary>The messages are nobody's any more.</summary>
    public void Forget() => _messages.Clear();
}
