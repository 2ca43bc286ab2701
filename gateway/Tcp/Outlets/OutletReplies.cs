using System.IO.Hashing;
using System.Text;
using Gateway.Client;
using Gateway.Client.Wire;

namespace Gateway.Tcp.Outlets;

/// <summary>Makes messages out of what targets send, with a number for each frame of a conversation. Owned by its outlet.</summary>
internal sealed class OutletReplies(string outlet, ReplyLine line)
{
    /// <summary>The conversations whose frames are counted; the one that was silent longest is forgotten.</summary>
    private const int ConversationsMax = 10_000;

    private const int IdBytes = 16;

    private readonly Dictionary<string, LinkedListNode<Numbered>> _numbered = [];
    private readonly LinkedList<Numbered> _byTime = [];

    /// <param name="to">Null if it belongs to nobody.</param>
    /// <param name="answered">The message that it answers; null if it answers none.</param>
    public void Add(ReplyAddress? to, ReadOnlyMemory<byte> frame, OutletMessage? answered, Action done)
    {
        var numbered = NumberedOf(to?.Conversation ?? "");
        numbered.Frames++;
        MessageId? id = answered is null || to is null ? null : IdOf(answered.Delivery.Stored.Message.Id);
        line.Add(new OutletReply(to?.Destination, new EnqueueItem(id, numbered.Headers.OfFrame(numbered.Frames), 0, frame), done));
    }

    /// <summary>Tells the inlet what has happened to the conversation here.</summary>
    /// <param name="name">One of the events of <see cref="TcpNames"/>.</param>
    public void Tell(ReplyAddress to, string name)
    {
        var headers = NumberedOf(to.Conversation).Headers.OfEvent(name);
        line.Add(new OutletReply(to.Destination, new EnqueueItem(null, headers, 0, ReadOnlyMemory<byte>.Empty), () => { }));
    }

    /// <summary>Does something as soon as all that was added and told until now is durable.</summary>
    public void Follow(Action done) => line.Follow(done);

    /// <summary>
    /// The id of the reply to a message, always the same: a message that is sent again is answered once, with its first reply. A UUID of
    /// version 8 (RFC 9562).
    /// </summary>
    internal static MessageId IdOf(MessageId answered)
    {
        Span<byte> bytes = stackalloc byte[IdBytes + TcpNames.RepliesSuffix.Length];
        answered.Value.TryWriteBytes(bytes, bigEndian: true, out _);
        Encoding.ASCII.GetBytes(TcpNames.RepliesSuffix, bytes[IdBytes..]);
        var hash = XxHash128.Hash(bytes);
        hash[6] = (byte)((hash[6] & 0x0F) | 0x80);
        hash[8] = (byte)((hash[8] & 0x3F) | 0x80);
        return new MessageId(new Guid(hash, bigEndian: true));
    }

    private Numbered NumberedOf(string conversation)
    {
        if (_numbered.TryGetValue(conversation, out var known))
        {
            _byTime.Remove(known);
            _byTime.AddLast(known);
            return known.Value;
        }

        if (_numbered.Count == ConversationsMax)
        {
            _numbered.Remove(_byTime.First!.Value.Conversation);
            _byTime.RemoveFirst();
        }

        var common = new Dictionary<string, string> { [TcpNames.Outlet] = outlet };
        if (conversation.Length > 0) common[TcpNames.Conversation] = conversation;
        return (_numbered[conversation] = _byTime.AddLast(new Numbered(conversation, new FrameHeaders(common)))).Value;
    }

    private sealed class Numbered(string conversation, FrameHeaders headers)
    {
        public string Conversation => conversation;

        public FrameHeaders Headers => headers;

        public long Frames { get; set; }
    }
}
