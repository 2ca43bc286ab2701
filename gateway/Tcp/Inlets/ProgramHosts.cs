namespace Gateway.Tcp.Inlets;

/// <summary>
/// From which hosts programs have conversations, and had those that ended last: a reply for one that has ended goes to the latest of its
/// host. Owned by the inlet.
/// </summary>
internal sealed class ProgramHosts
{
    private const int GoneMax = 10_000;

    private readonly Dictionary<string, List<InletConversation>> _open = [];
    private readonly Dictionary<string, string> _hostOfGone = [];
    private readonly Queue<string> _gone = [];

    public void OnBegun(InletConversation conversation)
    {
        if (!_open.TryGetValue(conversation.Host, out var ofHost)) _open[conversation.Host] = ofHost = [];
        ofHost.Add(conversation);
    }

    public void OnGone(InletConversation conversation)
    {
        if (_open.TryGetValue(conversation.Host, out var ofHost) && ofHost.Remove(conversation) && ofHost.Count == 0)
            _open.Remove(conversation.Host);
        if (!_hostOfGone.TryAdd(conversation.Id, conversation.Host)) return;
        _gone.Enqueue(conversation.Id);
        if (_gone.Count > GoneMax) _hostOfGone.Remove(_gone.Dequeue());
    }

    /// <summary>The host of a conversation that has ended; empty if it is forgotten, or of an earlier run.</summary>
    public string HostOf(string conversation) => _hostOfGone.GetValueOrDefault(conversation, "");

    /// <summary>The conversation of the host that began last and takes replies; null if there is none.</summary>
    public InletConversation? LatestOf(string host) => _open.GetValueOrDefault(host)?.FindLast(conversation => conversation.TakesReplies);
}
