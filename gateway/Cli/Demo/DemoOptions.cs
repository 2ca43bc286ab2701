namespace Gateway.Cli.Demo;

/// <summary>The settings of a demo.</summary>
internal sealed record DemoOptions
{
    /// <summary>The number of messages to send.</summary>
    public required int Messages { get; init; }

    /// <summary>The size of each body.</summary>
    public required int SizeBytes { get; init; }

    /// <summary>The random seed for the bodies and the times of the kills.</summary>
    public required int Seed { get; init; }

    /// <summary>The time limit of the whole run.</summary>
    public required TimeSpan Limit { get; init; }

    /// <summary>The applications are programs with plain sockets, which go through an inlet and an outlet.</summary>
    public bool Tcp { get; init; }

    /// <summary>The database in which the gateways keep their messages; null for files.</summary>
    public DemoDatabase? Database { get; init; }

    /// <summary>Keeps the folder after a balanced run.</summary>
    public required bool Keep { get; init; }
}
