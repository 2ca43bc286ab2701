using Gateway.Links;

namespace Gateway.Cli.Drill;

/// <summary>What the user asked of a drill.</summary>
internal sealed record DrillOptions
{
    public required string Peer { get; init; }

    /// <summary>The faults, in the order in which they come.</summary>
    public required IReadOnlyList<DrillKind> Kinds { get; init; }

    /// <summary>Messages a second, while the faults come.</summary>
    public required int Rate { get; init; }

    /// <summary>How long a stall lasts.</summary>
    public required TimeSpan Stall { get; init; }

    /// <summary>Within this the link has to be back after each fault, with nothing waiting.</summary>
    public required TimeSpan Limit { get; init; }
}
