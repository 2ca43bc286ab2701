namespace Gateway.Client.Outbox;

/// <summary>A row of the outbox, as the relay reads it.</summary>
/// <param name="Number">Its number, which is the order.</param>
/// <param name="Id">The message's id.</param>
/// <param name="Destination">As the application gave it.</param>
/// <param name="Headers">JSON; null for none.</param>
/// <param name="Body">The body.</param>
/// <param name="ExpiresUnixMs">0 for never.</param>
internal sealed record OutboxRow(long Number, MessageId Id, string Destination, string? Headers, byte[] Body, long ExpiresUnixMs);
