namespace Gateway.Cli.Check;

/// <summary>How <c>check</c> ended, as the exit code of the process; these are the numbers that monitoring plugins have.</summary>
internal enum CheckState
{
    Ok = 0,

    /// <summary>It works, and somebody should look.</summary>
    Warning = 1,

    /// <summary>It does not work, or a limit was passed that the user calls critical.</summary>
    Critical = 2,

    /// <summary>It cannot be told.</summary>
    Unknown = 3,
}
