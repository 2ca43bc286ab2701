namespace Gateway.Management;

/// <summary>How the running gateway stands to the configuration in its files. Immutable.</summary>
internal sealed record ConfigurationStanding
{
    /// <summary>As at the start: the files are those with which the gateway runs.</summary>
    public static ConfigurationStanding AsStarted { get; } = new();

    /// <summary>When a changed configuration was last applied; null if none was since the start.</summary>
    public DateTimeOffset? AppliedAt { get; init; }

    /// <summary>The faults of the files, for which they are not applied; empty if they have none.</summary>
    public IReadOnlyList<string> Faults { get; init; } = [];

    /// <summary>Since when the files have had a fault; null while they have none.</summary>
    public DateTimeOffset? FaultySince { get; init; }

    /// <summary>The keys whose values in the files take effect only when the gateway is started again.</summary>
    public IReadOnlyList<string> AtRestart { get; init; } = [];
}
