using Gateway.Management;
using Gateway.Store.Messages;

namespace Gateway.Http.Views;

internal enum QueueCondition
{
    /// <summary>Messages leave the queue as soon as possible.</summary>
    Open,

    /// <summary>An operator has paused the queue.</summary>
    Paused,

    /// <summary>An operation is working on the queue.</summary>
    Held,

    /// <summary>Messages leave the queue as soon as possible; until some have left, it rejects another of their mean size.</summary>
    Full,
}

/// <summary>One queue.</summary>
internal sealed record QueueView
{
    public required QueueKind Kind { get; init; }

    /// <summary>The queue's name; <c>queue@peer</c> for an outgoing queue.</summary>
    public required string Name { get; init; }

    /// <summary>The peer of an outgoing queue.</summary>
    public string? Peer { get; init; }

    public required QueueCondition State { get; init; }

    /// <summary>The queue rejects another message of the mean size until some have left it, whatever its state.</summary>
    public bool IsFull { get; init; }

    public required long Messages { get; init; }

    public required long Bytes { get; init; }

    /// <summary>The number of the first message in the queue; of the next one to arrive if it is empty.</summary>
    public required long Head { get; init; }

    /// <summary>The last number assigned.</summary>
    public required long Tail { get; init; }

    public DateTimeOffset? OldestAt { get; init; }

    public double? OldestAgeSeconds { get; init; }

    public required double StoredPerSecond { get; init; }

    public required double RemovedPerSecond { get; init; }

    public PauseView? Pause { get; init; }

    /// <summary>The operation working on the queue.</summary>
    public Guid? Operation { get; init; }

    public static QueueView Of(QueueSummary queue, DateTimeOffset now) => new()
    {
        Kind = queue.Id.Kind,
        Name = queue.Id.Name,
        Peer = queue.Id.Kind == QueueKind.Outgoing ? queue.Id.Peer : null,
        State = queue switch
        {
            { Operation: not null } => QueueCondition.Held,
            { Pause: not null } => QueueCondition.Paused,
            { IsFull: true } => QueueCondition.Full,
            _ => QueueCondition.Open,
        },
        IsFull = queue.IsFull,
        Messages = queue.Messages,
        Bytes = queue.Bytes,
        Head = queue.Head,
        Tail = queue.Tail,
        OldestAt = queue.OldestAt?.ToUniversalTime(),
        OldestAgeSeconds = LinkView.Age(queue.OldestAt, now),
        StoredPerSecond = queue.StoredPerSecond,
        RemovedPerSecond = queue.RemovedPerSecond,
        Pause = PauseView.Of(queue.Pause),
        Operation = queue.Operation,
    };
}

/// <summary>A page of queues, in order of creation.</summary>
/// <param name="Queues">May be empty although it is not the last page.</param>
/// <param name="Next">The value of <c>after</c> for the next page; null at the end.</param>
internal sealed record QueuesPage(IReadOnlyList<QueueView> Queues, long? Next);

/// <summary>Names a queue.</summary>
internal sealed record QueueName(QueueKind Kind, string Name)
{
    public static QueueName Of(QueueId queue) => new(queue.Kind, queue.Name);
}
