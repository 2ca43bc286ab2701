namespace Gateway.Store.Messages;

/// <summary>Why a message is no longer tried. The numbers are part of the store's format.</summary>
internal enum DeadLetterReason : byte
{
    /// <summary>Its expiry passed before it was delivered.</summary>
    Expired = 1,

    /// <summary>A consumer rejected it; the text is the consumer's.</summary>
    Rejected = 2,

    /// <summary>It was delivered the configured maximum of times and never completed.</summary>
    TooManyDeliveries = 3,

    /// <summary>The peer rejects it for good; the text is the peer's.</summary>
    RefusedByPeer = 4,

    /// <summary>An operator removed it from its queue; the text says why.</summary>
    Operator = 5,

    /// <summary>A conversation at an inlet ended within this frame; it was never offered to anybody.</summary>
    Incomplete = 6,

    /// <summary>A program has sent it, and no conversation is known to which it belongs.</summary>
    Unclaimed = 7,
}

/// <summary>A message kept, with the reason, until an operator acts.</summary>
/// <param name="Number">Its number among the store's dead letters.</param>
/// <param name="Queue">The queue it was in.</param>
/// <param name="MessageNumber">Its number in that queue.</param>
/// <param name="Group">The group that contains its bytes.</param>
/// <param name="SizeBytes">Their approximate number.</param>
internal sealed record DeadLetter(
    long Number,
    QueueId Queue,
    long MessageNumber,
    long Group,
    long SizeBytes,
    DeadLetterReason Reason,
    long AtUnixMs,
    string Text);

/// <summary>Dead letters of one queue with one reason.</summary>
internal sealed record DeadLetterGroup(
    QueueId Queue, DeadLetterReason Reason, long Messages, long Bytes, long FirstAtUnixMs, long LastAtUnixMs);
