namespace Gateway.Cli.Shell;

/// <summary>The result of a verb as exit code of the process. Scripts rely on the numbers.</summary>
internal enum ExitCode
{
    /// <summary>Success.</summary>
    Ok = 0,

    /// <summary>A failure not covered by another code.</summary>
    Failed = 1,

    /// <summary>The command line is wrong, or the configuration that supplies its defaults. Nothing was done.</summary>
    Usage = 2,

    /// <summary>No gateway answers at the address, or not in time.</summary>
    Unreachable = 3,

    /// <summary>The gateway refused the request.</summary>
    Refused = 4,

    /// <summary>No message came within the time.</summary>
    NothingReceived = 5,

    /// <summary>The ledger of the demo, or of a drill, does not balance.</summary>
    NotBalanced = 6,

    /// <summary>The store is damaged; the findings were printed.</summary>
    Damaged = 7,

    /// <summary>The affected messages were shown, and nothing was done: removing or moving them needs <c>--yes</c>.</summary>
    NotConfirmed = 8,

    /// <summary>
    /// The output could not be written: its reader has gone, or its disk is full. Messages taken but not shown were returned; other
    /// requested actions may have been carried out.
    /// </summary>
    OutputLost = 9,

    /// <summary>The files of the configuration have other values than those in force; they were printed.</summary>
    Differs = 10,

    /// <summary>The doctor, or the look at the fleet, found a fault; the findings were printed.</summary>
    FaultFound = 11,

    /// <summary>They found something that is likely to cause harm, and no fault; the findings were printed.</summary>
    WarningFound = 12,

    /// <summary>Interrupted with Ctrl-C.</summary>
    Interrupted = 130,
}
