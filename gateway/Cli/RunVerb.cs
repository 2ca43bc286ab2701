using System.CommandLine;
using Gateway.Cli.Shell;
using Gateway.Hosting;

namespace Gateway.Cli;

/// <summary>
/// Runs the gateway until it is told to stop. What the command line does not know of is configuration, and passed through.
/// </summary>
internal static class RunVerb
{
    /// <summary>Hidden: the gateway stops when its standard input ends, so that it does not outlive the process that started it.</summary>
    public const string WhileInputOpen = "--while-input-open";

    public const string Name = "run";

    public static Command Create(Terminal terminal)
    {
        var config = new Option<FileInfo?>("--config") { Description = "A further JSON file of configuration.", HelpName = "FILE" };
        var whileInputOpen = new Option<bool>(WhileInputOpen) { Hidden = true };
        var command =
            new Command(Name, "Run the gateway until it is stopped (the default). Configuration may follow as --Gateway:Name=value.")
        {
            config, whileInputOpen,
        };
        command.TreatUnmatchedTokensAsErrors = false;
        command.SetAction((parsed, cancellationToken) => Verb.RunAsync(terminal, async () =>
        {
            var arguments = Configuration(parsed.UnmatchedTokens, parsed.GetValue(config));
            using var stop = CancellationTokenSource.CreateLinkedTokenSource(
                cancellationToken, parsed.GetValue(whileInputOpen) ? InputEnd.Of(terminal.Input) : default);
            return (ExitCode)await GatewayHost.RunAsync(arguments, terminal.Error, stop.Token);
        }));
        return command;
    }

    /// <summary>What <see cref="GatewayHost"/> is given: the tokens as they came, once it is sure that each is configuration.</summary>
    public static string[] Configuration(IReadOnlyList<string> tokens, FileInfo? config)
    {
        if (config is { Exists: false })
            throw new CommandLineException(ExitCode.Usage, $"There is no file {config.FullName}; give --config the path of a JSON file.");

        var valueMayFollow = false;
        foreach (var token in tokens)
        {
            var isKey = token.StartsWith("--", StringComparison.Ordinal) && token.Contains(':');
            if (!isKey && !valueMayFollow)
            {
                throw new CommandLineException(
                    ExitCode.Usage, $"'{token}' is neither a verb nor configuration such as --Gateway:Name=billing; --help lists "
                        + $"the verbs.");
            }

            valueMayFollow = isKey && !token.Contains('=');
        }

        return config is null ? [.. tokens] : [.. tokens, $"--config={config.FullName}"];
    }
}
