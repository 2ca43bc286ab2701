using Gateway.Transport.Plain;

namespace Gateway.Configuration;

/// <summary>What the system of this host can do, as far as a configuration depends on it.</summary>
/// <param name="TellsAcknowledged">
/// TCP tells which bytes the other side has acknowledged; null if that could not be found out.
/// </param>
internal sealed record SystemFacts(bool? TellsAcknowledged)
{
    /// <summary>Asks the system, which takes a moment.</summary>
    public static SystemFacts Find() => new(AcknowledgementProbe.TellsAcknowledged());
}
