namespace Gateway.Client;

/// <summary>How a consumer receives.</summary>
public sealed record ReceiveOptions
{
    internal static readonly TimeSpan LeaseRenewalMaxDefault = TimeSpan.FromMinutes(5);

    /// <summary>
    /// How many messages the client holds ready beside the one that the application has, at most: 1 to 10,000, default 64. Fewer for an
    /// application that is slow: as many as it takes in a quarter of a lease, so that others get theirs.
    /// </summary>
    public int Prefetch { get; init; } = 64;

    /// <summary>The time in which each message must be settled or renewed: 100 ms to 12 h. Null: the gateway's default.</summary>
    public TimeSpan? Lease { get; init; }

    /// <summary>
    /// For how long the client renews leases by itself: of a message that the application has, from when it got it; of those that wait,
    /// from when it last took one. After that the lease runs out, and the message goes to another consumer: so one that hangs does not keep
    /// it for ever. Zero to 7 days, default 5 minutes. Zero: nothing is renewed, and the lease runs from the delivery to this client.
    /// </summary>
    public TimeSpan LeaseRenewalMax { get; init; } = LeaseRenewalMaxDefault;
}
