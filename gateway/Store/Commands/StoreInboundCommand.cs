using Gateway.Store.Messages;
using Gateway.Store.Records;

namespace Gateway.Store.Commands;

/// <summary>A message with its sender's number.</summary>
internal readonly record struct NumberedMessage(long Number, Message Message);

/// <summary>
/// The state of a queue begun by an opening batch: if a batch is refused, the ones after it are refused too. Accessed by the store's thread
/// alone.
/// </summary>
internal sealed class QueueOpening
{
    public bool IsRefused { get; private set; }

    public void Refuse() => IsRefused = true;
}

/// <summary>
/// Stores a batch from a peer and moves the position of its outgoing queue, in one commit. Messages already here are recognised by number,
/// for ever; a batch that does not follow on the position is not stored.
/// </summary>
/// <param name="senderStore">The store to which the numbers belong.</param>
/// <param name="queue">The queue's name, the same on both sides.</param>
/// <param name="previous">The number before the first message of the batch, in the sender's queue.</param>
/// <param name="messages">In order, each the predecessor of the next.</param>
/// <param name="done">Called on the loop once durable.</param>
internal sealed class StoreInboundCommand(
    Guid senderStore,
    string queue,
    long previous,
    IReadOnlyList<NumberedMessage> messages,
    Action<StoreInboundCommand> done) : StoreCommand
{
    private readonly List<Placed> _placed = [];

    /// <summary>
    /// The sender begins with this batch: it follows on any position up to its predecessor. A position beyond that belongs to another
    /// history.
    /// </summary>
    public bool Opens { get; init; }

    /// <summary>
    /// The state of the batch that opened the queue, shared with the batches sent after it before the outcome was known; null if none
    /// opened it.
    /// </summary>
    public QueueOpening? Opening { get; init; }

    /// <summary>
    /// The <see cref="MessageCheck"/> of the message before the first, which is stored here if the batch belongs to the same history; 0 if
    /// the sender does not know it.
    /// </summary>
    public uint PreviousCheck { get; init; }

    /// <summary>The highest group of the sender's store of which its run has sent something.</summary>
    public long SenderGroup { get; init; }

    public string Queue => queue;

    /// <summary>
    /// The suffix of the position's name after the queue's name: the sender numbers its queues separately for each name of this gateway.
    /// </summary>
    public string Suffix { get; init; } = "";

    /// <summary>The group that holds the position; 0 if nothing was stored.</summary>
    public long Group { get; private set; }

    /// <summary>The tally of the batches of the sender's store that are stored here after this command; 0 if this one was not.</summary>
    public long Batches { get; private set; }

    /// <summary>The last number stored here after this command.</summary>
    public long Position { get; private set; }

    /// <summary>The check of the message with that number.</summary>
    public uint Check { get; private set; }

    /// <summary>The batch did not follow on the position: the sender must continue after <see cref="Position"/>.</summary>
    public bool HasGap { get; private set; }

    /// <summary>
    /// The batch opens its queue, but <see cref="Position"/> is beyond its beginning; or it follows on a number that stands for a different
    /// message here. Nothing was stored.
    /// </summary>
    public bool IsForeign { get; private set; }

    /// <summary>Why there is no room for the batch; nothing of it was stored then.</summary>
    public StoreRefusal? Full { get; private set; }

    public IReadOnlyList<Placed> Placed => _placed;

    public override int SizeBytes { get; } = messages.Sum(numbered => MessageCodec.SizeBytes(numbered.Message));

    public override bool NeedsRoom => false;

    public override void Apply(StoreJournal journal, StoreReader reader)
    {
        (Position, Check) = journal.State.Position(senderStore, queue + Suffix);
        IsForeign = (Opens && Position > previous) || Opening is { IsRefused: true } || IsOfAnotherHistory();
        if (IsForeign)
        {
            Opening?.Refuse();
            return;
        }

        var predecessor = Opens ? Position : previous;
        var target = QueueId.Inbound(queue);
        Full = messages[^1].Number > Position ? journal.Limits.Find(target, messages.Count, SizeBytes, senderStore) : null;
        if (Full is not null) return;

        foreach (var (number, message) in messages)
        {
            if (number > Position)
            {
                HasGap = predecessor != Position;
                if (HasGap) break;
                _placed.Add(new Placed(target, new StoredMessage(journal.Store(journal.QueueOf(target), message), message)));
                Position = number;
            }

            predecessor = number;
        }

        if (_placed.Count == 0) return;
        Check = MessageCheck.Of(_placed[^1].Message.Message);
        Group = journal.MovePosition(new PositionMoved(senderStore, queue + Suffix, new StoredPosition(Position, Check), SenderGroup));
        Batches = journal.State.Positions.BatchesOf(senderStore);
    }

    public override void Complete() => done(this);

    /// <summary>
    /// The sender's message at the position differs from the one stored here: a restored machine may continue with a connection, or on a
    /// later one, as if nothing had happened.
    /// </summary>
    private bool IsOfAnotherHistory()
    {
        if (!Opens && previous == Position) return MessageCheck.Differ(PreviousCheck, Check);
        if (messages[0].Number > Position) return false;
        foreach (var (number, message) in messages)
        {
            if (number == Position) return MessageCheck.Differ(MessageCheck.Of(message), Check);
        }

        return false;
    }
}
