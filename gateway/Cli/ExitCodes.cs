using Gateway.Cli.Shell;

namespace Gateway.Cli;

/// <summary>Describes the exit codes for the help.</summary>
internal static class ExitCodes
{
    public static string Describe(ExitCode code) => code switch
    {
        ExitCode.Ok => "done",
        ExitCode.Failed => "failed, for a reason that none of the other codes names",
        ExitCode.Usage => "the command line or the configuration is wrong; nothing was done",
        ExitCode.Unreachable => "no gateway answers at the address, or not in time",
        ExitCode.Refused => "the gateway answered, and refused",
        ExitCode.NothingReceived => "no message came within the time",
        ExitCode.NotBalanced => "the ledger of the demo, or of a drill, does not balance",
        ExitCode.Damaged => "the store is damaged; what was found is printed",
        ExitCode.NotConfirmed => "nothing was done: what it would hit is printed, and it needs --yes",
        ExitCode.OutputLost =>
            "the output could not be written (its reader has gone, its disk is full); what could not be shown was not taken",
        ExitCode.Interrupted => "interrupted",
        _ => throw new ArgumentOutOfRangeException(nameof(code)),
    };
}
