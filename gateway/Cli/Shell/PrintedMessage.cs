using Gateway.Client;

namespace Gateway.Cli.Shell;

/// <summary>A message for printing, received or peeked at.</summary>
internal sealed record PrintedMessage
{
    public required MessageId Id { get; init; }

    public required ReadOnlyMemory<byte> Body { get; init; }

    public required IReadOnlyDictionary<string, string> Headers { get; init; }

    /// <summary>Null for a dead letter: its deliveries are not kept.</summary>
    public required int? Deliveries { get; init; }

    public required DateTimeOffset EnqueuedAt { get; init; }

    public required DateTimeOffset? ExpiresAt { get; init; }

    public required string Source { get; init; }

    public static PrintedMessage Of(ReceivedMessage message) => new()
    {
        Id = message.Id,
        Body = message.Body,
        Headers = message.Headers,
        Deliveries = message.Deliveries,
        EnqueuedAt = message.EnqueuedAt,
        ExpiresAt = message.ExpiresAt,
        Source = message.Source,
    };

    public static PrintedMessage Of(BrowsedMessage message) => new()
    {
        Id = message.Id,
        Body = message.Body,
        Headers = message.Headers,
        Deliveries = message.Deliveries,
        EnqueuedAt = message.EnqueuedAt,
        ExpiresAt = message.ExpiresAt,
        Source = message.Source,
    };
}
