namespace Gateway.Inbox;

/// <summary>The configuration of the inboxes.</summary>
internal sealed record InboxSettings
{
    /// <summary>The default lease of a subscription.</summary>
    public TimeSpan Lease { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>A message delivered this many times without being completed becomes a dead letter.</summary>
    public int DeliveriesMax { get; init; } = 10;

    /// <summary>Per queue: messages held by consumers or waiting for redelivery.</summary>
    public int HeldMessagesMax { get; init; } = 10_000;

    /// <summary>Per queue: their bytes; a single larger message is still delivered.</summary>
    public long HeldBytesMax { get; init; } = 64 * 1024 * 1024;
}
