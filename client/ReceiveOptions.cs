namespace Gateway.Client;

/// <summary>How a consumer receives.</summary>
public sealed record ReceiveOptions
{
    /// <summary>
    /// How many messages the client holds ready beside the one that the application has: 1 to 10,000, default 64. Their leases already run, so keep
    /// Prefetch times the time a message takes well below the lease.
    /// </summary>
    public int Prefetch { get; init; } = 64;

    /// <summary>The time in which each message must be settled or renewed: 100 ms to 12 h. Null: the gateway's default.</summary>
    public TimeSpan? Lease { get; init; }
}
