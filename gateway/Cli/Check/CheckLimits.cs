namespace Gateway.Cli.Check;

/// <summary>The thresholds at which a gateway is unhealthy; null for none.</summary>
internal sealed record CheckLimits
{
    /// <summary>Messages waiting for peers.</summary>
    public (long? Warning, long? Critical) Messages { get; init; }

    /// <summary>The age of the oldest message.</summary>
    public (TimeSpan? Warning, TimeSpan? Critical) Age { get; init; }

    public (long? Warning, long? Critical) DeadLetters { get; init; }

    public bool AreNone => this == new CheckLimits();
}
