namespace Gateway.Tests.Simulation;

/// <summary>A message for one of several gateways.</summary>
/// <param name="Queue">The queue at each of them.</param>
/// <param name="Key">Null if any of them will do.</param>
internal sealed record SpreadMessage(string Queue, string? Key, bool Expires)
{
    /// <summary>Its producer has given it up; it may be stored all the same.</summary>
    public bool IsGivenUp { get; init; }
}
