namespace Gateway.Links;

/// <summary>What the links are told by the configuration.</summary>
internal sealed record LinkSettings
{
    /// <summary>
    /// The largest size of a batch that any gateway is configured to; part of the protocol, because the receiver bounds its frames by it.
    /// </summary>
    public const int BatchBytesMax = 256 * 1024;

    public TimeSpan HeartbeatInterval { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>Nothing heard for so long: the connection is dead.</summary>
    public TimeSpan DeadAfter { get; init; } = TimeSpan.FromSeconds(8);

    /// <summary>Nothing acknowledged for so long while messages are outstanding: the connection is given up.</summary>
    public TimeSpan AckTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>The hello must be answered within.</summary>
    public TimeSpan HandshakeTimeout { get; init; } = TimeSpan.FromSeconds(5);

    public TimeSpan BackoffMin { get; init; } = TimeSpan.FromMilliseconds(50);

    public TimeSpan BackoffMax { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>A connection that was up for so long resets the backoff.</summary>
    public TimeSpan StableAfter { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>A batch is sent when it has reached this size; a single larger message makes a larger one.</summary>
    public int BatchBytes { get; init; } = 128 * 1024;

    /// <summary>Operators may put faults into the connections that this gateway dials.</summary>
    public bool DrillEnabled { get; init; }

    public required LinkLimits Limits { get; init; }
}
