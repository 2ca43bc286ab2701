using Gateway.Client.Wire;

namespace Gateway.Intake;

/// <summary>The configuration of the intake.</summary>
internal sealed record IntakeSettings
{
    public required WireLimits Limits { get; init; }

    public ApplicationBook Applications { get; init; } = ApplicationBook.Open;

    /// <summary>Message bytes that may be on their way to the disk at once; further messages are rejected as busy.</summary>
    public long PendingBytesMax { get; init; } = 64 * 1024 * 1024;
}
