using Gateway.Links;
using Gateway.Links.Causes;
using Gateway.Links.Protocol;
using Gateway.Store.Messages;
using Gateway.Store.Records;

namespace Gateway.Management;

/// <summary>The state of a running gateway.</summary>
internal sealed record GatewayState
{
    public required string Name { get; init; }

    public required Guid Incarnation { get; init; }

    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>The time of this state.</summary>
    public required DateTimeOffset Now { get; init; }

    public required IReadOnlyList<LinkSummary> Links { get; init; }

    /// <summary>
    /// Up to <see cref="QueueSurvey.ListedMax"/> queues: those with the most messages, and those that are paused, under an operation, or of
    /// an inlet or outlet.
    /// </summary>
    public required IReadOnlyList<QueueSummary> Queues { get; init; }

    /// <summary>The sum of all outgoing queues, listed or not.</summary>
    public required QueueSum Outgoing { get; init; }

    /// <summary>The sum of all inbound queues, listed or not.</summary>
    public required QueueSum Inbound { get; init; }

    /// <summary>The number of queues not among <see cref="Queues"/>.</summary>
    public int Unlisted => Math.Max(0, Outgoing.Queues + Inbound.Queues - Queues.Count);

    /// <summary>
    /// The longest time the loop was busy without a break in the last minute or two: a pause of this gateway, not of the network.
    /// </summary>
    public TimeSpan LongestTurn { get; init; }

    public required int DeadLetters { get; init; }

    /// <summary>Unreadable messages that were removed from their queues.</summary>
    public required long Damaged { get; init; }

    /// <summary>The bytes of all stored messages and dead letters.</summary>
    public required long StoredBytes { get; init; }

    /// <summary>The limit at which no more messages are accepted.</summary>
    public required long StoredBytesMax { get; init; }

    /// <summary>The free space on the disk, as of the last check.</summary>
    public required long FreeBytes { get; init; }

    /// <summary>The free space below which no messages are accepted.</summary>
    public required long FreeBytesMin { get; init; }

    /// <summary>The gateway accepts no more messages; stored ones are still delivered for a time.</summary>
    public bool IsStopping { get; init; }

    /// <summary>Why the disk keeps the store from accepting messages, and since when; null if it does not.</summary>
    public DiskObstacle? DiskObstacle { get; init; }

    /// <summary>
    /// Since when the store has answered nothing, as when its disk hangs; null while it answers. The figures of the store are then as they
    /// were before, or 0 if it was never asked.
    /// </summary>
    public DateTimeOffset? StoreStalledSince { get; init; }

    /// <summary>The state of a store's engine outside this process.</summary>
    public EngineStanding Engine { get; init; } = EngineStanding.Well;

    /// <summary>Hellos of applications with a token that is not known, since the start.</summary>
    public long ApplicationsRefused { get; init; }

    /// <summary>Counters of accepted, refused and cut connections, by name.</summary>
    public required IReadOnlyDictionary<string, long> Connections { get; init; }

    /// <summary>The inlets, by name.</summary>
    public IReadOnlyList<InletSummary> Inlets { get; init; } = [];

    /// <summary>The outlets, by name.</summary>
    public IReadOnlyList<OutletSummary> Outlets { get; init; } = [];

    /// <summary>The certificate presented to peers; null without TLS.</summary>
    public OwnCertificate? Certificate { get; init; }

    /// <summary>The configuration in the files, compared with the one in force.</summary>
    public ConfigurationStanding Configuration { get; init; } = ConfigurationStanding.AsStarted;
}

/// <summary>The sum of several queues.</summary>
internal sealed record QueueSum(int Queues, long Messages, long Bytes);

/// <summary>One peer, the link to it, and the messages waiting for it.</summary>
internal sealed record LinkSummary
{
    public required LinkStatus Status { get; init; }

    /// <summary>A warning beside the cause; empty if there is none.</summary>
    public string Warning { get; init; } = "";

    /// <summary>The best candidate for the cause of an unhealthy link, if it differs from the cause; otherwise null.</summary>
    public LinkCause? Likeliest { get; init; }

    /// <summary>The number of queues whose messages go over this link.</summary>
    public int Queues { get; init; }

    public required long Messages { get; init; }

    public required long Bytes { get; init; }

    /// <summary>The time at which the oldest waiting message was accepted; null if there is none, or it is not known yet.</summary>
    public DateTimeOffset? OldestAt { get; init; }

    /// <summary>Messages per second acknowledged by the peer over the last seconds.</summary>
    public double SentPerSecond { get; init; }

    public Pause? Pause { get; init; }
}

/// <summary>One queue.</summary>
internal sealed record QueueSummary
{
    public required QueueId Id { get; init; }

    /// <summary>The time of this state.</summary>
    public DateTimeOffset At { get; init; }

    public required long Messages { get; init; }

    public required long Bytes { get; init; }

    /// <summary>The number of the first message; of the next message to come if the queue is empty.</summary>
    public required long Head { get; init; }

    /// <summary>The last number assigned.</summary>
    public required long Tail { get; init; }

    /// <summary>The number after which the queue began: a queue of the same name may have been forgotten before.</summary>
    public long MadeAfter { get; init; }

    /// <summary>
    /// The time at which the first gateway accepted the first message; null if the queue is empty, or it is not known yet.
    /// </summary>
    public DateTimeOffset? OldestAt { get; init; }

    public double StoredPerSecond { get; init; }

    /// <summary>Messages that left the queue, per second, over the last seconds.</summary>
    public double RemovedPerSecond { get; init; }

