using Gateway.Store.Commands;
using Gateway.Store.Messages;
using Gateway.Store.State;

namespace Gateway.Links.Protocol;

/// <summary>The frames between gateways, a record each. PROTOCOL.md has the byte tables.</summary>
internal abstract record LinkFrame
{
    /// <summary>The dialing side introduces itself and names the intended peer.</summary>
    public sealed record Hello(GatewayIdentity From, string To, LinkLimits Limits, long ClockUnixMs) : LinkFrame
    {
        /// <summary>The point up to which the dialing side knows the history of the other's store; null if it knows nothing.</summary>
        public HistoryPoint? Known { get; init; }
    }

    /// <summary>The positive answer to a hello: the accepting side introduces itself.</summary>
    public sealed record Welcome(GatewayIdentity From, LinkLimits Limits, long ClockUnixMs) : LinkFrame
    {
        /// <summary>The last run of the dialing side's store from which messages were taken here; null if there is none.</summary>
        public KnownRun? Known { get; init; }

        /// <summary>Whether the dialing side's knowledge lies in the past of this store.</summary>
        public PastVerdict Past { get; init; }

        /// <summary>The last group of blocks of this store with messages of the dialing side; 0 if there is none.</summary>
        public long Group { get; init; }

        /// <summary>The number of batches of the dialing side's store that have been stored here.</summary>
        public long Batches { get; init; }
    }

    /// <summary>A refusal with its reason. The connection is then useless.</summary>
    public sealed record Refused(RefusalCode Code, string Text) : LinkFrame;

    /// <summary>Messages of one queue; <paramref name="Previous"/> is the number sent before the first of them.</summary>
    public sealed record Batch(string Queue, long Previous, IReadOnlyList<NumberedMessage> Messages) : LinkFrame
    {
        /// <summary>
        /// The first batch of a queue that is new to this run of the sender, or was empty until now: nothing up to <see cref="Previous"/>
        /// will ever be sent, and nothing above it ever was. The receiver's position is therefore not asked for.
        /// </summary>
        public bool Opens { get; init; }

        /// <summary>
        /// The <see cref="MessageCheck"/> of the message numbered <see cref="Previous"/>: a receiver with another one has another history.
        /// 0 if the sender does not know it.
        /// </summary>
        public uint PreviousCheck { get; init; }

        /// <summary>
        /// The highest group of blocks of which this run of the sender has sent something, to any peer: no message of the batch was stored
        /// in a later one.
        /// </summary>
        public long Group { get; init; }
    }

    /// <summary>The dialing side asks for the stored positions of these queues; the next Ask waits for the answer.</summary>
    public sealed record Ask(IReadOnlyList<string> Queues) : LinkFrame;

    /// <summary>
    /// The answer to an Ask. Or, for a single queue not asked for, the rejection of a batch: the receiver's position is beyond the one at
    /// which the batch opens the queue, or it has another message than the one the batch follows on.
    /// </summary>
    public sealed record Positions(IReadOnlyList<QueuePosition> Queues) : LinkFrame;

    /// <summary>Everything of the queue up to the number is on the receiver's disk.</summary>
    public sealed record Ack(string Queue, long Number) : LinkFrame
    {
        /// <summary>The last group of blocks there with durable messages of this connection; 0 if there is none yet.</summary>
        public long Group { get; init; }

        /// <summary>The number of batches of the sender's store that are durable there; 0 while none of this connection is.</summary>
        public long Batches { get; init; }
    }

    /// <summary>A batch did not follow on the receiver's position: resend from after the number.</summary>
    public sealed record Resend(string Queue, long Number) : LinkFrame;

    /// <summary>There is no room for the queue: its position is the number, and the sender is to retry from there after the time.</summary>
    public sealed record Full(string Queue, long Number, int RetryAfterMs, string Text) : LinkFrame
    {
        /// <summary>As in an <see cref="Ack"/>, since the number counts as acknowledged.</summary>
        public long Group { get; init; }

        /// <summary>The same.</summary>
        public long Batches { get; init; }

        /// <summary>
        /// The missing room is not this queue's own: others would find none either, at least those of which the receiver holds nothing.
        /// </summary>
        public bool IsShared { get; init; }
    }

    /// <summary>
    /// The accepting side's store has been asked something and has not answered for so long: a disk hangs. Sent before a welcome, too.
    /// </summary>
    public sealed record Stalled(int ForMs) : LinkFrame;

