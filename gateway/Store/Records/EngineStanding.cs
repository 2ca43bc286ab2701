namespace Gateway.Store.Records;

/// <summary>The state of an engine that is not in this process, for those who watch. Immutable; replaced as a whole.</summary>
/// <param name="Outage">Why it cannot be reached now, as a part of a sentence; null if it can. Nothing is promised meanwhile.</param>
/// <param name="Weaknesses">The settings of the engine that weaken the durable receipt, each as a part of a sentence.</param>
internal sealed record EngineStanding(string? Outage, IReadOnlyList<string> Weaknesses)
{
    /// <summary>The engine answers, and has no weakness.</summary>
    public static readonly EngineStanding Well = new(null, []);
}
