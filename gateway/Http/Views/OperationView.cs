using Gateway.Management;

namespace Gateway.Http.Views;

/// <summary>How an operation stands.</summary>
internal sealed record OperationView
{
    public required Guid Id { get; init; }

    public required OperationKind Kind { get; init; }

    public required OperationState State { get; init; }

    /// <summary>None for the dead letters.</summary>
    public QueueName? Queue { get; init; }

    /// <summary>The one message that it is about; none for all that the filter lets pass.</summary>
    public long? Number { get; init; }

    /// <summary>Where messages go.</summary>
    public string? Destination { get; init; }

    public required string Who { get; init; }

    public required string Why { get; init; }

    public required DateTimeOffset StartedAt { get; init; }

    public DateTimeOffset? EndedAt { get; init; }

    /// <summary>Messages that it goes through, as counted when it began.</summary>
    public required long Total { get; init; }

    /// <summary>About how many of them it has looked at.</summary>
    public required long Scanned { get; init; }

    /// <summary>So many it has done its work on.</summary>
    public required long Changed { get; init; }

    /// <summary>So many matched and were left alone, since they may have arrived, or a consumer has them.</summary>
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
