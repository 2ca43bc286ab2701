namespace Gateway.Cli.Check;

/// <summary>The result of <c>check</c> as exit code of the process; the numbers are those of monitoring plugins.</summary>
internal enum CheckState
{
    Ok = 0,

    /// <summary>The gateway works but needs attention.</summary>
    Warning = 1,

    /// <summary>The gateway does not work, or a critical threshold was reached.</summary>
    Critical = 2,

    /// <summary>The state is unknown.</summary>
    Unknown = 3,
}
