using Gateway.Store;
using Gateway.Store.Browsing;

namespace Gateway.Management;

/// <summary>What can be done to messages that wait.</summary>
internal enum OperationKind
{
    /// <summary>They are removed, from a queue or from the dead letters.</summary>
    Purge,

    /// <summary>They leave their queue for the dead letters.</summary>
    DeadLetter,

    /// <summary>They go to another queue, at its end, in order.</summary>
    Redirect,

    /// <summary>
    /// Dead letters go back to the queue they came from, at its end, or to another one; an expiry that has passed is taken off.
    /// </summary>
    Return,
}

/// <summary>An act on the messages of one queue, or on dead letters.</summary>
internal sealed record OperationRequest
{
    public required OperationKind Kind { get; init; }

    /// <summary>Null for the dead letters.</summary>
    public QueueId? Queue { get; init; }

    /// <summary>Only this one; null for all that the filter lets pass.</summary>
    public long? Number { get; init; }

    public BrowseFilter Filter { get; init; } = BrowseFilter.All;

    /// <summary>
    /// Where they go; for <see cref="OperationKind.Redirect"/>, and for <see cref="OperationKind.Return"/> if not to where they came from.
    /// As an application writes it.
    /// </summary>
    public string Destination { get; init; } = "";

    /// <summary>
    /// Also those that were sent and not acknowledged, though they may have arrived: what is then redirected may be there twice.
    /// </summary>
    public bool IncludeInDoubt { get; init; }

    /// <summary>Why, in the operator's words; kept with dead letters and in the audit trail.</summary>
    public string Why { get; init; } = "";
}

internal enum OperationState
{
    Running,
    Done,
    Cancelled,

    /// <summary>It could not go on; <see cref="OperationStatus.Text"/> says why. What it did stays done.</summary>
    Failed,
}

/// <summary>How an operation stands.</summary>
internal sealed record OperationStatus
{
    public required Guid Id { get; init; }

    public required OperationRequest Request { get; init; }

    public required string Who { get; init; }

    public required DateTimeOffset StartedAt { get; init; }

    public DateTimeOffset? EndedAt { get; init; }

    public OperationState State { get; init; }

    /// <summary>Messages that it goes through, as counted when it began.</summary>
    public required long Total { get; init; }

    /// <summary>About how many of them it has looked at.</summary>
    public long Scanned { get; init; }

    /// <summary>So many it has done its work on.</summary>
    public long Changed { get; init; }

    /// <summary>So many matched and were left alone, since they may have arrived, or a consumer has them.</summary>
    public long Left { get; init; }

    /// <summary>What there is to say.</summary>
    public string Text { get; init; } = "";
}
