namespace Gateway.Cli.Check;

/// <summary>From which figures on a gateway is not well; null for never.</summary>
internal sealed record CheckLimits
{
    /// <summary>Messages that wait for peers.</summary>
    public (long? Warning, long? Critical) Messages { get; init; }

    /// <summary>How long the oldest of them has waited.</summary>
    public (TimeSpan? Warning, TimeSpan? Critical) Age { get; init; }

    public (long? Warning, long? Critical) DeadLetters { get; init; }

    public bool AreNone => this == new CheckLimits();
}
