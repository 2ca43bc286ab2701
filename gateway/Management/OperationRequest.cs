using Gateway.Store.Browsing;
using Gateway.Store.Messages;

namespace Gateway.Management;

/// <summary>The kinds of operations on waiting messages.</summary>
internal enum OperationKind
{
    /// <summary>Removes messages from a queue or from the dead letters.</summary>
    Purge,

    /// <summary>Moves messages from their queue to the dead letters.</summary>
    DeadLetter,

    /// <summary>Moves messages to the end of another queue, in order.</summary>
    Redirect,

    /// <summary>Moves dead letters to the end of the queue they came from, or of another one; removes an expiry that has passed.</summary>
    Return,
}

/// <summary>An operation on the messages of one queue, or on dead letters.</summary>
internal sealed record OperationRequest
{
    public required OperationKind Kind { get; init; }

    /// <summary>Null for the dead letters.</summary>
    public QueueId? Queue { get; init; }

    /// <summary>Only this message; null for all that match the filter.</summary>
    public long? Number { get; init; }

    public BrowseFilter Filter { get; init; } = BrowseFilter.All;

    /// <summary>
    /// The destination, as an application writes it: for <see cref="OperationKind.Redirect"/>, and for <see cref="OperationKind.Return"/>
    /// if not to the original queue.
    /// </summary>
    public string Destination { get; init; } = "";

    /// <summary>
    /// Includes messages that were sent and not acknowledged. They may have arrived, so a redirected one may then exist twice.
    /// </summary>
    public bool IncludeInDoubt { get; init; }

    /// <summary>The operator's reason; kept with dead letters and in the audit trail.</summary>
    public string Why { get; init; } = "";
}

internal enum OperationState
{
    Running,
    Done,
    Cancelled,

    /// <summary>The operation could not continue; <see cref="OperationStatus.Text"/> says why. Completed work stays.</summary>
    Failed,
}

/// <summary>The status of an operation.</summary>
internal sealed record OperationStatus
{
    public required Guid Id { get; init; }

    public required OperationRequest Request { get; init; }

    public required string Who { get; init; }

    public required DateTimeOffset StartedAt { get; init; }

    public DateTimeOffset? EndedAt { get; init; }

    public OperationState State { get; init; }

    /// <summary>The messages to go through, as counted at the start.</summary>
    public required long Total { get; init; }

    /// <summary>The approximate number of messages examined.</summary>
    public long Scanned { get; init; }

    /// <summary>The number of messages changed.</summary>
    public long Changed { get; init; }

    /// <summary>The number of matching messages left alone because they may have arrived, or a consumer holds them.</summary>
    public long Left { get; init; }

    /// <summary>Further details, for people.</summary>
    public string Text { get; init; } = "";
}
