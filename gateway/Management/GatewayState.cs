using Gateway.Links;
using Gateway.Store;

namespace Gateway.Management;

/// <summary>A running gateway at one glance.</summary>
internal sealed record GatewayState
{
    public required string Name { get; init; }

    public required Guid Incarnation { get; init; }

    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>When this was so.</summary>
    public required DateTimeOffset Now { get; init; }

    public required IReadOnlyList<LinkSummary> Links { get; init; }

    /// <summary>Up to <see cref="QueueSurvey.ListedMax"/> of them: those that hold most, and those that are paused or worked on.</summary>
    public required IReadOnlyList<QueueSummary> Queues { get; init; }

    /// <summary>All outgoing queues, listed or not.</summary>
    public required QueueSum Outgoing { get; init; }

    /// <summary>All inbound queues.</summary>
    public required QueueSum Inbound { get; init; }

    /// <summary>Queues that are not among <see cref="Queues"/>.</summary>
    public int Unlisted => Math.Max(0, Outgoing.Queues + Inbound.Queues - Queues.Count);

    /// <summary>
    /// How long the loop was busy in one go, at most, in the last minute or two: a pause of this gateway, and not of the network.
    /// </summary>
    public TimeSpan LongestTurn { get; init; }

    public required int DeadLetters { get; init; }

    /// <summary>Messages that were taken out of their queues because they could not be read.</summary>
    public required long Damaged { get; init; }

    /// <summary>Bytes of messages and dead letters that are kept.</summary>
    public required long StoredBytes { get; init; }

    /// <summary>From so many on no messages are taken.</summary>
    public required long StoredBytesMax { get; init; }

    /// <summary>What the disk has left, as far as it was looked at.</summary>
    public required long FreeBytes { get; init; }

    /// <summary>With less than so much left no messages are taken.</summary>
    public required long FreeBytesMin { get; init; }

    /// <summary>Takes nothing more in; what is stored drains for a time.</summary>
    public bool IsStopping { get; init; }

    /// <summary>Why the disk keeps the store from taking messages, and since when; null if it does not.</summary>
    public DiskObstacle? DiskObstacle { get; init; }

    /// <summary>Counters of the connections that were taken, refused and cut, by name.</summary>
    public required IReadOnlyDictionary<string, long> Connections { get; init; }

    /// <summary>What peers are shown; null without TLS.</summary>
    public OwnCertificate? Certificate { get; init; }
}

/// <summary>Queues added up.</summary>
internal sealed record QueueSum(int Queues, long Messages, long Bytes);

/// <summary>One peer, the link to it, and what waits for it.</summary>
internal sealed record LinkSummary
{
    public required LinkStatus Status { get; init; }

    /// <summary>Something to know beside the cause; empty if there is nothing.</summary>
    public string Warning { get; init; } = "";

    /// <summary>Of a link that is not well, the candidate that fits best, if that is another one than the cause; else null.</summary>
    public LinkCause? Likeliest { get; init; }

    /// <summary>Queues whose messages go over it.</summary>
    public int Queues { get; init; }

    public required long Messages { get; init; }

    public required long Bytes { get; init; }

    /// <summary>When the oldest of them was accepted; null when there is none, or nobody has looked yet.</summary>
    public DateTimeOffset? OldestAt { get; init; }

    /// <summary>Messages a second that the peer acknowledged, over the last seconds.</summary>
    public double SentPerSecond { get; init; }

    public Pause? Pause { get; init; }
}

/// <summary>One queue.</summary>
internal sealed record QueueSummary
{
    public required QueueId Id { get; init; }

    /// <summary>When this was so.</summary>
    public DateTimeOffset At { get; init; }

    public required long Messages { get; init; }

    public required long Bytes { get; init; }

    /// <summary>The number of the first message in it; of the next one to come when it is empty.</summary>
    public required long Head { get; init; }

    /// <summary>The last number given.</summary>
    public required long Tail { get; init; }

    /// <summary>The number that it began after: a queue of that name may have been forgotten before.</summary>
    public long MadeAfter { get; init; }

    /// <summary>When its first message was accepted by the first gateway; null when it is empty, or nobody has looked yet.</summary>
    public DateTimeOffset? OldestAt { get; init; }

    public double StoredPerSecond { get; init; }

    /// <summary>How many left it a second, over the last seconds.</summary>
    public double RemovedPerSecond { get; init; }

    public Pause? Pause { get; init; }

    /// <summary>A running operation that holds it; null if there is none.</summary>
    public Guid? Operation { get; init; }
}

