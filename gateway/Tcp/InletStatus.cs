using Gateway.Links.Causes;
using Gateway.Links.Protocol;

namespace Gateway.Tcp;

/// <summary>The status of one inlet, for people. A snapshot; counters are since the start of the gateway, or of the inlet.</summary>
/// <param name="State"><see cref="LinkState.Up"/> while it listens.</param>
/// <param name="Cause">Why it does not listen, or why it holds programs back.</param>
internal sealed record InletStatus(
    InletSettings Settings, LinkState State, LinkCause Cause, DateTimeOffset Since, string Evidence, string Advice)
{
    /// <summary>It listens, and holds no program back.</summary>
    public bool IsWell => State == LinkState.Up && Cause == LinkCause.None;

    /// <summary>The address listened on, with the port that the system chose.</summary>
    public string Address { get; init; } = "";

    public long Frames { get; init; }

    public long Bytes { get; init; }

    /// <summary>Frames written to programs: replies of the far program. Answers of the inlet itself are not counted.</summary>
    public long Replies { get; init; }

    public long ReplyBytes { get; init; }

    /// <summary>Conversations that ended within a frame; the piece is a dead letter.</summary>
    public long Incomplete { get; init; }

    /// <summary>Conversations ended because their bytes were no frame.</summary>
    public long NotFrames { get; init; }

    /// <summary>Replies that found no conversation.</summary>
    public long Unclaimed { get; init; }

    /// <summary>Conversations since the start.</summary>
    public long Accepted { get; init; }

    /// <summary>Connections closed on arrival, for lack of a place.</summary>
    public long Refused { get; init; }

    /// <summary>The changes of its state and unintended ends of conversations, oldest first, as of a link.</summary>
    public IReadOnlyCollection<LinkChange> History { get; init; } = [];

    /// <summary>The open conversations, the latest first; not more than <see cref="ConversationsMax"/> of them.</summary>
    public IReadOnlyList<ConversationStatus> Conversations { get; init; } = [];

    /// <summary>The number of open conversations.</summary>
    public int Open { get; init; }

    public const int ConversationsMax = 100;
}

/// <summary>One connection of a program: to an inlet, or made by an outlet.</summary>
/// <param name="Id">The conversation; empty for an outlet's connection that serves all.</param>
/// <param name="Remote">The program's address and port.</param>
/// <param name="Cause">Why it does not go on at the moment; <see cref="LinkCause.None"/> if it does.</param>
internal sealed record ConversationStatus(string Id, string Remote, DateTimeOffset Since, LinkCause Cause, string Evidence)
{
    public long FramesIn { get; init; }

    public long BytesIn { get; init; }

    public long FramesOut { get; init; }

    public long BytesOut { get; init; }
}
