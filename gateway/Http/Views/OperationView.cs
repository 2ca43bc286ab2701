using Gateway.Management;

namespace Gateway.Http.Views;

/// <summary>The progress of an operation.</summary>
internal sealed record OperationView
{
    public required Guid Id { get; init; }

    public required OperationKind Kind { get; init; }

    public required OperationState State { get; init; }

    /// <summary>Null for the dead letters.</summary>
    public QueueName? Queue { get; init; }

    /// <summary>The number of the only message concerned; null for all that match the filter.</summary>
    public long? Number { get; init; }

    /// <summary>The destination of the messages.</summary>
    public string? Destination { get; init; }

    public required string Who { get; init; }

    public required string Why { get; init; }

    public required DateTimeOffset StartedAt { get; init; }

    public DateTimeOffset? EndedAt { get; init; }

    /// <summary>The number of messages to go through, counted at the start.</summary>
    public required long Total { get; init; }

    /// <summary>The approximate number of messages examined.</summary>
    public required long Scanned { get; init; }

    /// <summary>The number of messages changed.</summary>
    public required long Changed { get; init; }

    /// <summary>Matching messages left alone because they may have arrived, or because a consumer holds them.</summary>
    public required long Left { get; init; }

    public required string Text { get; init; }

    public static OperationView Of(OperationStatus status) => new()
    {
        Id = status.Id,
        Kind = status.Request.Kind,
        State = status.State,
        Queue = status.Request.Queue is { } queue ? QueueName.Of(queue) : null,
        Number = status.Request.Number,
        Destination = status.Request.Destination.Length > 0 ? status.Request.Destination : null,
        Who = status.Who,
        Why = status.Request.Why,
        StartedAt = status.StartedAt.ToUniversalTime(),
        EndedAt = status.EndedAt?.ToUniversalTime(),
        Total = status.Total,
        Scanned = status.Scanned,
        Changed = status.Changed,
        Left = status.Left,
        Text = status.Text,
    };
}
