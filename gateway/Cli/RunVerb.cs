using System.CommandLine;
using Gateway.Cli.Shell;
using Gateway.Hosting;

namespace Gateway.Cli;

/// <summary>Runs the gateway until it is stopped. Tokens unknown to the command line are configuration and are passed on.</summary>
internal static class RunVerb
{
    public const string Name = "run";

    public static Command Create(Terminal terminal)
    {
        var config = new ConfigOption();
        var whileInputOpen = new Option<bool>(InputEnd.WhileInputOpen) { Hidden = true };
        var command =
            new Command(Name, "Run the gateway until it is stopped (the default). Configuration may follow as --Gateway:Name=value.")
        {
            whileInputOpen,
        };
        config.AddTo(command);
        command.TreatUnmatchedTokensAsErrors = false;
        command.SetAction((parsed, cancellationToken) => Verb.RunAsync(terminal, async () =>
        {
            var arguments = ConfigurationTokens.Take(parsed.UnmatchedTokens, config.Arguments(parsed));
            using var stop = CancellationTokenSource.CreateLinkedTokenSource(
                cancellationToken, parsed.GetValue(whileInputOpen) ? InputEnd.Of(terminal.Input) : default);
            return (ExitCode)await GatewayHost.RunAsync(arguments, terminal.Error, stop.Token);
        }));
        return command;
    }
}