    public Pause? Pause { get; init; }

    /// <summary>The running operation that holds the queue; null if there is none.</summary>
    public Guid? Operation { get; init; }

    /// <summary>The queue rejects another message of the mean size until some have left it.</summary>
    public bool IsFull { get; init; }
}

/// <summary>Selects the queues of a listing.</summary>
/// <param name="Kind">Null for both kinds.</param>
/// <param name="Peer">Only the outgoing queues of this peer; null for all.</param>
/// <param name="Part">Only queues whose name contains this text; null for all.</param>
/// <param name="IsEmptyLeftOut">Only queues that hold messages.</param>
internal sealed record QueueFilter(QueueKind? Kind = null, string? Peer = null, string? Part = null, bool IsEmptyLeftOut = false)
{
    public bool Matches(QueueId queue, long messages) =>
        (Kind is null || queue.Kind == Kind)
        && (Peer is null || (queue.Kind == QueueKind.Outgoing && queue.Peer == Peer))
        && (Part is null || queue.Name.Contains(Part, StringComparison.OrdinalIgnoreCase))
        && (!IsEmptyLeftOut || messages > 0);
}

/// <summary>One page of the queues.</summary>
/// <param name="Queues">May be empty before the end.</param>
/// <param name="LookedUpTo">The position after which the next page begins.</param>
/// <param name="IsEnd">There are no more queues.</param>
internal sealed record QueuePage(IReadOnlyList<QueueSummary> Queues, long LookedUpTo, bool IsEnd);

/// <summary>An operator's order to send nothing.</summary>
internal sealed record Pause(DateTimeOffset At, string Who, string Why)
{
    /// <summary>A clause for people.</summary>
    public override string ToString() => $"paused by {Who} at {Figures.Time(At)}{(Why.Length > 0 ? $": {Why}" : "")}";
}

/// <summary>The details of one link.</summary>
internal sealed record LinkDetails
{
    public required LinkSummary Summary { get; init; }

    /// <summary>The time of this state.</summary>
    public required DateTimeOffset Now { get; init; }

    /// <summary>Whether the configuration allows drills.</summary>
    public bool IsDrillAllowed { get; init; }

    /// <summary>The causes that fit the observations, likeliest first.</summary>
    public required IReadOnlyList<LinkCandidate> Candidates { get; init; }

    public required IReadOnlyList<LinkPattern> Patterns { get; init; }

    /// <summary>Messages sent on an ended connection, while it is unknown whether they arrived.</summary>
    public required IReadOnlyList<InDoubt> InDoubt { get; init; }

    /// <summary>Oldest first.</summary>
    public required IReadOnlyList<LinkChange> History { get; init; }

    /// <summary>The link's queues among those listed in the state; <see cref="LinkSummary.Queues"/> is their total number.</summary>
    public required IReadOnlyList<QueueSummary> Queues { get; init; }
}

/// <summary>A message with its body.</summary>
/// <param name="Message">Null if its group is unreadable.</param>
/// <param name="DeadLetter">Null for a message of a queue.</param>
internal sealed record FoundMessage(StoredMessage? Message, DeadLetter? DeadLetter);

/// <summary>One step of a message's history.</summary>
/// <param name="At">Null if the step is known but not its time.</param>
/// <param name="Step">
/// <c>accepted</c>, <c>stored</c>, <c>waiting</c>, <c>sent</c>, <c>in-doubt</c>, <c>delivered</c>, <c>returned</c> or <c>dead-lettered</c>.
/// </param>
/// <param name="Text">A sentence.</param>
internal sealed record TraceStep(DateTimeOffset? At, string Step, string Text);

/// <summary>A message's history so far.</summary>
/// <param name="Sent">
/// The number of times it was given to a connection with the peer since the gateway started; null for a message bound for no peer. Beyond
/// <see cref="SentRuns.Max"/> times the true number may be higher.
/// </param>
internal sealed record MessageTrace(StoredMessage? Message, DeadLetter? DeadLetter, IReadOnlyList<TraceStep> Steps, int? Sent = null);

/// <summary>An operator's act.</summary>
/// <param name="Id">The same for the beginning and the end of an operation, of which only the end is shown once it is there.</param>
/// <param name="Action">
/// For example <c>pause</c>, <c>resume</c>, <c>retry</c>, <c>purge</c>, <c>dead-letter</c>, <c>redirect</c>, <c>return</c>, <c>cancel</c>,
/// <c>drill</c>, <c>reload</c>.
/// </param>
/// <param name="About">The queue or the peer.</param>
/// <param name="Messages">The number of messages concerned.</param>
/// <param name="Text">Further details, for people.</param>
internal sealed record AuditEntry(Guid Id, DateTimeOffset At, string Who, string Action, string About, long Messages, string Text);

/// <summary>An event that has just happened.</summary>
/// <param name="Number">Rises by one per event within a run; other runs have other numbers.</param>
/// <param name="Kind">
/// <c>link</c>, <c>outlet</c>, <c>operation</c> or <c>audit</c>; for an individual reader also <see cref="BeginningKind"/> and
/// <see cref="MissedKind"/>.
/// </param>
/// <param name="About">The peer or the queue.</param>
/// <param name="Missed">The number of events this one stands for; null if unknown.</param>
internal sealed record GatewayEvent(long Number, DateTimeOffset At, string Kind, string About, string Text, long? Missed = null)
{
    /// <summary>No event, but tells the reader its position.</summary>
    public const string BeginningKind = "alive";

    /// <summary>Stands for events no longer kept.</summary>
    public const string MissedKind = "missed";
}
