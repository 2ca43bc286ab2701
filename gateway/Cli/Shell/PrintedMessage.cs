using Gateway.Client;

namespace Gateway.Cli.Shell;

/// <summary>A message for printing, received or peeked at.</summary>
/// <param name="Deliveries">Null for a dead letter: its deliveries are not kept.</param>
internal sealed record PrintedMessage(
    MessageId Id,
    ReadOnlyMemory<byte> Body,
    IReadOnlyDictionary<string, string> Headers,
    int? Deliveries,
    DateTimeOffset EnqueuedAt,
    DateTimeOffset? ExpiresAt,
    string Source)
{
    public static PrintedMessage Of(ReceivedMessage message) => new(
        message.Id, message.Body, message.Headers, message.Deliveries, message.EnqueuedAt, message.ExpiresAt, message.Source);

    public static PrintedMessage Of(BrowsedMessage message) => new(
        message.Id, message.Body, message.Headers, message.Deliveries, message.EnqueuedAt, message.ExpiresAt, message.Source);
}
