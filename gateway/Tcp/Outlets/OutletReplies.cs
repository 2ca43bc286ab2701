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

    private readonly Dictionary<string, LinkedListNode<ReplyNumbers>> _numbered = [];
    private readonly LinkedList<ReplyNumbers> _byTime = [];

    /// <summary>The numbers of a conversation; those of a stream are never forgotten, since the inlet compares them.</summary>
    public ReplyNumbers NumbersOf(string conversation, bool isStream) => isStream ? New(conversation) : NumberedOf(conversation);

    /// <param name="to">Null if it belongs to nobody.</param>
    /// <param name="answered">The message that it answers; null if it answers none.</param>
    public void Add(ReplyAddress? to, ReadOnlyMemory<byte> frame, OutletMessage? answered, Action done)
    {
        MessageId? id = answered is null || to is null ? null : IdOf(answered.Delivery.Stored.Message.Id);
        var item = new EnqueueItem(id, NumberedOf(to?.Conversation ?? "").Next(), 0, frame);
        line.Add(new OutletReply(to?.Destination, item, done));
    }

    /// <summary>A piece of a stream; it is cut if the inlet's gateway takes less at once.</summary>
    /// <param name="done">Called once so many bytes are dealt with.</param>
    /// <param name="refused">Called with the reason if it has become a dead letter: what comes behind it must not be written.</param>
    public void AddPiece(ReplyAddress to, ReplyNumbers numbers, ReadOnlyMemory<byte> piece, Action<int> done, Action<string> refused)
    {
        var bytesMax = line.BodyBytesMaxOf(to.Destination);
        for (var rest = piece; !rest.IsEmpty;)
        {
            var part = rest[..Math.Min(bytesMax, rest.Length)];
            rest = rest[part.Length..];
            line.Add(new OutletReply(to.Destination, new EnqueueItem(null, numbers.Next(), 0, part), () => done(part.Length))
            { Refused = refused });
        }
    }

    /// <summary>Tells the inlet what has happened to the conversation here.</summary>
    /// <param name="numbers">Null if the conversation is not known any more.</param>
    /// <param name="name">One of the events of <see cref="TcpNames"/>.</param>
    /// <param name="done">Called once it is durable, or was refused.</param>
    /// <param name="refused">Called with the reason, before that, if it cannot be told; null if it becomes a dead letter then.</param>
    public void Tell(ReplyAddress to, ReplyNumbers? numbers, string name, Action done, Action<string>? refused)
    {
        var item = new EnqueueItem(null, (numbers ?? New(to.Conversation)).OfEvent(name), 0, ReadOnlyMemory<byte>.Empty);
        line.Add(new OutletReply(to.Destination, item, done) { Refused = refused });
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

    private ReplyNumbers NumberedOf(string conversation)
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

        return (_numbered[conversation] = _byTime.AddLast(New(conversation))).Value;
    }

    private ReplyNumbers New(string conversation)
    {
        var common = new Dictionary<string, string> { [TcpNames.Outlet] = outlet };
        if (conversation.Length > 0) common[TcpNames.Conversation] = conversation;
        return new ReplyNumbers(conversation, new FrameHeaders(common));
    }
}
