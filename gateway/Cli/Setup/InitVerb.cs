using System.CommandLine;
using Gateway.Cli.Shell;

namespace Gateway.Cli.Setup;

/// <summary>Sets up the first configuration of a gateway, and says what to do on the other hosts.</summary>
internal static class InitVerb
{
    public static Command Create(Terminal terminal)
    {
        var options = new InitOptions();
        var command = new Command("init", "Set up a gateway: ask for its name, address, peers, TLS and service, write its "
            + "configuration and certificates, and say what to do on the other hosts.");
        options.AddTo(command);
        command.SetAction((parsed, cancellationToken) => Verb.RunAsync(terminal, async () =>
        {
            var answers = await options.AnswerAsync(parsed, terminal, cancellationToken);
            foreach (var line in FirstInstallation.Make(answers, options.FolderOf(parsed, answers.IsService), terminal.Time))
                await terminal.WriteLineAsync(line, cancellationToken);
            return ExitCode.Ok;
        }));
        return command;
    }
}
