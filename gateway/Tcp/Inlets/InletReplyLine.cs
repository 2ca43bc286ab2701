using Gateway.Inbox;

namespace Gateway.Tcp.Inlets;

/// <summary>
/// The replies to one conversation that wait until its program has taken others: most of them stay in the store, and only their numbers are
/// here. Owned by <see cref="InletReplies"/>.
/// </summary>
internal sealed class InletReplyLine(InletConversation conversation)
{
    /// <summary>So many are read from the store at once, with so many bytes; a single larger one is read too.</summary>
    private const int FetchedMax = 32;
    private const long FetchedBytesMax = 1024 * 1024;

    private readonly Queue<WaitingReply> _waiting = [];

    public InletConversation Conversation => conversation;

    /// <summary>How far a stream was written to the program.</summary>
    public StreamPlace Place { get; } = new(conversation.Id);

    /// <summary>Replies with the program that its host has not acknowledged, and their bytes.</summary>
    public int Messages { get; private set; }

    public long Bytes { get; private set; }

    /// <summary>Replies that are being read from the store.</summary>
    public int Fetching { get; set; }

    /// <summary>Replies that wait, or are being read.</summary>
    public int Waiting => _waiting.Count + Fetching;

    public void OnGiven(InnerDelivery delivery)
    {
        Messages++;
        Bytes += delivery.Stored.Message.Body.Length;
    }

    public void OnDone(InnerDelivery delivery)
    {
        Messages--;
        Bytes -= delivery.Stored.Message.Body.Length;
    }

    /// <summary>
    /// It may have one more: it has none, or less than a quarter of what is left for all. So some is always left for those that have none,
    /// however many programs are slow.
    /// </summary>
    /// <param name="left">The messages and bytes that the queue may still hand out.</param>
    public bool HasShare((int Messages, long Bytes) left) =>
        Messages == 0 || (4L * Messages < left.Messages && 4 * Bytes < left.Bytes);

    public void Add(WaitingReply reply) => _waiting.Enqueue(reply);

    /// <summary>The next one, if it is in memory; it is taken.</summary>
    public InnerDelivery? TakeHeld()
    {
        if (!_waiting.TryPeek(out var next) || next.Held is null) return null;
        return _waiting.Dequeue().Held;
    }

    /// <summary>The numbers of the next ones that are in the store, as far as its share goes; they are taken.</summary>
    /// <param name="left">As for <see cref="HasShare"/>.</param>
    public IReadOnlyList<long> TakeStored((int Messages, long Bytes) left)
    {
        var (numbers, bytes) = (new List<long>(), 0L);
        var messagesMax = Math.Min(FetchedMax, (left.Messages / 4) - Messages);
        var bytesMax = Math.Min(FetchedBytesMax, (left.Bytes / 4) - Bytes);
        while (_waiting.TryPeek(out var next) && next.Held is null
            && (numbers.Count == 0 || (numbers.Count < messagesMax && bytes + next.Bytes <= bytesMax)))
        {
            bytes += next.Bytes;
            numbers.Add(_waiting.Dequeue().Number);
        }

        return numbers;
    }

    /// <summary>All that wait, in order.</summary>
    public IReadOnlyList<WaitingReply> TakeAll()
    {
        var all = _waiting.ToList();
        _waiting.Clear();
        return all;
    }
}
