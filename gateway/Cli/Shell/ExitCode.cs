namespace Gateway.Cli.Shell;

/// <summary>How a verb ended, as the exit code of the process. Scripts rely on the numbers.</summary>
internal enum ExitCode
{
    /// <summary>Done.</summary>
    Ok = 0,

    /// <summary>It failed for a reason that none of the other codes names.</summary>
    Failed = 1,

    /// <summary>The command line, or the configuration it was to take a default from, is wrong. Nothing was done.</summary>
    Usage = 2,

    /// <summary>No gateway answers at the address, or not in time.</summary>
    Unreachable = 3,

    /// <summary>The gateway answered, and refused.</summary>
    Refused = 4,

    /// <summary>No message came within the time.</summary>
    NothingReceived = 5,

    /// <summary>The ledger of the demo, or of a drill, does not balance.</summary>
    NotBalanced = 6,

    /// <summary>The store is damaged; what was found was said.</summary>
    Damaged = 7,

    /// <summary>What would be removed or moved was shown, and nothing was done: it needs <c>--yes</c>.</summary>
    NotConfirmed = 8,

    /// <summary>
    /// The output could not be written: its reader has gone, its disk is full. What was to be taken and could not be shown was given back;
    /// what else was asked for may have been done.
    /// </summary>
    OutputLost = 9,

    /// <summary>Interrupted with Ctrl-C.</summary>
    Interrupted = 130,
}
