using Gateway.Client.Wire;

namespace Gateway.Intake;

/// <summary>What the intake is told by the configuration.</summary>
internal sealed record IntakeSettings
{
    public required WireLimits Limits { get; init; }

    public ApplicationBook Applications { get; init; } = ApplicationBook.Open;

    /// <summary>Bytes of messages that may be on their way to the disk at once; more are refused as busy.</summary>
    public long PendingBytesMax { get; init; } = 64 * 1024 * 1024;
}