    /// <summary>
    /// Sent by each side after a welcome: the end of the last welcomed connection between the same two runs, as this side saw it.
    /// </summary>
    /// <param name="Cause"><see cref="LinkCause.None"/> if this side never saw an end and took the connection for open until now.</param>
    public sealed record LastEnd(LinkCause Cause, long AtUnixMs, string Text) : LinkFrame;

    public sealed record Ping(long Token) : LinkFrame
    {
        /// <summary>
        /// The token by which the dialing side asks for a <see cref="Summary"/>, the bytes of "GWLfleet". A peer that does not know it
        /// answers a ping.
        /// </summary>
        public const long AsksForSummary = 0x7465656C664C5747;
    }

    /// <param name="ClockUnixMs">The wall clock of the answering side.</param>
    public sealed record Pong(long Token, long ClockUnixMs) : LinkFrame;

    /// <summary>The accepting side's state, asked for by a <see cref="Ping"/>.</summary>
    /// <param name="Content">As the codec of summaries writes it; empty in place of one that is too long.</param>
    public sealed record Summary(ReadOnlyMemory<byte> Content) : LinkFrame
    {
        /// <summary>The longest content: far less than a batch.</summary>
        public const int ContentBytesMax = 4096;
    }

    /// <summary>The sender of this frame is stopping in an orderly way.</summary>
    public sealed record Goodbye : LinkFrame;

    /// <summary>In place of a hello: a gateway that is no peer yet proves that it was invited.</summary>
    /// <param name="Invitation">Which one.</param>
    /// <param name="Name">Of the gateway that comes.</param>
    /// <param name="Address">Where it says that it listens for peers, as <c>HOST:PORT</c>.</param>
    public sealed record Join(Guid Invitation, string Name, string Address, ReadOnlyMemory<byte> Proof) : LinkFrame;

    /// <summary>The gateway that came is a peer now; its proof shows that the answer is that of the inviting gateway.</summary>
    public sealed record Joined(ReadOnlyMemory<byte> Proof) : LinkFrame;
}

/// <summary>The number up to which an outgoing queue of the dialing side is stored at the other.</summary>
/// <param name="Check">The <see cref="MessageCheck"/> of the message with that number; 0 if unknown.</param>
internal readonly record struct QueuePosition(string Queue, long Number, uint Check = 0);

/// <summary>The limits of what a side accepts from the other.</summary>
/// <param name="BodyBytesMax">The largest body.</param>
/// <param name="WindowBytes">Bytes of batches that may be unacknowledged at once.</param>
/// <param name="WindowMessages">Messages that may be unacknowledged at once.</param>
internal sealed record LinkLimits(int BodyBytesMax, int WindowBytes, int WindowMessages)
{
    /// <summary>The largest headers, as JSON.</summary>
    public int HeadersBytesMax { get; init; } = 64 * 1024;

    /// <summary>Null for a message that the side takes; else the reason why it never will.</summary>
    public string? FindFault(Message message) => message switch
    {
        _ when message.Body.Length > BodyBytesMax =>
            $"its body of {Figures.Counted(message.Body.Length, "byte")} is larger than the "
                + $"{Figures.Count(BodyBytesMax)} that the peer takes",
        _ when message.Headers.Length > HeadersBytesMax =>
            $"its headers of {Figures.Counted(message.Headers.Length, "byte")} are larger than the "
                + $"{Figures.Count(HeadersBytesMax)} that the peer takes",
        _ => null,
    };
}

/// <summary>Why a hello is refused, or a connection given up. The numbers are part of the protocol.</summary>
internal enum RefusalCode : byte
{
    /// <summary>The protocol versions differ.</summary>
    Version = 1,

    /// <summary>The name is not among this gateway's peers.</summary>
    UnknownPeer = 2,

    /// <summary>The hello was meant for another gateway.</summary>
    WrongName = 3,

    /// <summary>A newer connection of the same peer replaced this one.</summary>
    Displaced = 4,

    /// <summary>The frames violate the protocol.</summary>
    Protocol = 5,

    /// <summary>Nothing was heard on the connection for too long.</summary>
    Silent = 6,

    /// <summary>The certificate is not valid for the name.</summary>
    NotAuthorised = 7,

    /// <summary>The store in the hello has another history than the one known here.</summary>
    Forked = 8,

    /// <summary>Another gateway that runs on the same store, or on a copy of it, is connected.</summary>
    StoreTwice = 9,

    /// <summary>The gateway that came with a code has no invitation, or was not made a peer.</summary>
    NotInvited = 10,

    /// <summary>This process stands by; another one of its name holds the store.</summary>
    Standby = 11,
}
