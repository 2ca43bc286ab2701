namespace Gateway.Cli.Drill;

/// <summary>Marks the messages of a drill, so that they can be told from all others and from those of earlier drills.</summary>
internal static class DrillMessages
{
    /// <summary>The peer's queue reserved for drills.</summary>
    public const string Queue = "drill";

    /// <summary>The header with the id of the message's drill.</summary>
    public const string Header = "drill";

    public const int BodyBytes = 256;
}
