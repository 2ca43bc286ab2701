using Gateway.Client.Wire;

namespace Gateway.Intake;

/// <summary>Why messages were not taken.</summary>
/// <param name="Code">The code for applications.</param>
/// <param name="Text">A sentence for people.</param>
internal sealed record IntakeRefusal(WireCode Code, string Text)
{
    /// <summary>This host's disk is the reason, not a configured limit.</summary>
    public bool IsForDisk { get; init; }
}
