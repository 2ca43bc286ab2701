using Gateway.Links.Causes;
using Gateway.Links.Protocol;

namespace Gateway.Tcp;

/// <summary>The status of one outlet, for people. A snapshot; counters are since the start of the gateway, or of the outlet.</summary>
internal sealed record OutletStatus(
    OutletSettings Settings, LinkState State, LinkCause Cause, DateTimeOffset Since, string Evidence, string Advice)
{
    /// <summary>
    /// The cause, with its evidence, is that of the last interruption: the outlet is up, and nothing of it lasts. Shown as such, and not
    /// as the cause of the present state.
    /// </summary>
    public bool IsCauseOver => State == LinkState.Up && Fruitless < FruitlessMax
        && Cause is not (LinkCause.None or LinkCause.PeerStuck or LinkCause.PeerRefuses or LinkCause.LocalDisk or LinkCause.LocalQuota);

    /// <summary>The cause of the present state.</summary>
    public LinkCause PresentCause => IsCauseOver ? LinkCause.None : Cause;

    /// <summary>Messages pass, or would if there were any.</summary>
    public bool IsWell => State == LinkState.Up && PresentCause == LinkCause.None;

    /// <summary>So many fruitless connections in a row are told as a cause that lasts.</summary>
    public const int FruitlessMax = 3;

    /// <summary>
    /// The connections in a row that ended with messages sent on them and not delivered, none of which delivered anything while it stood.
    /// </summary>
    public int Fruitless { get; init; }

    /// <summary>Messages completed, and their bytes.</summary>
    public long Delivered { get; init; }

    public long Bytes { get; init; }

    /// <summary>Messages sent and not completed.</summary>
    public int UnderWay { get; init; }

    /// <summary>
    /// The messages with which its open streams have begun: they stay in the queue for as long as these, and wait for nothing.
    /// </summary>
    public int OpenStreams { get; init; }

    /// <summary>
    /// When the oldest message was accepted that belongs to its streams and waits to be delivered; null if there is none.
    /// </summary>
    public DateTimeOffset? OldestOfStreams { get; init; }

    /// <summary>Messages sent again after the end of a connection: the target may not have had them.</summary>
    public long SentAgain { get; init; }

    /// <summary>Of these, those whose bytes were acknowledged: the program may have seen them.</summary>
    public long PossiblySeenTwice { get; init; }

    /// <summary>Messages that the target refused; each refusal counts.</summary>
    public long Refused { get; init; }

    /// <summary>Frames from the target, and their bytes.</summary>
    public long Replies { get; init; }

    public long ReplyBytes { get; init; }

    /// <summary>Replies for which no conversation was known.</summary>
    public long Unclaimed { get; init; }

    /// <summary>
    /// The program that listens on the target's port, if it is on this host and can be seen. Empty otherwise, and while it is down.
    /// </summary>
    public string Program { get; init; } = "";

    /// <summary>The open connections, the latest first; not more than <see cref="InletStatus.ConversationsMax"/> of them.</summary>
    public IReadOnlyList<ConversationStatus> Connections { get; init; } = [];

    /// <summary>The number of open connections.</summary>
    public int Open { get; init; }

    /// <summary>The changes of its state, oldest first, as of a link.</summary>
    public IReadOnlyCollection<LinkChange> History { get; init; } = [];
}
