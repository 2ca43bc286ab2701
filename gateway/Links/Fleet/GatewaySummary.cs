using Gateway.Links.Causes;
using Gateway.Links.Protocol;
using Gateway.Store.Messages;

namespace Gateway.Links.Fleet;

/// <summary>
/// The state of a gateway as it tells it to a peer: bounded, however much it holds. PROTOCOL.md has the byte table. Immutable.
/// </summary>
internal sealed record GatewaySummary
{
    /// <summary>The longest version, in UTF-8 bytes; a longer one is cut when written and rejected when read.</summary>
    public const int VersionBytesMax = 64;

    /// <summary>The links named in one summary.</summary>
    public const int LinksMax = 16;

    /// <summary>The queues named in one summary.</summary>
    public const int QueuesMax = 6;

    /// <summary>The findings in one summary.</summary>
    public const int FindingsMax = 6;

    /// <summary>The longest text of a finding, in UTF-8 bytes; a longer one is cut when written and rejected when read.</summary>
    public const int TextBytesMax = 160;

    /// <summary>The highest count or size, so that sums of a whole fleet stay numbers.</summary>
    public const long NumberMax = 1L << 53;

    /// <summary>The summary of a gateway that tells nothing of itself.</summary>
    public static GatewaySummary None { get; } = new() { Share = FleetShare.Nothing };

    /// <summary>What it contains.</summary>
    public required FleetShare Share { get; init; }

    /// <summary>The version of the program.</summary>
    public string Version { get; init; } = "";

    /// <summary>When this run of the gateway began.</summary>
    public long StartedUnixMs { get; init; }

    /// <summary>The age of the summary when it was sent.</summary>
    public long AgeMs { get; init; }

    /// <summary>The worst of its findings.</summary>
    public Condition Condition { get; init; }

    /// <summary>The number of findings that weigh as errors.</summary>
    public int Errors { get; init; }

    /// <summary>The number of those that weigh as warnings.</summary>
    public int Warnings { get; init; }

    /// <summary>What waits for peers.</summary>
    public WaitingSum Outgoing { get; init; }

    /// <summary>What waits for consumers.</summary>
    public WaitingSum Inbound { get; init; }

    public long DeadLetters { get; init; }

    /// <summary>Messages that could not be read.</summary>
    public long Damaged { get; init; }

    /// <summary>The bytes of all stored messages and dead letters.</summary>
    public long StoredBytes { get; init; }

    /// <summary>The limit of the stored bytes.</summary>
    public long StoredBytesMax { get; init; }

    /// <summary>The free space on the disk of the store.</summary>
    public long FreeBytes { get; init; }

    /// <summary>The free space below which no messages are accepted.</summary>
    public long FreeBytesMin { get; init; }

    /// <summary>The end of the validity of its certificate for links; 0 without TLS.</summary>
    public long CertificateUnixMs { get; init; }

    /// <summary>The number of its links.</summary>
    public int Links { get; init; }

    /// <summary>Of these, the links that are up.</summary>
    public int LinksUp { get; init; }

    /// <summary>Its own link to the asking peer; null if it has none.</summary>
    public LinkGlance? Back { get; init; }

    /// <summary>Its worst links; empty unless everything is shared.</summary>
    public IReadOnlyList<LinkGlance> Peers { get; init; } = [];

    /// <summary>The queues with the most messages; empty unless everything is shared.</summary>
    public IReadOnlyList<QueueGlance> Queues { get; init; } = [];

    /// <summary>Its findings, the worst first; empty unless everything is shared.</summary>
    public IReadOnlyList<FindingGlance> Findings { get; init; } = [];
}

/// <summary>The messages that wait in some queues.</summary>
/// <param name="OldestMs">The age of the oldest; null if none waits, or it is not known.</param>
internal readonly record struct WaitingSum(long Messages, long Bytes, long? OldestMs);

/// <summary>One link of the gateway that tells.</summary>
internal sealed record LinkGlance(string Peer, LinkState State, LinkCause Cause, WaitingSum Waiting);

/// <summary>One queue of the gateway that tells.</summary>
/// <param name="Name">As <c>queue@peer</c> for an outgoing queue.</param>
internal sealed record QueueGlance(QueueKind Kind, string Name, WaitingSum Waiting);

/// <summary>A finding of the gateway that tells, in its own words.</summary>
internal sealed record FindingGlance(Condition Condition, string Text);
