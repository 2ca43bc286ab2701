namespace Gateway.Tcp.Outlets;

/// <summary>
/// Streams whose connection is lost, until the inlet has told their end: what still comes of them cannot be delivered. Owned by its outlet.
/// </summary>
internal sealed class LostConversations
{
    /// <summary>Beyond this the oldest are forgotten: what comes of them is taken for conversations of an earlier run.</summary>
    private const int ConversationsMax = 10_000;

    /// <summary>The inlet of each.</summary>
    private readonly Dictionary<string, string> _inlets = [];
    private readonly Queue<string> _byTime = [];

    public bool Contains(string conversation) => _inlets.ContainsKey(conversation);

    public void Add(string conversation, string inlet)
    {
        if (!_inlets.TryAdd(conversation, inlet)) return;
        _byTime.Enqueue(conversation);
        if (_byTime.Count > ConversationsMax) _inlets.Remove(_byTime.Dequeue());
    }

    public void Forget(string conversation) => _inlets.Remove(conversation);

    /// <summary>All conversations of the inlet are over.</summary>
    public void ForgetOf(string inlet)
    {
        foreach (var (conversation, _) in _inlets.Where(lost => lost.Value == inlet).ToList()) _inlets.Remove(conversation);
    }
}
