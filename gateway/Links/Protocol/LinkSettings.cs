namespace Gateway.Links.Protocol;

/// <summary>The configuration of the links.</summary>
internal sealed record LinkSettings
{
    /// <summary>
    /// The largest batch size that any gateway may be configured with; part of the protocol, because the receiver derives its frame limit
    /// from it.
    /// </summary>
    public const int BatchBytesMax = 256 * 1024;

    public TimeSpan HeartbeatInterval { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>The silence after which a connection is dead.</summary>
    public TimeSpan DeadAfter { get; init; } = TimeSpan.FromSeconds(8);

    /// <summary>The time without any acknowledgement, while messages are outstanding, after which the connection is given up.</summary>
    public TimeSpan AckTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>The time within which the hello must be answered.</summary>
    public TimeSpan HandshakeTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>The shortest time between attempts to reach the peer.</summary>
    public TimeSpan BackoffMin { get; init; } = TimeSpan.FromMilliseconds(50);

    /// <summary>
    /// The longest time between attempts. Exceeded for a peer that is long gone and dials this gateway by itself, which ends the wait, and
    /// for one that was never seen.
    /// </summary>
    public TimeSpan BackoffMax { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>The time a connection must be up to reset the backoff.</summary>
    public TimeSpan StableAfter { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>The size at which a batch is sent; a single larger message makes a larger batch.</summary>
    public int BatchBytes { get; init; } = 128 * 1024;

    /// <summary>Operators may inject faults into the connections that this gateway dials.</summary>
    public bool DrillEnabled { get; init; }

    public required LinkLimits Limits { get; init; }
}
