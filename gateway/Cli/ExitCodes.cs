using Gateway.Cli.Shell;

namespace Gateway.Cli;

/// <summary>Describes the exit codes for the help.</summary>
internal static class ExitCodes
{
    private static readonly ExitCode[] _ofAll = [ExitCode.Ok, ExitCode.Failed, ExitCode.Usage, ExitCode.OutputLost, ExitCode.Interrupted];

    private static readonly string[] _acts =
        ["queue purge", "queue redirect", "deadletter return", "deadletter purge", "message delete", "message deadletter",
            "peer remove"];

    /// <summary>The codes with which a verb can end.</summary>
    /// <param name="verb">With its group, such as <c>queue ls</c>; a group alone, or the program itself, ends with those of its
    /// verbs.</param>
    public static IEnumerable<ExitCode> Of(string verb) => verb switch
    {
        "run" => [ExitCode.Ok, ExitCode.Failed, ExitCode.Usage],
        _ => _ofAll.Concat(OfKind(verb)).Order(),
    };

    public static string Describe(ExitCode code) => code switch
    {
        ExitCode.Ok => "done",
        ExitCode.Failed => "failed, for a reason that none of the other codes names",
        ExitCode.Usage => "the command line or the configuration is wrong; nothing was done",
        ExitCode.Unreachable => "no gateway answers at the address, or not in time",
        ExitCode.Refused => "the gateway answered, and refused",
        ExitCode.NothingReceived => "nothing came within the time",
        ExitCode.NotBalanced => "the ledger of the demo, or of a drill, does not balance",
        ExitCode.Damaged => "the store is damaged; what was found is printed",
        ExitCode.NotConfirmed => "nothing was done: what it would hit is printed, and it needs --yes, or to be told what with the messages",
        ExitCode.OutputLost =>
            "the output could not be written (its reader has gone, its disk is full); what could not be shown was not taken",
        ExitCode.Differs => "the configuration of the files is not the one in force; the differences are printed",
        ExitCode.FaultFound => "a fault was found; the findings are printed",
        ExitCode.WarningFound => "no fault was found, but something that is likely to cause harm; the findings are printed",
        ExitCode.Interrupted => "interrupted",
        _ => throw new ArgumentOutOfRangeException(nameof(code)),
    };

    private static IEnumerable<ExitCode> OfKind(string verb)
    {
        var group = verb.Split(' ')[0];
        switch (group)
        {
            case "":
                return Enum.GetValues<ExitCode>().Except(_ofAll);
            case "config" when verb is "config" or "config diff":
                return [ExitCode.Unreachable, ExitCode.Refused, ExitCode.Differs];
            case "init" or "cert" or "token" or "completion" or "config":
                return [];
            case "doctor":
                return [ExitCode.FaultFound, ExitCode.WarningFound];
            case "demo":
                return [ExitCode.NotBalanced];
            case "store":
                return verb is "store" or "store renew" ? [ExitCode.Damaged, ExitCode.NotConfirmed] : [ExitCode.Damaged];
        }

        List<ExitCode> codes = [ExitCode.Unreachable, ExitCode.Refused];
        if (group is "receive" or "events") codes.Add(ExitCode.NothingReceived);
        if (group is "fleet") codes.AddRange([ExitCode.FaultFound, ExitCode.WarningFound]);
        if (group is "drill") codes.Add(ExitCode.NotBalanced);
        if (_acts.Any(act => act == verb || act.StartsWith($"{verb} ", StringComparison.Ordinal))) codes.Add(ExitCode.NotConfirmed);
        return codes;
    }
}
