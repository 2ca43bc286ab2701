using System.CommandLine;
using Gateway.Cli.Api;
using Gateway.Cli.Shell;
using Gateway.Management;

namespace Gateway.Cli.Operator;

/// <summary>The dead letters of the running gateway.</summary>
internal static class DeadLetterVerb
{
    public static Command Create(Terminal terminal) =>
        new("deadletter", "Look at the dead letters of the running gateway; return, purge or export them.")
    {
        List(terminal), Return(terminal), Purge(terminal), ExportVerb.OfDeadLetters(terminal),
    };

    private static Command List(Terminal terminal)
    {
        var (filter, after, limit) = (new FilterOptions(ofDeadLetters: true), ApiArguments.After(), ApiArguments.Limit(100));
        var groups = new Option<bool>("--groups") { Description = "How many there are, by queue and reason; of all." };
        var command = new Command("ls", "List the dead letters, the oldest first.") { groups, after, limit };
        filter.AddTo(command);
        return command.ShownFromApi(terminal, async (call, cancellationToken) =>
        {
            if (!call.Parsed.GetValue(groups)) return await MessagePages.ShowAsync(call, null, filter.Read(call.Parsed,
                terminal.Time.GetUtcNow()), state: null, call.Parsed.GetValue(after), call.Parsed.GetValue(limit), cancellationToken);
            await call.Output.WriteListAsync(await call.Client.ReadDeadLetterGroupsAsync(cancellationToken), MessageReport.Groups,
                "There are none.", cancellationToken);
            return ExitCode.Ok;
        });
    }

    private static Command Return(Terminal terminal)
    {
        var to = new Option<string>("--to")
        {
            Description = "Where they go; without it, where they came from.",
            HelpName = "DESTINATION",
            DefaultValueFactory = _ => ""
        };
        return Act(terminal, OperationKind.Return, new Command("return", "Put dead letters back, at the end of a queue.") { to }, to);
    }

    private static Command Purge(Terminal terminal) =>
        Act(terminal, OperationKind.Purge, new Command("purge", "Remove dead letters for good."), null);

    private static Command Act(Terminal terminal, OperationKind kind, Command command, Option<string>? to)
    {
        var (choice, act) = (new MessageChoice(ofDeadLetters: true), new MessageAct(onQueue: false));
        choice.AddTo(command);
        act.AddTo(command);
        return command.OnApi(terminal, (call, cancellationToken) =>
            act.RunAsync(call, choice.Read(call.Parsed, kind, null, terminal.Time.GetUtcNow()) with
            { Destination = to is null ? "" : call.Parsed.GetValue(to)! }, cancellationToken));
    }
}
