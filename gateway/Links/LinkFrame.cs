using Gateway.Store;
using Gateway.Store.Commands;

namespace Gateway.Links;

/// <summary>What the gateways say to each other; one record a frame. PROTOCOL.md has the byte tables.</summary>
internal abstract record LinkFrame
{
    /// <summary>The dialing side introduces itself, and says whom it means to talk to.</summary>
    public sealed record Hello(GatewayIdentity From, string To, LinkLimits Limits, long ClockUnixMs) : LinkFrame
    {
        /// <summary>Up to where the dialing side knows the history of the other's store; null if it knows nothing.</summary>
        public HistoryPoint? Known { get; init; }
    }

    /// <summary>The answer: who is here.</summary>
    public sealed record Welcome(GatewayIdentity From, LinkLimits Limits, long ClockUnixMs) : LinkFrame
    {
        /// <summary>The last run of the dialing side's store from which messages were taken here; null if there was none.</summary>
        public KnownRun? Known { get; init; }

        /// <summary>Whether what the hello said to know lies in the past of this store.</summary>
        public PastVerdict Past { get; init; }

        /// <summary>The last group of blocks of this store with messages of the dialing side's; 0 if there is none.</summary>
        public long Group { get; init; }
    }

    /// <summary>The other answer: no, and why. The connection is of no more use.</summary>
    public sealed record Refused(RefusalCode Code, string Text) : LinkFrame;

    /// <summary>Messages of one queue; <paramref name="Previous"/> is the number sent before the first of them.</summary>
    public sealed record Batch(string Queue, long Previous, IReadOnlyList<NumberedMessage> Messages) : LinkFrame
    {
        /// <summary>
        /// The first of a queue that is new to this run of the sender, or empty until now: nothing up to <see cref="Previous"/> will ever
        /// be sent, and nothing above it ever was. So nobody need ask where the receiver stands.
        /// </summary>
        public bool Opens { get; init; }

        /// <summary>
        /// The <see cref="MessageCheck"/> of the message of number <see cref="Previous"/>: the receiver has the same one, or it has
        /// another history. 0 if the sender does not know it.
        /// </summary>
        public uint PreviousCheck { get; init; }

        /// <summary>
        /// The highest group of blocks of which this run of the sender has sent something, to anybody: no message of the batch was stored
        /// in a later one.
        /// </summary>
        public long Group { get; init; }
    }

    /// <summary>The dialing side asks how far these queues have been stored; the next question waits for the answer.</summary>
    public sealed record Ask(IReadOnlyList<string> Queues) : LinkFrame;

    /// <summary>
    /// The answer, or, of one queue for which nobody asked, the refusal of a batch: the receiver stands beyond where that opens the queue,
    /// or has another message than the one that it follows on.
    /// </summary>
    public sealed record Positions(IReadOnlyList<QueuePosition> Queues) : LinkFrame;

    /// <summary>Everything of the queue up to the number is on the receiver's disk.</summary>
    public sealed record Ack(string Queue, long Number) : LinkFrame
    {
        /// <summary>The last group of blocks with messages of this connection that is durable there; 0 if there is none yet.</summary>
        public long Group { get; init; }
    }

    /// <summary>A batch did not follow on what the receiver has: send again from after the number.</summary>
    public sealed record Resend(string Queue, long Number) : LinkFrame;

    /// <summary>
    /// There is no room for the queue: it stands at the number, and the sender shall try again from there after the time.
    /// </summary>
    public sealed record Full(string Queue, long Number, int RetryAfterMs, string Text) : LinkFrame
    {
        /// <summary>As in an <see cref="Ack"/>, since the number counts as acknowledged.</summary>
        public long Group { get; init; }

        /// <summary>
        /// It is not this queue that is full: others would find no room either, at least those of which the receiver holds nothing.
        /// </summary>
        public bool IsShared { get; init; }
    }

    /// <summary>After a welcome, each to the other: how this side saw the last welcomed connection between the same two runs end.</summary>
    /// <param name="Cause"><see cref="LinkCause.None"/> if it never saw an end, and took it for open until now.</param>
    public sealed record LastEnd(LinkCause Cause, long AtUnixMs, string Text) : LinkFrame;

    public sealed record Ping(long Token) : LinkFrame;

    /// <param name="ClockUnixMs">What the wall clock shows that answers.</param>
    public sealed record Pong(long Token, long ClockUnixMs) : LinkFrame;

    /// <summary>The sender of this frame stops in an orderly way.</summary>
    public sealed record Goodbye : LinkFrame;
}

/// <summary>An outgoing queue of the dialing side has been stored at the other up to this number.</summary>
/// <param name="Check">The <see cref="MessageCheck"/> of the message of that number; 0 if it is not known.</param>
internal readonly record struct QueuePosition(string Queue, long Number, uint Check = 0);

/// <summary>What a side takes from the other.</summary>
/// <param name="BodyBytesMax">The largest body.</param>
/// <param name="WindowBytes">Bytes of batches that may be unacknowledged at once.</param>
/// <param name="WindowMessages">Messages that may be unacknowledged at once.</param>
internal sealed record LinkLimits(int BodyBytesMax, int WindowBytes, int WindowMessages);

/// <summary>Why a hello is refused, or a connection given up. The numbers are part of the protocol.</summary>
internal enum RefusalCode : byte
{
    /// <summary>The protocol versions differ.</summary>
    Version = 1,

    /// <summary>The name is not among this gateway's peers.</summary>
    UnknownPeer = 2,

    /// <summary>The hello was meant for another gateway.</summary>
    WrongName = 3,

    /// <summary>A newer connection of the same peer took the place of this one.</summary>
    Displaced = 4,

    /// <summary>The frames break the protocol.</summary>
    Protocol = 5,

    /// <summary>Nothing was heard on the connection for too long.</summary>
    Silent = 6,

    /// <summary>The certificate does not allow to speak for the name.</summary>
    NotAuthorised = 7,

    /// <summary>The store of the hello has another history than the one that is known here.</summary>
    Forked = 8,

    /// <summary>Another gateway is connected that runs on the same store, or on a copy of it.</summary>
    StoreTwice = 9,
}
