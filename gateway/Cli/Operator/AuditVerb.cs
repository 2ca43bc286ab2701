using System.CommandLine;
using Gateway.Cli.Api;
using Gateway.Cli.Shell;

namespace Gateway.Cli.Operator;

/// <summary>Lists the actions of operators.</summary>
internal static class AuditVerb
{
    public static Command Create(Terminal terminal)
    {
        var limit = ApiArguments.Limit(100);
        var command = new Command("audit", "List what operators did to the running gateway, the latest first.") { limit };
        return command.ShownFromApi(terminal, async (call, cancellationToken) =>
        {
            var entries = await call.Client.ReadAuditAsync(cancellationToken);
            await call.Output.WriteListAsync([.. entries.Take(call.Parsed.GetValue(limit))], AuditReport.List,
                "No operator has done anything yet.", cancellationToken);
            return ExitCode.Ok;
        });
    }
}
