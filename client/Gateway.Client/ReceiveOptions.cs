namespace Gateway.Client;

/// <summary>The settings of a consumer.</summary>
public sealed record ReceiveOptions
{
    internal static readonly TimeSpan LeaseRenewalMaxDefault = TimeSpan.FromMinutes(5);

    /// <summary>
    /// The maximum number of messages buffered in addition to the one being processed: 1 to 10,000, default 64. A slow application gets
    /// fewer, as many as it processes in a quarter of a lease, so that other consumers get the rest.
    /// </summary>
    public int Prefetch { get; init; } = 64;

    /// <summary>The time within which each message must be settled or renewed: 100 ms to 12 h. Null: the gateway's default.</summary>
    public TimeSpan? Lease { get; init; }

    /// <summary>
    /// How long the client renews leases by itself. For a message being processed, the time counts from its receipt; for buffered messages,
    /// from the last receipt. Afterwards the lease runs out and the message goes to another consumer, so that a hanging consumer does not
    /// keep it for ever. Zero to 7 days, default 5 minutes. Zero: no renewal; the lease runs from delivery to this client.
    /// </summary>
    public TimeSpan LeaseRenewalMax { get; init; } = LeaseRenewalMaxDefault;
}
