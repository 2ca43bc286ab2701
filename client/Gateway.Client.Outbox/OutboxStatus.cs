namespace Gateway.Client.Outbox;

/// <summary>What is in an outbox.</summary>
/// <param name="Ready">Rows to be sent next.</param>
/// <param name="Waiting">Rows whose destination the gateway refuses at present; they are sent when it takes them.</param>
/// <param name="Failed">Rows refused for themselves; <see cref="GatewayOutbox.RetryFailedAsync"/> tries them again.</param>
/// <param name="OldestAge">The age of the oldest row that has not failed, by the database's clock; null if there is none.</param>
public readonly record struct OutboxStatus(long Ready, long Waiting, long Failed, TimeSpan? OldestAge);
