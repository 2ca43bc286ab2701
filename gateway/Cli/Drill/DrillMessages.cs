namespace Gateway.Cli.Drill;

/// <summary>How the messages of a drill are told from all others, and those of this drill from those of an earlier one.</summary>
internal static class DrillMessages
{
    /// <summary>The queue at the peer that is for drills alone.</summary>
    public const string Queue = "drill";

    /// <summary>The header with the drill that a message is of.</summary>
    public const string Header = "drill";

    public const int BodyBytes = 256;
}
