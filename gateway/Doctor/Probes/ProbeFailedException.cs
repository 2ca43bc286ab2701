using Gateway.Links.Protocol;

namespace Gateway.Doctor.Probes;

/// <summary>A probe could not be opened, or ended. The message is a clause that says why.</summary>
internal sealed class ProbeFailedException(string message, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>The peer refused with this code; null if it did not.</summary>
    public RefusalCode? Refusal { get; init; }
}
