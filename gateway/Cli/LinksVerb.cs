using System.CommandLine;
using Gateway.Client;

namespace Gateway.Cli;

/// <summary>Shows the links of a running gateway: how they are, why, and what happened to them; and lets one be tried at once.</summary>
internal static class LinksVerb
{
    public static Command Create(Terminal terminal)
    {
        var command = new Command("links", "Show the links to other gateways: state, cause, and what to do.")
        {
            Explain(terminal), History(terminal), Retry(terminal),
        };
        Act(command, terminal, async (_, client, cancellationToken) => await client.GetStatusAsync(cancellationToken), LinksReport.List);
        return command;
    }

    private static Command Explain(Terminal terminal)
    {
        var peer = Peer();
        var command = new Command("explain", "Say why a link is as it is, what speaks for it, and what to do.") { peer };
        Act(command, terminal, async (parsed, client, cancellationToken) =>
            await client.GetLinkAsync(parsed.GetRequiredValue(peer), cancellationToken), LinksReport.Explain);
        return command;
    }

    private static Command History(Terminal terminal)
    {
        var peer = Peer();
        var command = new Command("history", "Show the last changes of a link, the newest last, and the patterns in them.") { peer };
        Act(command, terminal, async (parsed, client, cancellationToken) =>
            await client.GetLinkAsync(parsed.GetRequiredValue(peer), cancellationToken), LinksReport.History);
        return command;
    }

    private static Command Retry(Terminal terminal)
    {
        var peer = Peer();
        var connection = new Connection();
        var command = new Command("retry", "Try a link that is down at once, instead of at its next turn.") { peer };
        connection.AddTo(command);
        command.SetAction(
            (parsed, cancellationToken) => Verb.RunAsync(terminal, () => connection.UseAsync(parsed, terminal.Time, async client =>
        {
            await client.RetryLinkAsync(parsed.GetRequiredValue(peer), cancellationToken);
            return ExitCode.Ok;
        })));
        return command;
    }

    private static Argument<string> Peer() => new("peer") { Description = "The other gateway's name, as in Gateway:Peers." };

    /// <summary>Asks for JSON, and prints it as it is or as lines for people.</summary>
    private static void Act(
        Command command, Terminal terminal, Func<ParseResult, GatewayClient, CancellationToken, Task<string>> ask,
            Func<string, IEnumerable<string>> report)
    {
        var json = new Option<bool>("--json") { Description = "Print what the gateway answers, as JSON." };
        var connection = new Connection();
        command.Options.Add(json);
        connection.AddTo(command);
        command.SetAction(
            (parsed, cancellationToken) => Verb.RunAsync(terminal, () => connection.UseAsync(parsed, terminal.Time, async client =>
        {
            var answer = await ask(parsed, client, cancellationToken);
            foreach (var line in parsed.GetValue(json) ? [answer] : report(answer)) await terminal.WriteLineAsync(line, cancellationToken);
            return ExitCode.Ok;
        })));
    }
}
