namespace Gateway.Inbox;

/// <summary>What the inboxes are told by the configuration.</summary>
internal sealed record InboxSettings
{
    /// <summary>The lease of a subscription that names none.</summary>
    public TimeSpan Lease { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>A message that was delivered so often and not completed becomes a dead letter.</summary>
    public int DeliveriesMax { get; init; } = 10;

    /// <summary>Messages of one queue that consumers hold, or that wait to be delivered again.</summary>
    public int HeldMessagesMax { get; init; } = 10_000;

    /// <summary>Their bytes; a single larger message is delivered all the same.</summary>
    public long HeldBytesMax { get; init; } = 64 * 1024 * 1024;
}
