using Gateway.Links.Protocol;

namespace Gateway.Cli.Drill;

/// <summary>The settings of a drill.</summary>
internal sealed record DrillOptions
{
    public required string Peer { get; init; }

    /// <summary>The faults, in order of injection.</summary>
    public required IReadOnlyList<DrillKind> Kinds { get; init; }

    /// <summary>Messages a second while faults are injected.</summary>
    public required int Rate { get; init; }

    /// <summary>The duration of a stall.</summary>
    public required TimeSpan Stall { get; init; }

    /// <summary>The time after each fault within which the link must be up with nothing waiting.</summary>
    public required TimeSpan Limit { get; init; }
}
