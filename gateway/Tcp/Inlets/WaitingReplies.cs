using Gateway.Inbox;

namespace Gateway.Tcp.Inlets;

/// <summary>Replies that wait for the next conversation from a host, in order, within limits. Owned by the inlet.</summary>
internal sealed class WaitingReplies
{
    private const int MessagesMax = 1000;
    private const long BytesMax = 16 * 1024 * 1024;

    private readonly Dictionary<string, List<InnerDelivery>> _byHost = [];
    private int _messages;
    private long _bytes;

    /// <summary>False if there is no room.</summary>
    public bool TryAdd(string host, InnerDelivery delivery)
    {
        var bytes = delivery.Stored.Message.Body.Length;
        if (_messages >= MessagesMax || _bytes + bytes > BytesMax) return false;
        _messages++;
        _bytes += bytes;
        if (!_byHost.TryGetValue(host, out var waiting)) _byHost[host] = waiting = [];
        waiting.Add(delivery);
        return true;
    }

    public IReadOnlyList<InnerDelivery> Take(string host)
    {
        if (!_byHost.Remove(host, out var waiting)) return [];
        _messages -= waiting.Count;
        _bytes -= waiting.Sum(delivery => (long)delivery.Stored.Message.Body.Length);
        return waiting;
    }
}