/// <summary>Which queues a listing shows.</summary>
/// <param name="Kind">Null for both.</param>
/// <param name="Peer">Only the outgoing ones of this peer; null for all.</param>
/// <param name="Part">Only those whose name has it; null for all.</param>
/// <param name="IsEmptyLeftOut">Only those that hold messages.</param>
internal sealed record QueueFilter(QueueKind? Kind = null, string? Peer = null, string? Part = null, bool IsEmptyLeftOut = false)
{
    public bool Matches(QueueId queue, long messages) =>
        (Kind is null || queue.Kind == Kind)
        && (Peer is null || (queue.Kind == QueueKind.Outgoing && queue.Peer == Peer))
        && (Part is null || queue.Name.Contains(Part, StringComparison.OrdinalIgnoreCase))
        && (!IsEmptyLeftOut || messages > 0);
}

/// <summary>A bounded part of the queues.</summary>
/// <param name="Queues">May be none though it is not the end.</param>
/// <param name="LookedUpTo">Whoever wants more asks again, after this place.</param>
/// <param name="IsEnd">There are no more.</param>
internal sealed record QueuePage(IReadOnlyList<QueueSummary> Queues, long LookedUpTo, bool IsEnd);

/// <summary>An operator's word that nothing is to go out.</summary>
internal sealed record Pause(DateTimeOffset At, string Who, string Why);

/// <summary>One link in full.</summary>
internal sealed record LinkDetails
{
    public required LinkSummary Summary { get; init; }

    /// <summary>When this was so.</summary>
    public required DateTimeOffset Now { get; init; }

    /// <summary>Whether the configuration allows drills.</summary>
    public bool IsDrillAllowed { get; init; }

    /// <summary>Causes that fit what was seen, the likeliest first.</summary>
    public required IReadOnlyList<LinkCandidate> Candidates { get; init; }

    public required IReadOnlyList<LinkPattern> Patterns { get; init; }

    /// <summary>What was sent on a connection that ended, as long as nobody knows whether it arrived.</summary>
    public required IReadOnlyList<InDoubt> InDoubt { get; init; }

    /// <summary>Oldest first.</summary>
    public required IReadOnlyList<LinkChange> History { get; init; }

    /// <summary>
    /// Of the queues whose messages go over it those that the state lists; <see cref="LinkSummary.Queues"/> is how many there are.
    /// </summary>
    public required IReadOnlyList<QueueSummary> Queues { get; init; }
}

/// <summary>A message with its body.</summary>
/// <param name="Message">Null when its group cannot be read.</param>
/// <param name="DeadLetter">Null for a message of a queue.</param>
internal sealed record FoundMessage(StoredMessage? Message, DeadLetter? DeadLetter);

/// <summary>One step of a message's way.</summary>
/// <param name="At">Null when it is known that it was, and not when.</param>
/// <param name="Step"><c>accepted</c>, <c>stored</c>, <c>waiting</c>, <c>sent</c>, <c>in-doubt</c>, <c>delivered</c>, <c>returned</c> or
/// <c>dead-lettered</c>.</param>
/// <param name="Text">A sentence.</param>
internal sealed record TraceStep(DateTimeOffset? At, string Step, string Text);

/// <summary>A message's way so far.</summary>
/// <param name="Sent">How often it was given to a connection with the peer since the gateway started; null for what goes to no peer. After
/// more than <see cref="SentRuns.Max"/> times it may be more.</param>
internal sealed record MessageTrace(StoredMessage? Message, DeadLetter? DeadLetter, IReadOnlyList<TraceStep> Steps, int? Sent = null);

/// <summary>What an operator did.</summary>
/// <param name="Id">The same for the beginning and the end of one operation; of those the later one is kept.</param>
/// <param name="Action">As <c>pause</c>, <c>resume</c>, <c>retry</c>, <c>purge</c>, <c>dead-letter</c>, <c>redirect</c>, <c>return</c>,
/// <c>cancel</c>, <c>drill</c>.</param>
/// <param name="About">The queue or the peer.</param>
/// <param name="Messages">How many it concerned.</param>
/// <param name="Text">The rest, in words.</param>
internal sealed record AuditEntry(Guid Id, DateTimeOffset At, string Who, string Action, string About, long Messages, string Text);

/// <summary>Something that has just happened.</summary>
/// <param name="Number">One more each, within one run; other runs have other numbers.</param>
/// <param name="Kind"><c>link</c>, <c>operation</c> or <c>audit</c>; to one reader alone <see cref="BeginningKind"/> and
/// <see cref="MissedKind"/>.</param>
/// <param name="About">The peer, or the queue.</param>
/// <param name="Missed">In place of so many events; null when nobody knows of how many.</param>
internal sealed record GatewayEvent(long Number, DateTimeOffset At, string Kind, string About, string Text, long? Missed = null)
{
    /// <summary>Nothing has happened: the reader is told where it stands.</summary>
    public const string BeginningKind = "alive";

    /// <summary>Stands for events that are not kept any more.</summary>
    public const string MissedKind = "missed";
}
