using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using System.Text;
using Gateway.Cli.Check;
using Gateway.Cli.Configure;
using Gateway.Cli.Demo;
using Gateway.Cli.Demo.Processes;
using Gateway.Cli.Doctor;
using Gateway.Cli.Drill;
using Gateway.Cli.Keys;
using Gateway.Cli.Messaging;
using Gateway.Cli.Offline;
using Gateway.Cli.Operator;
using Gateway.Cli.Setup;
using Gateway.Cli.Shell;
using Gateway.Hosting;

namespace Gateway.Cli;

/// <summary>The verbs of the executable.</summary>
internal static class CommandLine
{
    /// <summary>The time within which a verb must stop after a signal.</summary>
    private static readonly TimeSpan _stopLimit = TimeSpan.FromSeconds(30);

    public static async Task<int> RunAsync(string[] args)
    {
        WindowsService.EnterFolder();
        using var console = WindowsConsole.Open();
        return await RunAsync(args, Terminal.Standard(canShowColours: console?.HasColours ?? true));
    }

    /// <summary>Parses and runs the command line.</summary>
    public static async Task<int> RunAsync(string[] args, Terminal terminal, CancellationToken cancellationToken = default)
    {
        // A value such as @name is an ordinary body or header here, not a response file.
        var parsed = Create(terminal).Parse(
            WithVerb(args), new ParserConfiguration { ResponseFileTokenReplacer = null, EnablePosixBundling = false });
        if (parsed.Action is ParseErrorAction)
        {
            foreach (var error in Errors(parsed))
                await terminal.Error.WriteLineAsync(error);
            await terminal.Error.WriteLineAsync("Add --help to see what the command takes.");
            return parsed.CommandResult.Command is CheckCommand ? (int)CheckState.Unknown : (int)ExitCode.Usage;
        }

        // The library would take a failed write of the help or version for a fault of its own.
        using var help = new StringWriter { NewLine = "\n" };
        var exitCode = await parsed.InvokeAsync(new InvocationConfiguration
        {
            Output = help,
            Error = terminal.Error,
            ProcessTerminationTimeout = PatienceAtStop(parsed.CommandResult.Command),
        }, cancellationToken);
        return help.GetStringBuilder().Length == 0 ? exitCode : await Verb.RunAsync(terminal, async () =>
        {
            await terminal.Output.WriteAsync(Encoding.UTF8.GetBytes(help.ToString()), cancellationToken);
            return (ExitCode)exitCode;
        });
    }

    public static RootCommand Create(Terminal terminal)
    {
        var root = new RootCommand(
            "Store-and-forward message gateway: takes messages on this host, delivers them to the gateways of others, loses none.")
        {
            RunVerb.Create(terminal),
            InitVerb.Create(terminal),
            SendVerb.Create(terminal),
            ReceiveVerb.Create(terminal),
            StatusVerb.Create(terminal),
            FleetVerb.Create(terminal),
            QueueVerb.Create(terminal),
            MessageVerb.Create(terminal),
            DeadLetterVerb.Create(terminal),
            PeerVerb.Create(
                terminal, PeerInviteVerb.Create(terminal), PeerJoinVerb.Create(terminal), PeerAddVerb.Create(terminal),
                PeerRemoveVerb.Create(terminal)),
            RouteVerb.Create(terminal),
            TcpVerb.Create(terminal),
            DrillVerb.Create(terminal),
            StoreVerb.Create(terminal),
            CheckVerb.Create(terminal),
            DoctorVerb.Create(terminal),
            AuditVerb.Create(terminal),
            EventsVerb.Create(terminal),
            ReloadVerb.Create(terminal),
            ConfigVerb.Create(terminal),
            CertVerb.Create(terminal),
            TokenVerb.Create(terminal),
            CompletionVerb.Create(terminal),
            DemoVerb.Create(terminal),
            DemoConsumerVerb.Create(terminal),
            DemoReceiverVerb.Create(terminal),
        };

        var help = root.Options.OfType<HelpOption>().Single();
        var usual = (HelpAction)help.Action!;
        usual.MaxWidth = terminal.Width ?? int.MaxValue;
        help.Action = new HelpWithExitCodes(usual);
        return root;
    }

    /// <summary>
    /// A gateway has limits of its own for each part of its stop. One overall limit, used up by the first parts, would turn an orderly stop
    /// into a forced one.
    /// </summary>
    internal static TimeSpan PatienceAtStop(Command verb) => verb.Name == RunVerb.Name ? Timeout.InfiniteTimeSpan : _stopLimit;

    /// <summary>For a word that is not known the one that was probably meant, and then no more: the rest follows from it.</summary>
    private static IEnumerable<string> Errors(ParseResult parsed)
    {
        var command = parsed.CommandResult.Command;
        if (parsed.UnmatchedTokens is not [var word, ..]) return parsed.Errors.Select(error => error.Message);
        if (word.StartsWith('-'))
        {
            var options = command.Options.Concat(command.Parents.OfType<Command>().SelectMany(parent => parent.Options.Where(
                option => option.Recursive))).Where(option => !option.Hidden).SelectMany(option => option.Aliases.Prepend(option.Name));
            return [$"There is no option '{word}'.{Suggestion.For(word, options)}"];
        }

        if (command.Subcommands.Count == 0) return parsed.Errors.Select(error => error.Message);
        var path = HelpWithExitCodes.PathOf(command);
        var verbs = command.Subcommands.Where(verb => !verb.Hidden).Select(verb => verb.Name);
        return [$"There is no verb '{$"{path} {word}".TrimStart()}'.{Suggestion.For(word, verbs)}"];
    }

    /// <summary>
    /// Running the gateway is the default verb: a service passes nothing but configuration. The verb is inserted here because a root that
    /// accepts unknown tokens would accept them in every verb.
    /// </summary>
    private static string[] WithVerb(string[] args) => args switch
    {
        [] => [RunVerb.Name],
        ["--help" or "--version", ..] => args,
        [['-', '-', ..], ..] => [RunVerb.Name, .. args],
        _ => args,
    };
}
