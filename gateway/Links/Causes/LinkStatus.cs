using Gateway.Links.Protocol;

namespace Gateway.Links.Causes;

internal enum LinkState
{
    /// <summary>A connection is being made, or its hello is unanswered.</summary>
    Connecting,

    /// <summary>Messages flow.</summary>
    Up,

    /// <summary>There is no connection; the next attempt waits for its time.</summary>
    Down,

    /// <summary>There is no connection, and none is made until an operator resumes the link.</summary>
    Paused,
}

/// <summary>The status of one link, for people: state, cause, since when, evidence and advice.</summary>
internal sealed record LinkStatus(string Peer, LinkState State, LinkCause Cause, DateTimeOffset Since, string Evidence, string Advice)
{
    /// <summary>
    /// The number of successive connections that ended without an answer to any message sent on them; reset by an answer.
    /// </summary>
    public int Fruitless { get; init; }

    /// <summary>So many connections ended within five minutes, if they are more than a link that is well has; otherwise 0.</summary>
    public int Flaps { get; init; }

    /// <summary>The link is up, but it flaps, or the peer does not take what is sent, or there are two of it.</summary>
    public bool IsHindered { get; init; }

    /// <summary>
    /// The link is up, and not just for a moment between two connections that achieve nothing, and the peer takes what is sent.
    /// </summary>
    public bool IsWell => State == LinkState.Up && Fruitless == 0 && !IsHindered;

    /// <summary>
    /// The cause, with its evidence, is that of the last interruption: the link is up, and nothing of it lasts. Shown as such, and not as
    /// the cause of the present state.
    /// </summary>
    public bool IsCauseOver => IsWell
        && Cause is not (LinkCause.None or LinkCause.LocalQuota or LinkCause.LocalDisk or LinkCause.DuplicateName);

    /// <summary>The cause of the present state.</summary>
    public LinkCause PresentCause => IsCauseOver ? LinkCause.None : Cause;
}
