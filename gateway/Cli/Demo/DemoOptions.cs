namespace Gateway.Cli.Demo;

/// <summary>What the user asked of a demo.</summary>
internal sealed record DemoOptions
{
    /// <summary>How many messages are sent.</summary>
    public required int Messages { get; init; }

    /// <summary>Size of each body.</summary>
    public required int SizeBytes { get; init; }

    /// <summary>Chooses the bodies and the moments of the kills.</summary>
    public required int Seed { get; init; }

    /// <summary>The upper limit of the whole run.</summary>
    public required TimeSpan Limit { get; init; }

    /// <summary>Whether the folder stays after a run that balanced.</summary>
    public required bool Keep { get; init; }
}
